"""A lead configures their programme in the admin; what does not fit is said beside the field."""

import pytest
from django.urls import reverse

from mentoring.belonging import programme_of
from programmes.models import (
    Act,
    AgreementOption,
    AgreementQuestion,
    Application,
    Enrolment,
    Invitation,
    Programme,
    Sector,
    Wording,
)
from programmes.wordings import our_words, words_of
from tests.mentoring.world import administered
from tests.programmes.conftest import add


def management(prefix, total=0, initial=0):
    return {f"{prefix}-TOTAL_FORMS": total, f"{prefix}-INITIAL_FORMS": initial}


def change(browser, thing, **data):
    """The errors of changing a row by a raw post; None when it was changed."""
    name = f"admin:{thing._meta.app_label}_{thing._meta.model_name}_change"
    answer = browser.post(reverse(name, args=[thing.pk]), data)
    if answer.status_code == 302:
        return None
    sets = [error for formset in answer.context["inline_admin_formsets"] for error in formset.formset.errors]
    whole = [str(error) for formset in answer.context["inline_admin_formsets"] for error in formset.non_form_errors()]
    return dict(answer.context["adminform"].form.errors), [dict(error) for error in sets if error], whole


RULES = {
    "name": "Chartership 2027",
    "body": "Institute",
    "invitation_days": 20,
    "nudge_days": 3,
    "tell_team_days": 6,
    "lapse_days": 9,
    "rhythm_weeks": 8,
    "quiet_factor": "1.5",
    "quiet_team_factor": "2.5",
    "review_months": 6,
}
LISTS = management("sectors") | management("regions")


def test_a_lead_sets_rules_thresholds_and_lists(world, admin_of):
    schools = management("sectors", 1) | {"sectors-0-name": "Schools", "sectors-0-position": 0}

    refused = change(admin_of("lead"), world.programme, **RULES, **management("regions"), **schools, needs_level="on")

    assert refused is None
    programme = Programme.objects.get(pk=world.programme.pk)
    assert (programme.name, programme.needs_level, programme.bars_same_employer, programme.lapse_days) == (
        "Chartership 2027",
        True,
        False,
        9,
    )
    assert list(programme.sectors.values_list("name", flat=True)) == ["Schools"]
    assert programme.slug == "chartership"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("tell_team_days", 2, "The mentor is reminded before the team hears of it: give more days."),
        ("lapse_days", 5, "The team hears of it before it lapses: give more days."),
        ("quiet_team_factor", "1.2", "The pair hears of it before the team does: give a larger number."),
    ],
)
def test_thresholds_out_of_order_are_said_beside_the_field(world, admin_of, field, value, words):
    refused = change(admin_of("lead"), world.programme, **RULES | {field: value}, **LISTS)

    assert refused == ({field: [words]}, [], [])


def test_one_name_stands_once_in_a_list(world, admin_of):
    Sector.objects.create(programme=world.programme, name="Schools")
    again = management("sectors", 1) | {"sectors-0-name": "Schools", "sectors-0-position": 0}

    _errors, lines, _whole = change(admin_of("lead"), world.programme, **RULES, **management("regions"), **again)

    assert [list(line) for line in lines] == [["__all__"]]


def test_a_helper_changes_no_rule(world, admin_of):
    answer = admin_of("helper").post(
        reverse("admin:programmes_programme_change", args=[world.programme.pk]), RULES | LISTS
    )

    assert answer.status_code == 403
    assert Programme.objects.get(pk=world.programme.pk).lapse_days == 14


QUESTION = {"position": 0, "text": "How often?", "kind": "one", "drives": "rhythm", "suggestion": ""}


def options(*values):
    rows = {}
    for number, value in enumerate(values):
        rows |= {
            f"options-{number}-position": number,
            f"options-{number}-label": f"Choice {number}",
            f"options-{number}-value": value,
        }
    return management("options", len(values)) | rows


def test_a_question_of_the_agreement_is_made_with_its_choices(world, admin_of):
    data = QUESTION | {"programme": world.programme.pk} | options(4, 7, "")

    assert add(admin_of("lead"), "programmes_agreementquestion", **data) is None
    assert list(AgreementOption.objects.values_list("question__drives", "value")) == [
        ("rhythm", 4),
        ("rhythm", 7),
        ("rhythm", None),
    ]


