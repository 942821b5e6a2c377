"""A compiled query is the QuerySet that it was made from, asked with other values."""

import pytest
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef

from accounts.compiled import Among, Compiled, Given
from pairings.models import Pairing
from programmes.models import Enrolment
from tests.factories import EnrolmentFactory, PairingFactory

pytestmark = pytest.mark.django_db


def test_it_is_made_once_and_asked_with_other_values(django_assert_num_queries):
    made = []

    def make():
        made.append(1)
        return (
            Enrolment.objects.current()
            .filter(person=Given("person"), role="mentee")
            .values("pk", name=F("person__name"))
        )

    ask = Compiled(make)
    people = [EnrolmentFactory(person__name=name).person for name in ("Amina", "Hana")]

    with django_assert_num_queries(2):
        found = [[row.name for row in ask(person=person.pk)] for person in people]

    assert found == [["Amina"], ["Hana"]]
    assert ask(person=0) == []
    assert made == [1]


@pytest.mark.parametrize("chosen", [[], [0], [0, 2]])
def test_a_list_of_keys_is_one_value_however_long(chosen):
    enrolments = [EnrolmentFactory() for _ in range(3)]
    ask = Compiled(lambda: Enrolment.objects.filter(Among("pk", Given("ids"))).order_by("pk").values("pk"))

    assert [row.pk for row in ask(ids=[enrolments[each].pk for each in chosen])] == [
        enrolments[each].pk for each in chosen
    ]


def test_a_value_may_stand_anywhere_even_in_a_subquery_and_twice():
    pairing = PairingFactory()
    other = PairingFactory(mentee=pairing.mentee)
    theirs = Pairing.objects.visible_to(Given("person")).filter(programme=OuterRef("programme")).values("slug")
    ask = Compiled(lambda: Pairing.objects.order_by("pk").values("pk", slugs=ArraySubquery(theirs)))

    assert [tuple(row) for row in ask(person=pairing.mentor_id)] == [(pairing.pk, [pairing.slug]), (other.pk, [])]
    assert [len(row.slugs) for row in ask(person=pairing.mentee_id)] == [1, 1]


def test_what_is_not_given_is_an_error_and_what_is_given_is_no_sql():
    ask = Compiled(lambda: Enrolment.objects.filter(person__name=Given("name")).values("pk"))
    EnrolmentFactory(person__name="'; DROP TABLE accounts_user; --")

    with pytest.raises(KeyError):
        ask()
    assert len(ask(name="'; DROP TABLE accounts_user; --")) == 1
    assert ask(name="' OR '1' = '1") == []
