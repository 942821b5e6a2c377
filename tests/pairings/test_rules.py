"""Who may be whose mentor, and what speaks for it: pure."""

from datetime import date
from types import SimpleNamespace

import pytest
from django.db import connection

from pairings.rules import Party, barred, fit, folded, manager_keys, party_of_mentee, party_of_mentor
from programmes.models import Enrolment
from tests.factories import LevelFactory
from tests.pairings.asking import make_mentee, make_mentor

TODAY = date(2026, 11, 24)
MENTEE = Party(1, 1, "Hana Sato", "hana@school.example", employer="Taffside High School")
MENTOR = Party(2, 1, "Ruth Lindqvist", "Ruth@Leeds.example", employer="Self-employed")


def rules(**said):
    plain = {"needs_training": False, "needs_level": False, "bars_line_manager": True, "bars_same_employer": True}
    return SimpleNamespace(**plain | {"advises_other_sector": True} | said)


def party(of, **said):
    return Party(**{**of.__dict__, **said})


def test_two_of_whom_nothing_speaks_against_it():
    assert barred(MENTEE, MENTOR, rules(), TODAY) == []


def test_nobody_mentors_themselves():
    assert barred(MENTEE, party(MENTEE, employer=""), rules(), TODAY) == ["nobody mentors themselves"]


def test_somebody_of_another_programme():
    assert barred(MENTEE, party(MENTOR, programme=2), rules(), TODAY) == ["takes part in another programme"]


@pytest.mark.parametrize(
    ("until", "reasons"),
    [(None, 1), (date(2026, 11, 23), 1), (TODAY, 0), (date(2027, 1, 1), 0)],
)
def test_training_that_the_programme_asks_for_is_valid_to_its_last_day(until, reasons):
    found = barred(MENTEE, party(MENTOR, trained_until=until), rules(needs_training=True), TODAY)

    assert found == ["has no valid training date"] * reasons


@pytest.mark.parametrize(("level", "holds", "reasons"), [(5, {4}, 1), (5, {4, 5}, 0), (5, (), 1), (None, (), 0)])
def test_the_level_that_the_mentee_works_towards(level, holds, reasons):
    mentor, mentee = party(MENTOR, holds=frozenset(holds)), party(MENTEE, level=level)

    assert barred(mentee, mentor, rules(needs_level=True), TODAY) == ["does not hold the level"] * reasons
    assert barred(mentee, mentor, rules(), TODAY) == []


@pytest.mark.parametrize(
    "written",
    [
        "Ruth Lindqvist",
        "  ruth   LINDQVIST ",
        "Dr Ruth Lindqvist",
        "Ruth Lindqvist, head of service",
        "Lindqvist, Ruth",
        "ruth@leeds.example",
        "RUTH@LEEDS.EXAMPLE",
        "Ruth Lindqvist (ruth@leeds.example)",
        "<ruth@leeds.example>",
        "My boss is Ruth-Lindqvist.",
    ],
)
def test_the_line_manager_by_name_or_address_however_it_is_written(written):
    assert barred(party(MENTEE, line_manager=written), MENTOR, rules(), TODAY) == ["is the line manager"]
    assert barred(party(MENTEE, line_manager=written), MENTOR, rules(bars_line_manager=False), TODAY) == []


@pytest.mark.parametrize(
    "written", ["", " ", "Ruth", "Lindqvist", "Ruth Lind", "ruth@leeds.examples", "Ruth A Lindqvist"]
)
def test_somebody_else_is_not_the_line_manager(written):
    assert barred(party(MENTEE, line_manager=written), MENTOR, rules(), TODAY) == []


def test_accents_do_not_hide_a_line_manager():
    mentor = party(MENTOR, name="Llŷr Ó Conaill")

    assert barred(party(MENTEE, line_manager="llyr o conaill"), mentor, rules(), TODAY) == ["is the line manager"]


