"""The certificate of hours: for its mentor alone, accessible, and without a word of the mentee's."""

import logging
import re
import zlib
from datetime import UTC, datetime

import pytest
from django.test import Client

from pairings.actions import ask_for_completion, end_pairing, fill_in_completion, thank
from pairings.certificate import certificate_of, pdf
from pairings.models import CompletionForm
from tests.factories import PersonFactory

BEGAN, SENT = datetime(2025, 11, 4, 12, tzinfo=UTC), datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def pair(pair):
    pair.pairing.created_at = BEGAN
    pair.pairing.save()
    ask_for_completion(pair.pairing, by=pair.mentee)
    pair.place = f"/pairings/{pair.pairing.slug}/certificate/"
    return pair


def sent(pair, hours="24.5"):
    answers = [{"text": "What did they do?", "answer": "zanzibar"}]
    form = fill_in_completion(pair.pairing, by=pair.mentor, answers=answers, hours=hours, at=SENT)
    form.refresh_from_db()
    return form


def browser_of(person):
    browser = Client()
    browser.force_login(person, backend="accounts.backends.EmailBackend")
    return browser


def streams(paper):
    """What a PDF holds, its compressed parts opened."""
    parts = [paper]
    for part in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", paper, re.S):
        try:
            parts.append(zlib.decompress(part))
        except zlib.error:
            parts.append(part)
    return b"".join(parts)


def test_it_says_who_where_when_and_how_many_hours(pair):
    words = certificate_of(pair.pairing, sent(pair))

    assert (words["mentor"], words["programme"], words["body"]) == (
        "Ruth Lindqvist",
        pair.pairing.programme.name,
        "Institute",
    )
    assert words["period"] == "4 November 2025 to 20 November 2026"
    assert words["hours"] == "24.5 hours"
    assert words["note"].endswith("given on 20 November 2026.")


@pytest.mark.parametrize(
    ("hours", "words"), [("1", "1 hour"), ("12", "12 hours"), ("100", "100 hours"), ("0.5", "0.5 hours")]
)
def test_hours_are_written_as_people_do(pair, hours, words):
    assert certificate_of(pair.pairing, sent(pair, hours))["hours"] == words


def test_the_mentee_is_there_by_initials_and_nothing_that_they_wrote(pair):
    thank(pair.pairing, by=pair.mentee, words="zanzibar")
    words = " ".join(certificate_of(pair.pairing, sent(pair)).values())

    assert "(AO)" in words
    assert not [word for word in ("Amina", "Okafor", "zanzibar") if word in words]


def test_its_period_ends_with_the_pairing(pair):
    form = sent(pair)
    ended = end_pairing(pair.pairing, by=pair.mentor, why="finished", at=datetime(2026, 12, 1, 12, tzinfo=UTC))

    assert certificate_of(ended, form)["period"] == "4 November 2025 to 1 December 2026"


def test_it_is_a_tagged_pdf_that_claims_to_be_accessible(pair):
    paper = streams(pdf(certificate_of(pair.pairing, sent(pair))))

    assert paper.startswith(b"%PDF-")
    assert b"pdfuaid:part" in paper
    assert b"/StructTreeRoot" in paper
    assert b"/Lang" in paper


def test_words_are_data_and_never_markup(pair):
    pair.mentor.name = '#panic("no") *Ruth* $x$ \\ "quoted"'
    pair.mentor.save()

    assert pdf(certificate_of(pair.pairing, sent(pair))).startswith(b"%PDF-")


def test_a_name_that_our_letters_lack_is_printed_all_the_same_and_logged_without_it(pair, caplog):
    pair.mentor.name = "佐藤 🎉"
    pair.mentor.save()
    with caplog.at_level(logging.WARNING, logger="pairings.certificate"):
        paper = pdf(certificate_of(pair.pairing, sent(pair)))

    assert paper.startswith(b"%PDF-")
    assert b"pdfuaid" not in streams(paper)
    [record] = caplog.records
    assert "was made without ua-1" in record.getMessage()
    assert "佐" not in record.getMessage()


def test_its_mentor_downloads_it_and_nobody_else(pair):
    mentor = browser_of(pair.mentor)
    assert mentor.get(pair.place).status_code == 404
    sent(pair)

    paper = mentor.get(pair.place)

    assert (paper.status_code, paper["Content-Type"]) == (200, "application/pdf")
    assert paper["Content-Disposition"] == f'attachment; filename="certificate-{pair.pairing.programme.slug}.pdf"'
    assert paper["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in paper["Cache-Control"]
    for person in (pair.mentee, PersonFactory()):
        assert browser_of(person).get(pair.place).status_code == 404


def test_a_form_without_hours_makes_none(pair):
    sent(pair)
    CompletionForm.objects.update(hours=None)

    assert browser_of(pair.mentor).get(pair.place).status_code == 404


def test_an_old_address_works_after_the_end(pair):
    sent(pair)
    end_pairing(pair.pairing, by=pair.mentee, why="finished")

    assert browser_of(pair.mentor).get(pair.place).status_code == 200
