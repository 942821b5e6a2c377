"""Words belong to people: nobody disappears from under them, and what was shared never changes."""

import pytest
from django.contrib.auth.models import AbstractUser
from django.db import IntegrityError, InternalError, connection, transaction
from django.db.models import PROTECT, ProtectedError

from accounts.models import Profile, User
from pairings.models import Pairing
from portfolios import actions
from portfolios.models import Comment, Page, PageDraft, PageVersion, Portfolio
from programmes.models import Enrolment
from tests.factories import PersonFactory, share


@pytest.mark.parametrize("who", ["mentee", "mentor"])
def test_nobody_who_takes_part_can_be_deleted(pair, who):
    actions.add_comment(pair.page, by=pair.mentor, body="Well said.")

    with pytest.raises(ProtectedError):
        getattr(pair, who).delete()


def test_somebody_who_only_ever_commented_cannot_be_deleted(pair):
    author = pair.mentor
    actions.add_comment(pair.page, by=author, body="Well said.")
    Pairing.objects.all().delete()

    with pytest.raises(ProtectedError):
        User.objects.filter(pk=author.pk).delete()
    assert Comment.objects.get().author == author


@pytest.mark.parametrize("model", [Enrolment, Portfolio, Page, PageVersion])
def test_what_words_belong_to_cannot_be_deleted_either(pair, model):
    with pytest.raises(ProtectedError):
        model.objects.all().delete()


def test_somebody_who_wrote_nothing_and_takes_part_in_nothing_can_be_deleted(db):
    PersonFactory().delete()

    assert (User.objects.count(), Profile.objects.count()) == (0, 0)


def test_every_text_holds_on_to_its_author_and_place():
    links = {
        f"{model.__name__}.{field.name}": field.remote_field.on_delete
        for model in (Portfolio, Page, PageDraft, PageVersion, Comment)
        for field in model._meta.fields
        if field.is_relation
    }

    assert {name for name, on_delete in links.items() if on_delete is not PROTECT} == set()
    assert len(links) == 11


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE portfolios_pageversion SET body = 'Other words'",
        "UPDATE portfolios_pageversion SET shared_at = now()",
        "DELETE FROM portfolios_pageversion",
    ],
)
def test_the_database_lets_nobody_change_what_was_shared(pair, sql):
    share(pair.page, "<p>Two.</p>")

    with (
        pytest.raises(InternalError, match="Cannot update or delete rows"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)

    assert list(PageVersion.objects.order_by("number").values_list("body", flat=True)) == [
        "<p>In March I asked to sit in.</p>",
        "<p>Two.</p>",
    ]


def test_the_person_is_ours_from_the_first_migration():
    assert not issubclass(User, AbstractUser)
    assert User._meta.label == "accounts.User"


def test_one_address_is_one_person_in_whatever_case(db):
    PersonFactory(email="ruth@example.org")

    with pytest.raises(IntegrityError, match="one_person_per_email"), transaction.atomic():
        PersonFactory(email="Ruth@Example.org")
