"""Photos of people: chosen, shown to those who know them, and to nobody else."""

import re
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from accounts.backends import EmailBackend
from files.models import StoredFile
from pairings.actions import move_pairing
from portfolios import actions
from tests.factories import EnrolmentFactory, PairingFactory, PersonFactory, ProgrammeFactory
from tests.files.making import make_photo, picture
from tests.mentoring.test_routes import told

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def send(signed_in, place):
    """`send(person, content)` chooses that picture on the page; what comes of it, at last."""

    def post(person, content, name="me.jpg", **data):
        files = {} if content is None else {"picture": SimpleUploadedFile(name, content)}
        return signed_in(person).post("/settings/photo/", files | data, follow=True)

    return post


def address(person, query=""):
    person.profile.refresh_from_db()
    return reverse("pairings:photo_of", args=[person.profile.photo]) + query


def avatars(page):
    """What stands in each avatar of a page: initials, or the address of a picture."""
    inside = re.findall(r'<span class="avatar[^"]*" aria-hidden="true">(.*?)</span>', page.content.decode())
    return [re.sub(r'<img src="([^"]*)" alt="" width="96" height="96" loading="lazy">', r"\1", each) for each in inside]


def test_a_chosen_picture_is_shown(pair, send):
    page = send(pair.mentee, picture(900, 600))

    assert (page.status_code, "Saved. This is how others see you." in page.content.decode()) == (200, True)
    assert avatars(page) == [address(pair.mentee, "?size=small"), address(pair.mentee)]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "Choose a picture first"),
        (b"", "Choose a picture: a JPEG, PNG, WebP or GIF file."),
        (b"<svg/>", "Choose a picture: a JPEG, PNG, WebP or GIF file."),
        (
            picture(format="TIFF"),
            "That kind of picture can’t be opened here. Save it as JPEG or PNG, then choose that.",
        ),
        (b"%PDF-1.7", "Choose a picture: a JPEG, PNG, WebP or GIF file."),
        (b"x" * 11 * 1024**2, "That picture is 11 MB; the limit is 10 MB. Save it smaller, or try another."),
        (picture()[:99], "That picture is damaged. Save it anew, then choose it again."),
    ],
)
def test_what_is_no_photo_is_refused_beside_the_field(pair, send, content, words):
    page = send(pair.mentee, content)

    assert (page.status_code, page.content.decode().count(words)) == (422, 2)  # in the summary, and at the field
    assert StoredFile.objects.count() == 0


def test_a_quota_that_is_full_is_said_beside_the_field(pair, send, settings):
    settings.FILE_QUOTA = 100

    page = send(pair.mentee, picture())

    assert page.status_code == 422
    assert page.content.decode().count("and your files already take 0 bytes of your 100 bytes.") == 2


def test_a_photo_is_removed(pair, send, kept):
    make_photo(pair.mentee)

    page = send(pair.mentee, None, remove="1")

    assert "Removed. Your initials stand in its place." in page.content.decode()
    assert (avatars(page), kept()) == (["AO", "AO"], [])


def test_a_script_that_sends_the_form_is_told_where_it_leads(pair, signed_in, place):
    files = {"picture": SimpleUploadedFile("me.jpg", picture())}

    answer = signed_in(pair.mentee).post("/settings/photo/", files, headers={"X-Upload": "1"})

    assert (answer.status_code, answer["X-Location"], "Location" in answer) == (204, "/settings/photo/", False)


def test_a_script_is_told_that_its_person_is_signed_out(pair, client, place):
    files = {"picture": SimpleUploadedFile("me.jpg", picture())}

    answer = client.post("/settings/photo/", files, headers={"X-Upload": "1", "X-Person": str(pair.mentee.pk)})

    assert answer.status_code == 401


# Who sees it


def test_a_photo_is_served_as_a_picture_and_as_nothing_else(pair, signed_in, place):
    make_photo(pair.mentee)

    answer = signed_in(pair.mentor).get(address(pair.mentee))
    small = signed_in(pair.mentor).get(address(pair.mentee, "?size=small"))

    assert Image.open(BytesIO(b"".join(answer.streaming_content))).size == (40, 40)
    assert Image.open(BytesIO(b"".join(small.streaming_content))).size == (40, 40)
    assert {name: answer[name] for name in ("Content-Type", "Content-Disposition", "X-Content-Type-Options")} == {
        "Content-Type": "image/jpeg",
        "Content-Disposition": "inline",
        "X-Content-Type-Options": "nosniff",
    }
    assert (answer["Content-Security-Policy"], answer["Vary"]) == ("sandbox; default-src 'none'", "Cookie")
    answer.close()
    small.close()


def test_a_photo_costs_its_reader_little(pair, signed_in, place, django_assert_num_queries):
    make_photo(pair.mentee)
    browser, url = signed_in(pair.mentor), address(pair.mentee, "?size=small")
    first = browser.get(url)
    first.close()

    with django_assert_num_queries(4):
        again = browser.get(url, headers={"If-None-Match": first["ETag"]})

    assert (first["Cache-Control"], again.status_code) == ("private, max-age=3600", 304)


