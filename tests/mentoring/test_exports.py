"""Lists that a programme takes home: what stands in them, what never does, and who gets them."""

import csv
import io
from datetime import timedelta

import openpyxl
import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from mentoring.exports import actions
from mentoring.exports.making import make
from mentoring.imports.actions import check_list
from mentoring.imports.reading import read
from mentoring.letting_go import go_on, let_go
from programmes.models import Act, Export
from tests.factories import EnrolmentFactory, MentorOfferFactory, PersonFactory
from tests.mentoring.world import build

pytestmark = pytest.mark.django_db
KINDS = ("members", "pairings", "requests")


@pytest.fixture
def world(db):
    return build()


@pytest.fixture
def as_(world, signed_in):
    return lambda role: signed_in(world.people[role])


def made(world, kind="members", form="csv"):
    export = actions.ask_for(world.programme, kind=kind, form=form, by=world.people["lead"])
    make(export.pk)
    export.refresh_from_db()
    return export


def table(export):
    if export.form == "csv":
        return list(csv.reader(io.StringIO(bytes(export.content).decode("utf-8-sig"))))
    rows = openpyxl.load_workbook(io.BytesIO(bytes(export.content))).active.iter_rows(values_only=True)
    return [list(row) for row in rows]


def test_members_stand_in_it_as_they_are(world):
    mentor = world.people["mentor"]
    world.offer.trained_until = timezone.localdate() + timedelta(days=100)
    world.offer.save()

    for form in ("csv", "xlsx"):
        headings, *rows = table(made(world, form=form))
        found = next(dict(zip(headings, row, strict=True)) for row in rows if row[1] == mentor.email)
        assert (found["name"], found["role"], str(found["capacity"])) == ("Ruth Lindqvist", "mentor", "1")
        day = found["training valid until"]
        assert (day if form == "csv" else day.date().isoformat()) == world.offer.trained_until.isoformat()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_nothing_that_people_wrote_and_nobody_of_another_programme_stands_in_it(kind, form):
    secret = build(mark=lambda words: f"{words}")
    written = ["Good luck", "It is not easy", "In March", "Who did you ask", "I want to learn", "What will you"]

    text = str(table(made(secret, kind, form)))

    assert [words for words in written if words in text] == []
    assert secret.people["foreign"].email not in text
    assert len(table(made(secret, kind, form))) > (1 if kind != "requests" else 0)


def test_a_name_that_would_be_a_formula_is_text(world):
    EnrolmentFactory(programme=world.programme, person=PersonFactory(name='=HYPERLINK("https://evil.example")'))
    EnrolmentFactory(programme=world.programme, person=PersonFactory(name="@Sum"))

    names = {row[0] for row in table(made(world))}
    sheet = openpyxl.load_workbook(io.BytesIO(bytes(made(world, form="xlsx").content))).active

    assert {'\'=HYPERLINK("https://evil.example")', "'@Sum"} <= names
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert not any(cell.hyperlink for cell in cells)


def test_members_that_were_taken_home_can_be_brought_back_and_nothing_changes(world):
    EnrolmentFactory(programme=world.programme, person=PersonFactory(name="=1+1"), line_manager="'-- Pat")
    offered = MentorOfferFactory(enrolment__programme=world.programme, capacity=3)
    offered.holds.set(world.programme.levels.all())

    for form in ("csv", "xlsx"):
        listed = read(bytes(made(world, form=form).content))
        back = check_list(listed, programme=world.programme, name="members", by=world.people["lead"])
        assert {row["what"] for row in back.rows if row["values"]["role"] in ("mentee", "mentor")} == {"same"}


