"""The pages on which a list is brought in: who may open them, what they say, and that nothing of others shows."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from mentoring.imports.working import work_on
from mentoring.letting_go import go_on, let_go
from programmes.models import Act, Enrolment, Import
from tests.factories import EnrolmentFactory, PersonFactory
from tests.mentoring.world import build

pytestmark = pytest.mark.django_db
LINES = "name,email,role,sector\nHana Sato,hana.sato@example.org,mentee,\nNobody,nobody@example.org,nurse,\n"
MOVES = ("start", "check", "stop", "undo")


@pytest.fixture
def world(db):
    return build()


@pytest.fixture
def as_(world, signed_in):
    return lambda role: signed_in(world.people[role])


def brought(world):
    """The lists that came since the world began."""
    return Import.objects.exclude(pk=world.lists.import_.pk)


def upload(browser, world, content=LINES, name="members.csv", **more):
    file = SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)
    return browser.post(reverse("admin:imports"), {"programme": world.programme.pk, "file": file, **more})


def checked(browser, world, content=LINES):
    upload(browser, world, content)
    return Import.objects.latest("pk")


def press(browser, move, found, **data):
    return browser.post(reverse(f"admin:import_{move}", args=[found.pk]), data, follow=True)


def test_from_the_file_to_the_people_and_back(world, as_):
    browser = as_("lead")
    before = User.objects.count()

    answer = upload(browser, world)
    found = brought(world).get()
    page = browser.get(answer["Location"]).content.decode()
    assert "Import 1 row" in page
    assert "‘nurse’ is not a role that a list can give. Write mentee or mentor." in page
    assert User.objects.count() == before

    press(browser, "start", found)
    work_on(found.pk)
    assert "Undo this import" in browser.get(answer["Location"]).content.decode()
    assert User.objects.count() == before + 1

    press(browser, "undo", found)
    work_on(found.pk)
    found.refresh_from_db()
    assert (found.state, User.objects.count()) == ("undone", before)
    assert list(
        Act.objects.filter(noun="import", about=found.pk).order_by("pk").values_list("by__name", "verb", "programme")
    ) == [
        ("Marguerite Fell", "imported", world.programme.pk),
        ("Marguerite Fell", "undid import", world.programme.pk),
    ]


def test_a_file_that_cannot_be_read_is_said_on_the_page_and_nothing_is_kept(world, as_):
    answer = upload(as_("lead"), world, b"\x00\x01\x02")

    assert answer.status_code == 422
    assert "We can’t read that file. Save it as .xlsx or as CSV (UTF-8), then choose that." in answer.content.decode()
    assert brought(world).count() == 0


def test_a_file_that_is_too_large_is_refused_with_its_size(world, as_):
    answer = upload(as_("lead"), world, "name,email,role\n" + "a" * (5 * 1024 * 1024))

    assert "That file is 5.1 MB; 5 MB is the most." in answer.content.decode()


LONG = "name,email,role,shoes\n" + "".join(f"{'A' * 140} {n},a{n}@example.org,mentee,\n" for n in range(2_100))


def test_a_long_list_is_read_and_checked_by_a_worker_and_its_file_is_not_kept(world, as_):
    browser = as_("lead")

    answer = upload(browser, world, LONG)
    page = browser.get(answer["Location"]).content.decode()
    found = brought(world).get()
    assert (found.state, found.rows, found.text != "") == ("checking", [], True)
    assert "Nobody is written yet." in page
    assert "Cancel" in page

    work_on(found.pk)
    found.refresh_from_db()
    assert (found.state, len(found.rows), found.text, found.done, found.total) == ("checked", 2_100, "", 2_000, 2_100)
    page = browser.get(answer["Location"]).content.decode()
    assert "Import 2100 rows" in page
    assert "We did not read the column “shoes”." in page


def test_a_long_list_of_the_wrong_kind_says_so_where_it_was_checked(world, as_):
    browser = as_("lead")

    answer = upload(browser, world, LONG.replace("role", "roll", 1))
    work_on(brought(world).get().pk)

    page = browser.get(answer["Location"]).content.decode()
    found = brought(world).get()
    assert (found.state, found.text) == ("failed", "")
    assert "There is no column for: role." in page
    assert "Choose another file" in page
    assert "nothing in this list" in press(browser, "start", found).content.decode()


def test_a_check_is_cancelled_before_it_begins(world, as_):
    browser = as_("lead")
    upload(browser, world, LONG)
    found = brought(world).get()

    press(browser, "stop", found)
    work_on(found.pk)

    found.refresh_from_db()
    assert (found.state, found.text, found.rows) == ("stopped", "", [])


def test_a_long_list_is_checked_again_by_a_worker_and_stays_checked_when_that_is_cancelled(world, as_):
    browser = as_("lead")
    upload(browser, world, LONG)
    found = brought(world).get()
    work_on(found.pk)

    for stops in (True, False):
        press(browser, "check", found)
        found.refresh_from_db()
        assert found.state == "checking"
        if stops:
            press(browser, "stop", found)
        work_on(found.pk)
        found.refresh_from_db()
        assert (found.state, len(found.rows), found.stop_asked) == ("checked", 2_100, False)


def test_a_check_that_its_worker_left_is_gone_on_with_and_given_up_in_the_end(world, as_):
    browser = as_("lead")
    upload(browser, world, LONG)
    go_on(timezone.now() + timedelta(minutes=1))
    assert brought(world).get().state == "checked"

    brought(world).update(state="checking", started_at=timezone.now() - timedelta(hours=2), beat_at=None, text="eA==")
    go_on(timezone.now())
    found = brought(world).get()
    assert (found.state, found.text) == ("failed", "")
    assert "It never came to its end." in browser.get(reverse("admin:import", args=[found.pk])).content.decode()


def test_no_file_is_said_too(world, as_):
    answer = as_("lead").post(reverse("admin:imports"), {"programme": world.programme.pk})

    assert (answer.status_code, "Choose a file." in answer.content.decode()) == (422, True)


@pytest.mark.parametrize("role", ["helper", "mentee", "stranger"])
def test_helpers_and_everybody_else_bring_in_nothing(world, as_, role):
    found = checked(as_("lead"), world)
    browser = as_(role)
    refused = 403 if role == "helper" else 404

    assert upload(browser, world).status_code == refused
    assert {press(browser, move, found).status_code for move in MOVES} == {refused}
    assert browser.get(reverse("admin:import", args=[found.pk])).status_code == refused
    assert browser.get(reverse("admin:import_problems", args=[found.pk])).status_code == refused
    assert brought(world).get().state == "checked"


def test_a_list_of_another_programme_answers_like_a_missing_one(world, as_):
    foreign = Import.objects.create(programme=world.elsewhere, by=world.people["superuser"], state="checked")
    browser = as_("lead")

    for name in ("import", "import_problems"):
        theirs, nobodys = (browser.get(reverse(f"admin:{name}", args=[pk])) for pk in (foreign.pk, 10**6))
        assert (theirs.status_code, nobodys.status_code) == (404, 404)
    for move in MOVES:
        assert press(browser, move, foreign).status_code == 404
    answer = upload(browser, world, programme=world.elsewhere.pk)
    assert (answer.status_code, brought(world).count()) == (422, 1)


def test_what_the_check_says_of_an_address_does_not_tell_whether_it_has_an_account(world, as_):
    browser = as_("lead")

    known = checked(browser, world, "name,email,role\nA B,stranger@example.org,mentee")
    unknown = checked(browser, world, "name,email,role\nA B,strangen@example.org,mentee")

    pages = [browser.get(reverse("admin:import", args=[found.pk])).content.decode() for found in (known, unknown)]
    rows = [page[page.index('class="facts"') : page.index("</main>")] for page in pages]
    rows = [re.sub(r"csrfmiddlewaretoken\" value=\"\w+", "", row) for row in rows]
    assert rows[0].replace("stranger", "strangen").replace(f"/{known.pk}/", f"/{unknown.pk}/") == rows[1]


def test_hostile_cells_stay_text_on_the_page_and_in_the_file(world, as_):
    browser = as_("lead")
    found = checked(browser, world, 'name,email,role\n=1+1,x,mentee\n<script>alert(1)</script>,"<b>",nurse')

    page = browser.get(reverse("admin:import", args=[found.pk])).content.decode()
    file = browser.get(reverse("admin:import_problems", args=[found.pk]))

    assert "<script>alert(1)" not in page
    assert (file["Content-Disposition"], file["X-Content-Type-Options"]) == (
        *('attachment; filename="problems.csv"', "nosniff"),
    )
    rows = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert [row[1] for row in rows] == ["name", "'=1+1", "<script>alert(1)</script>"]


def test_the_file_of_problems_can_be_mended_and_brought_back(world, as_):
    browser = as_("lead")
    found = checked(browser, world)
    file = browser.get(reverse("admin:import_problems", args=[found.pk])).content.decode("utf-8-sig")

    again = checked(browser, world, file.replace("nurse", "mentor", 1))

    assert [(row["values"]["name"], row["what"]) for row in again.rows] == [("Nobody", "new")]


def test_two_programmes_are_told_apart(world, as_):
    EnrolmentFactory(programme=world.elsewhere, person=world.people["lead"], role="coordinator")
    browser = as_("lead")
    Import.objects.create(programme=world.elsewhere, by=world.people["lead"], name="theirs.csv", state="checked")

    first = browser.get(reverse("admin:imports") + "?programme=chartership").content.decode()
    second = browser.get(reverse("admin:imports") + "?programme=fellowship").content.decode()

    assert ("theirs.csv" in first, "theirs.csv" in second) == (False, True)


def test_while_it_runs_the_page_says_how_far_it_is(world, as_):
    browser = as_("lead")
    found = checked(browser, world)
    press(browser, "start", found)
    url = reverse("admin:import", args=[found.pk])

    assert "0 of 1 rows" in " ".join(browser.get(url).content.decode().split())
    assert browser.get(url, headers={"HX-Request": "true"}).status_code == 200
    work_on(found.pk)
    assert browser.get(url, headers={"HX-Request": "true"})["HX-Refresh"] == "true"


def test_a_second_press_says_so_and_does_nothing(world, as_):
    browser = as_("lead")
    found = checked(browser, world)
    press(browser, "start", found)

    page = press(browser, "start", found).content.decode()

    assert "Somebody has begun to import this list already." in page


def test_an_import_that_its_worker_left_is_gone_on_with(world, as_):
    found = checked(as_("lead"), world)
    press(as_("lead"), "start", found)

    go_on(timezone.now() + timedelta(minutes=1))

    found.refresh_from_db()
    assert found.state == "done"


def test_after_a_week_nobody_stands_in_it_any_more(world, as_):
    browser = as_("lead")
    found = checked(browser, world)
    press(browser, "start", found)
    work_on(found.pk)

    let_go(timezone.now() + timedelta(days=7))

    found.refresh_from_db()
    assert found.rows == [{"number": 2, "what": "new", "step": "in"}, {"number": 3, "what": "problem"}]
    assert browser.get(reverse("admin:import", args=[found.pk])).status_code == 200
    assert Enrolment.objects.filter(person__email="hana.sato@example.org").exists()


@pytest.mark.parametrize("count", [1, 30])
def test_the_page_takes_as_many_statements_for_many_rows(world, as_, django_assert_num_queries, count):
    lines = "\n".join(f"P,p{n}@example.org,mentee," for n in range(count))
    browser = as_("lead")
    found = checked(browser, world, "name,email,role,sector\n" + lines)
    browser.get(reverse("admin:index"))

    with django_assert_num_queries(8):
        browser.get(reverse("admin:import", args=[found.pk]))


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_lists_takes_as_many_statements_for_many(world, as_, django_assert_num_queries, count):
    browser = as_("lead")
    for _each in range(count):
        Import.objects.create(programme=world.programme, by=PersonFactory(), name="a.csv", state="checked")

    with django_assert_num_queries(11):
        browser.get(reverse("admin:imports"))
