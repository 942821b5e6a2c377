"""The log of what was done in the admin: looked at by those who look after the programme, changed by nobody."""

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from pairings.models import MatchRun
from programmes.audit import record
from programmes.models import Act
from tests.mentoring.world import build

pytestmark = pytest.mark.django_db
LIST = "admin:programmes_act_changelist"


@pytest.fixture
def world(db):
    return build()


@pytest.fixture
def as_(world, signed_in):
    return lambda role: signed_in(world.people[role])


@pytest.mark.parametrize("role", ["lead", "helper"])
def test_who_did_what_and_when_is_shown_for_ones_own_programmes_alone(world, as_, role):
    record("approved", world.application, by=world.people["lead"], programme=world.programme)
    record("overruled", world.application, by=world.people["superuser"], programme=world.elsewhere)

    page = as_(role).get(reverse(LIST)).content.decode()

    assert "Marguerite Fell" in page
    assert f'<a href="/admin/programmes/application/{world.application.pk}/change/">' in page
    assert ("approved" in page, "overruled" in page.split("changelist-form")[1]) == (True, False)


@pytest.mark.parametrize(
    "query",
    ["?who=1", "?who=x", "?verb=exported", "?of_programme=fellowship", "?q=Marguerite"],
)
def test_no_filter_shows_anything_of_another_programme(world, as_, query):
    answer = as_("lead").get(reverse(LIST) + query, follow=True)

    shown = {act.programme_id for act in answer.context["cl"].result_list}
    assert shown <= {world.programme.pk}


def test_nothing_can_be_asked_for_that_the_list_does_not_show(world, as_):
    assert as_("lead").get(reverse(LIST) + "?by__password__startswith=a").status_code == 400


def test_the_filter_by_person_names_those_who_did_something_here(world, as_):
    filters = as_("lead").get(reverse(LIST)).context["cl"].filter_specs

    [who] = [each for each in filters if each.title == "who"]
    assert who.lookup_choices == [(world.people["lead"].pk, "Marguerite Fell")]


@pytest.mark.parametrize("role", ["lead", "superuser"])
def test_nobody_adds_changes_or_deletes_an_entry_in_the_admin(world, as_, role):
    browser, act = as_(role), world.lists.act

    assert browser.post(reverse("admin:programmes_act_add"), {"verb": "x"}).status_code == 403
    assert browser.post(reverse("admin:programmes_act_change", args=[act.pk]), {"verb": "x"}).status_code == 403
    assert browser.post(reverse("admin:programmes_act_delete", args=[act.pk]), {"post": "yes"}).status_code == 403
    browser.post(reverse(LIST), {"action": "delete_selected", "_selected_action": [act.pk], "post": "yes", "index": 0})
    assert Act.objects.get(pk=act.pk).verb == "exported"


@pytest.mark.parametrize(
    "change", [lambda acts: acts.update(verb="x"), lambda acts: acts.delete(), lambda acts: acts._raw_delete("default")]
)
def test_the_database_itself_refuses(world, change):
    with pytest.raises(DatabaseError), transaction.atomic():
        change(Act.objects.filter(pk=world.lists.act.pk))

    assert Act.objects.get(pk=world.lists.act.pk).verb == "exported"


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_as_many_statements_for_many(world, as_, django_assert_num_queries, count):
    for _each in range(count):
        record("exported", world.lists.export, by=world.people["lead"], programme=world.programme)
    browser = as_("lead")

    with django_assert_num_queries(11):
        browser.get(reverse(LIST))


def test_things_without_a_page_of_djangos_are_called_by_their_names(world, as_):
    run = MatchRun.objects.create(programme=world.programme, by=world.people["lead"], state="done")
    record("began", run, by=world.people["lead"], programme=world.programme)

    page = as_("lead").get(reverse(LIST)).content.decode()

    assert f'<a href="/admin/programme/matching/{run.pk}/">match run {run.pk}</a>' in page