def test_a_list_is_asked_for_made_and_downloaded(world, as_):
    browser = as_("lead")
    words = {"programme": world.programme.pk, "kind": "pairings", "form": "xlsx"}

    answer = browser.post(reverse("admin:exports"), words)
    export = Export.objects.latest("pk")
    assert "Cancel" in browser.get(answer["Location"]).content.decode()
    make(export.pk)

    assert "Download" in browser.get(answer["Location"]).content.decode()
    file = browser.get(reverse("admin:export_file", args=[export.pk]))
    day = timezone.localdate().isoformat()
    assert (file["Content-Disposition"], file["X-Content-Type-Options"], "no-store" in file["Cache-Control"]) == (
        f'attachment; filename="chartership-pairings-{day}.xlsx"',
        "nosniff",
        True,
    )
    assert openpyxl.load_workbook(io.BytesIO(file.content)).active["A1"].value == "mentee"
    assert list(Act.objects.filter(noun="export", about=str(export.pk)).values_list("by", "verb", "programme")) == [
        (world.people["lead"].pk, "exported", world.programme.pk)
    ]


def test_two_clicks_make_one_list(world):
    first, second = (
        actions.ask_for(world.programme, kind="members", form="csv", by=world.people["lead"]) for _click in range(2)
    )

    assert first == second


@pytest.mark.parametrize("role", ["helper", "mentee", "stranger"])
def test_helpers_and_everybody_else_take_nothing_home(world, as_, role):
    export = made(world)
    browser = as_(role)
    refused = 403 if role == "helper" else 404
    words = {"programme": world.programme.pk, "kind": "members", "form": "csv"}

    assert browser.post(reverse("admin:exports"), words).status_code == refused
    for name in ("export", "export_file"):
        assert browser.get(reverse(f"admin:{name}", args=[export.pk])).status_code == refused


def test_a_list_of_another_programme_answers_like_a_missing_one(world, as_):
    until = timezone.now() + timedelta(days=1)
    theirs = Export.objects.create(
        programme=world.elsewhere, by=world.people["superuser"], kind="members", state="done", until=until
    )
    browser = as_("lead")

    for name in ("export", "export_file"):
        for pk in (theirs.pk, 10**6):
            assert browser.get(reverse(f"admin:{name}", args=[pk])).status_code == 404
    words = {"programme": world.elsewhere.pk, "kind": "members", "form": "csv"}
    assert browser.post(reverse("admin:exports"), words).status_code == 422


def test_after_seven_days_it_is_gone(world, as_):
    export = made(world)
    url = reverse("admin:export_file", args=[export.pk])
    browser = as_("lead")

    with time_machine.travel(export.until, tick=False):
        assert browser.get(url).status_code == 404
        let_go(timezone.now())

    export.refresh_from_db()
    assert bytes(export.content) == b""
    assert browser.get(reverse("admin:export", args=[export.pk])).status_code == 200


def test_one_that_was_stopped_is_never_made(world):
    export = actions.ask_for(world.programme, kind="members", form="csv", by=world.people["lead"])
    actions.stop(export, by=world.people["lead"])

    make(export.pk)

    export.refresh_from_db()
    assert (export.state, bytes(export.content)) == ("stopped", b"")


def test_one_that_no_worker_heard_of_is_made_later_and_one_that_never_ends_is_given_up(world):
    asked = actions.ask_for(world.programme, kind="members", form="csv", by=world.people["lead"])
    hopeless = actions.ask_for(world.programme, kind="pairings", form="csv", by=world.people["lead"])
    Export.objects.filter(pk=hopeless.pk).update(started_at=timezone.now() - timedelta(hours=2))

    go_on(timezone.now() + timedelta(minutes=1))

    states = dict(Export.objects.values_list("pk", "state"))
    assert (states[asked.pk], states[hopeless.pk]) == ("done", "failed")


@pytest.mark.parametrize("kind", KINDS)
def test_more_rows_take_no_more_statements(world, kind, django_assert_max_num_queries):
    for _each in range(20):
        EnrolmentFactory(programme=world.programme)
        MentorOfferFactory(enrolment__programme=world.programme)
    export = actions.ask_for(world.programme, kind=kind, form="csv", by=world.people["lead"])

    with django_assert_max_num_queries(7):
        make(export.pk)