def test_what_a_question_decides_is_checked_beside_the_field(world, admin_of):
    browser, question = admin_of("lead"), world.programme.agreement_questions.get()
    first = AgreementQuestion.objects.create(programme=world.programme, text="Often?", kind="one", drives="rhythm")

    assert change(browser, question, **QUESTION | {"kind": "text"}, **options(1, 2)) == (
        {"drives": ["Only a question with one choice can decide something: let them choose one."]},
        [],
        [],
    )
    assert change(browser, question, **QUESTION, **options(1, 2)) == (
        {"drives": ["Another question decides this already. Say first that it is no longer asked."]},
        [],
        [],
    )
    assert change(browser, first, **QUESTION | {"drives": "chasing"}, **options(2, 5)) == (
        {},
        [{"value": ["Give 2 for yes, 1 for gently once, 0 for not."]}],
        [],
    )
    assert change(browser, first, **QUESTION, **options(0, 5)) == (
        {},
        [{"value": ["Give the weeks between meetings, or leave it empty for “when needed”."]}],
        [],
    )
    assert change(browser, first, **QUESTION, **options()) == (
        {},
        [],
        ["Give at least two choices, or let people answer in their own words."],
    )


def test_the_programmes_words_are_said_in_place_of_ours(world, admin_of):
    data = {"programme": world.programme.pk, "kind": "invitation", "words": "Come."}

    page = admin_of("lead").get(reverse("admin:programmes_wording_add")).content.decode()
    assert all(our_words(kind).split(".")[0] in page for kind in Wording.Kind)
    assert add(admin_of("lead"), "programmes_wording", **data) is None

    assert words_of(world.programme, "invitation") == "Come."
    assert words_of(world.elsewhere, "invitation") == our_words("invitation")


def test_a_lead_invites_many_at_once_by_name_or_address(world, admin_of, letters):
    people = "first@invited.example\n\n Odile New <Odile@Invited.example> \r\n"
    letters()

    data = {"programme": world.programme.pk, "role": "mentor", "people": people}
    assert add(admin_of("lead"), "programmes_invitation", **data) is None

    sent = Invitation.objects.filter(role="mentor").order_by("pk")
    assert list(sent.values_list("email", "name", "invited_by")) == [
        ("first@invited.example", "", world.people["lead"].pk),
        ("odile@invited.example", "Odile New", world.people["lead"].pk),
    ]
    assert [message.to for message in letters()] == [["first@invited.example"], ["odile@invited.example"]]


def test_one_line_amiss_and_nobody_is_invited(world, admin_of, letters):
    browser, before = admin_of("lead"), Invitation.objects.count()
    letters()
    data = {"programme": world.programme.pk, "role": "mentee"}

    amiss = add(
        browser, "programmes_invitation", **data, people="new@invited.example\nnora\nx@y@z\n<script>@example.org"
    )
    known = add(
        browser, "programmes_invitation", **data, people="new@invited.example\nmentee@example.org\nNEW@invited.example"
    )

    assert amiss == {
        "people": [f"Line {line}: give an email address in full, like name@example.org." for line in (2, 3, 4)]
    }
    assert known == {
        "people": ["Line 2: mentee@example.org takes part already.", "Line 3: new@invited.example is invited already."]
    }
    assert Invitation.objects.count() == before
    assert letters() == []


def test_a_lead_withdraws_an_invitation_and_is_told_of_what_cannot_be(world, admin_of):
    url, what = reverse("admin:programmes_invitation_changelist"), {"action": "withdraw"}
    browser = admin_of("lead")

    browser.post(url, what | {"_selected_action": [world.invitation.pk]})
    again = browser.post(url, what | {"_selected_action": [world.invitation.pk]}, follow=True)

    world.invitation.refresh_from_db()
    assert world.invitation.withdrawn_at is not None
    assert "It is withdrawn already." in again.content.decode()