@pytest.fixture
def seen_by(pair, client, place):
    """`seen_by(person)`: whether they are shown Amina's photo, or an answer like that to an address of nothing."""
    make_photo(pair.mentee)
    there = [address(pair.mentee), address(pair.mentee, "?size=small")]
    nowhere = [url.replace(url.split("/")[2], "00000000-0000-4000-8000-000000000000") for url in there]

    def look(person):
        client.force_login(person, backend="accounts.backends.EmailBackend")
        answers = [client.get(url) for url in there]
        for answer in answers:
            answer.close()
        if answers[0].status_code == 200:
            return [answer.status_code for answer in answers] == [200, 200]
        assert [told(answer) for answer in answers] == [told(client.get(url)) for url in nowhere]
        assert {answer.status_code for answer in answers} == {404}
        return False

    return look


def test_oneself_and_ones_mentor_see_a_photo(pair, seen_by):
    assert (seen_by(pair.mentee), seen_by(pair.mentor)) == (True, True)


def test_a_mentee_sees_the_photo_of_their_mentor(pair, signed_in, place):
    make_photo(pair.mentor)

    answer = signed_in(pair.mentee).get(address(pair.mentor))
    answer.close()

    assert answer.status_code == 200


def test_whoever_worked_with_somebody_still_sees_them(pair, seen_by):
    move_pairing(pair.pairing, "ended", by=pair.mentor)

    assert seen_by(pair.mentor) is True


def test_people_of_the_same_programme_do_not(pair, seen_by):
    other = PairingFactory(programme=pair.pairing.programme)
    for role in ("mentee", "mentor", "assessor"):
        EnrolmentFactory(programme=pair.pairing.programme, person=other.mentor, role=role)

    assert (seen_by(other.mentee), seen_by(other.mentor), seen_by(PersonFactory())) == (False, False, False)


def test_a_mentors_other_mentee_does_not(pair, seen_by):
    other = PairingFactory(programme=pair.pairing.programme, mentor=pair.mentor)

    assert seen_by(other.mentee) is False


def test_coordinators_see_people_of_their_own_programme(pair, seen_by):
    here, elsewhere = PersonFactory(), PersonFactory()
    EnrolmentFactory(programme=pair.pairing.programme, person=here, role="coordinator")
    EnrolmentFactory(programme=ProgrammeFactory(), person=elsewhere, role="coordinator")

    assert (seen_by(here), seen_by(elsewhere)) == (True, False)


def test_whoever_coordinated_once_does_not(pair, seen_by):
    once = EnrolmentFactory(programme=pair.pairing.programme, role="coordinator")
    once.ended_at = once.created_at
    once.save()

    assert seen_by(once.person) is False


def test_the_address_of_a_photo_that_was_replaced_is_gone(pair, signed_in, place):
    make_photo(pair.mentee, "teal")
    old = address(pair.mentee)
    make_photo(pair.mentee, "plum")

    assert [signed_in(person).get(old).status_code for person in (pair.mentee, pair.mentor)] == [404, 404]


def test_a_file_of_another_kind_is_no_photo(pair, signed_in, place):
    stored = make_photo(pair.mentee)
    StoredFile.objects.filter(pk=stored.pk).update(kind="attachment")

    assert signed_in(pair.mentee).get(address(pair.mentee)).status_code == 404


# Beside their name


def test_avatars_show_it_on_home(pair, signed_in, place):
    make_photo(pair.mentee)
    make_photo(pair.mentor)
    actions.add_comment(pair.page, by=pair.mentor, kind="question", body="Who did you ask?")
    amina, ruth = address(pair.mentee, "?size=small"), address(pair.mentor, "?size=small")

    assert avatars(signed_in(pair.mentee).get("/home/")) == [amina, ruth, ruth]
    assert avatars(signed_in(pair.mentor).get("/home/")) == [ruth, amina, amina]
    assert avatars(signed_in(pair.mentor).get("/mentees/")) == [ruth, amina]
    assert ruth in avatars(signed_in(pair.mentee).get("/new/"))


def test_avatars_show_it_beside_comments(pair, signed_in, place):
    make_photo(pair.mentor)
    actions.add_comment(pair.page, by=pair.mentor, body="Who did you ask?")

    page = signed_in(pair.mentee).get(pair.url)

    assert avatars(page) == ["AO", address(pair.mentor, "?size=small")]


def test_a_person_knows_their_photo_only_where_their_profile_was_fetched(pair, place, django_assert_num_queries):
    stored = make_photo(pair.mentee)
    bare = type(pair.mentee).objects.get(pk=pair.mentee.pk)

    with django_assert_num_queries(0):
        assert bare.photo is None
    assert EmailBackend().get_user(pair.mentee.pk).photo == stored.uuid