@pytest.mark.parametrize(
    ("mine", "theirs", "reasons"),
    [
        ("Calder Vale University", "calder  vale UNIVERSITY", 1),
        ("Université de Namur", "Universite de Namur.", 1),
        ("Calder-Vale", "Calder Vale", 1),
        ("Calder Vale", "Calder", 0),
        ("", "", 0),
        (" – ", "", 0),
        ("Self-employed", "self employed", 0),
        ("Freelance", "freelance", 0),
    ],
)
def test_the_same_employer_and_nobodys_is_nobodys(mine, theirs, reasons):
    found = barred(party(MENTEE, employer=mine), party(MENTOR, employer=theirs), rules(), TODAY)

    assert found == ["works for the same employer"] * reasons


def test_all_reasons_are_said():
    mentee = party(MENTEE, line_manager="Ruth Lindqvist", employer="Leeds Libraries", level=3)
    mentor = party(MENTOR, employer="leeds libraries")

    assert barred(mentee, mentor, rules(needs_training=True, needs_level=True), TODAY) == [
        "has no valid training date",
        "does not hold the level",
        "is the line manager",
        "works for the same employer",
    ]


def test_what_speaks_for_two_is_said_in_words():
    mentee = party(MENTEE, sector=1, region=7, meets_by=frozenset({"video", "phone"}))
    mentor = party(MENTOR, sector=2, region=7, meets_by=frozenset({"in_person", "video"}))

    assert fit(mentee, mentor, rules()) == ["outside your sector", "same region", "you both meet by video"]
    assert fit(mentee, mentor, rules(advises_other_sector=False)) == ["same region", "you both meet by video"]
    assert fit(mentee, party(mentor, sector=1), rules(advises_other_sector=False))[0] == "same sector"
    assert fit(mentee, party(mentor, sector=1), rules())[0] == "same region"


def test_what_somebody_did_not_say_speaks_for_nothing():
    assert fit(MENTEE, party(MENTOR, sector=2, region=7, meets_by=frozenset({"video"})), rules()) == []
    assert fit(party(MENTEE, sector=1, region=7), MENTOR, rules()) == []


@pytest.mark.parametrize(
    ("way", "words"), [("phone", "you both talk by phone"), ("in_person", "you both meet in person")]
)
def test_other_ways_to_meet(way, words):
    both = {"meets_by": frozenset({way})}

    assert fit(party(MENTEE, **both), party(MENTOR, **both), rules()) == [words]


def test_a_long_text_about_a_manager_makes_few_keys():
    assert len(manager_keys(" ".join(["word"] * 60))) <= 300


@pytest.mark.parametrize(
    "words",
    [
        "  Calder-Vale  Université, Œuvre ", "Łódź", "ΑΘΗΝΑ ναί", "straße", "İstanbul", "Siân  O’Neill", "1e5 3rd 24/7",
        "Ruth_Lindqvist", "渡辺 直美", "a\u00a0b", "½ ﬁne", "«Ä»", "x\u3000y", "Ђорђе", "[a] {b} `c` ^\\",
        "\u2014dash\u2014", "",
    ],
)  # fmt: skip
def test_the_database_folds_words_as_we_do(db, words):
    with connection.cursor() as cursor:
        cursor.execute("SELECT folded(%s)", [words])
        assert cursor.fetchone() == (folded(words),)


def test_the_parties_of_an_enrolment_and_an_offer(db):
    level = LevelFactory()
    mentee = make_mentee(level.programme, part={"line_manager": "Ruth", "level": level, "meets_by": ["video"]})
    offer = make_mentor(level.programme, employer="Inchgarvel", offer={"trained_until": TODAY})
    offer.holds.add(level)

    mentee = Enrolment.objects.select_related("person__profile").get(pk=mentee.pk)

    assert party_of_mentee(mentee) == Party(
        mentee.person_id,
        level.programme_id,
        "Hana Sato",
        "hana.sato@example.org",
        employer="Where Hana Sato works",
        meets_by=frozenset({"video"}),
        level=level.pk,
        line_manager="Ruth",
    )
    assert party_of_mentor(offer) == Party(
        offer.enrolment.person_id,
        level.programme_id,
        "Ruth Lindqvist",
        "ruth.lindqvist@example.org",
        employer="Inchgarvel",
        holds=frozenset({level.pk}),
        trained_until=TODAY,
    )