@pytest.mark.parametrize(("decision", "roles"), [("approve", ["mentee", "mentor"]), ("decline", ["mentor"])])
def test_a_lead_answers_who_asks_with_a_kind_word(world, admin_of, decision, roles):
    url = reverse("admin:programmes_application_change", args=[world.application.pk])
    browser = admin_of("lead")

    browser.post(url, {"decision": decision, "answer": "Thank you."})

    world.application.refresh_from_db()
    assert (world.application.answer, world.application.decided_by) == ("Thank you.", world.people["lead"])
    assert sorted(Enrolment.objects.filter(person=world.people["other"]).values_list("role", flat=True)) == roles
    assert "decision" not in browser.get(url).context["adminform"].form.fields


def test_a_lead_answers_from_the_list_a_helper_does_not(world, admin_of):
    url = reverse("admin:programmes_application_changelist")
    what = {"action": "approve", "_selected_action": [world.application.pk]}

    admin_of("helper").post(url, what)
    assert Application.objects.get(pk=world.application.pk).state == "asked"

    admin_of("lead").post(url, what)
    assert Application.objects.get(pk=world.application.pk).state == "approved"


def test_a_line_manager_is_for_leads(world, admin_of):
    enrolment = world.portfolio.enrolment
    enrolment.line_manager = "Judith Kerr"
    enrolment.save()
    url = reverse("admin:programmes_enrolment_change", args=[enrolment.pk])

    assert "Judith Kerr" in admin_of("lead").get(url).content.decode()
    assert "Judith Kerr" not in admin_of("helper").get(url).content.decode()


def test_how_somebody_takes_part_is_kept_within_their_programme(world, admin_of):
    enrolment, level = world.portfolio.enrolment, world.programme.levels.get()
    schools = Sector.objects.create(programme=world.programme, name="Schools")
    theirs = Sector.objects.create(programme=world.elsewhere, name="Elsewhere")
    browser = admin_of("lead")

    choices = browser.get(reverse("admin:programmes_enrolment_change", args=[enrolment.pk])).context["adminform"].form
    assert list(choices.fields["sector"].queryset) == [schools]
    assert change(browser, enrolment, sector=theirs.pk)[0] == {
        "sector": ["Select a valid choice. That choice is not one of the available choices."]
    }
    assert change(browser, enrolment, sector=schools.pk, level=level.pk, meets_by=["video", "phone"]) is None

    enrolment.refresh_from_db()
    assert (enrolment.sector, enrolment.meets_by) == (schools, ["video", "phone"])


def test_only_a_mentee_has_a_level_says_the_field(world, admin_of):
    errors = add(
        admin_of("lead"),
        "programmes_enrolment",
        programme=world.programme.pk,
        person=world.people["helper"].pk,
        role="mentor",
        level=world.programme.levels.get().pk,
    )

    assert errors == {"level": ["Only mentees work towards a level: leave it empty."]}


def test_every_act_in_the_admin_stands_in_the_log_of_its_programme(world, admin_of):
    browser, programme, me = admin_of("lead"), world.programme, world.people["lead"]
    before = set(Act.objects.values_list("pk", flat=True))

    change(browser, programme, **RULES, **LISTS)
    change(browser, world.programme.levels.get().criteria.get(), level=programme.levels.get().pk, number=2, name="New")
    change(browser, world.offer, enrolment=world.offer.enrolment_id, capacity=2)
    change(browser, world.people["mentee"], name="Amina O.", is_active="on")
    add(browser, "programmes_completionquestion", programme=programme.pk, position=0, text="And then?")
    add(browser, "programmes_invitation", programme=programme.pk, role="mentor", people="first@invited.example")
    browser.post(
        reverse("admin:pairings_pairing_changelist"),
        {"action": "begin_finishing", "_selected_action": [world.pairing.pk]},
    )

    acts = Act.objects.exclude(pk__in=before).order_by("pk")
    assert list(acts.values_list("verb", "noun", "programme", "by")) == [
        (verb, noun, programme.pk, me.pk)
        for verb, noun in (
            ("changed", "programme"),
            ("changed", "criterion"),
            ("changed", "mentoroffer"),
            ("changed", "user"),
            ("added", "completionquestion"),
            ("invited", "invitation"),
            ("changed", "pairing"),
        )
    ]


def test_every_model_of_the_admin_knows_its_programme(world):
    lead = world.people["lead"]
    found = {name: programme_of(thing, by=lead) for name, thing in administered(world).items()}

    without = {name for name, programme in found.items() if programme != world.programme}
    assert without == {"notifications_email"}  # of which nobody changes a row
