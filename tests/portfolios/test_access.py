"""The page view asks the rule of the reading window in its own way: in random worlds both ways agree."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from portfolios import access, actions
from portfolios.models import Comment, PageSlug, PageVersion
from portfolios.threads import _comments
from tests.factories import PairingFactory, PersonFactory, ProgrammeFactory, make_portfolio

DAYS = 20


def day(number):
    return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=number)


class World:
    """A page with versions, addresses and comments on random days, and mentors with windows that open and close."""

    def __init__(self, seed):
        self.chance = Random(seed)
        self.mentee, self.programme = PersonFactory(), ProgrammeFactory()
        self.mentors = [PersonFactory() for _ in range(3)]
        self.portfolio = make_portfolio(self.mentee, self.programme)
        self.page = actions.add_page(self.portfolio, title="Page", by=self.mentee, at=day(0))
        self._pair()
        self._share()
        self._talk()
        if self.chance.random() < 0.15:
            self.page.archived_at = day(DAYS)
            self.page.save()

    def _pair(self):
        for number in range(self.chance.randint(1, 5)):
            begins = self.chance.choice([None, day(self.chance.randint(0, DAYS))])
            ends = day(self.chance.randint(0, DAYS)) if number else None
            programme = ProgrammeFactory() if self.chance.random() < 0.2 else self.programme
            PairingFactory(
                programme=programme,
                mentee=self.mentee,
                mentor=self.chance.choice(self.mentors),
                reads_from=begins,
                **({"state": "ended", "ended_at": ends, "reads_until": ends} if ends else {}),
            )

    def _share(self):
        for number, at in enumerate(sorted(self.chance.sample(range(DAYS), 6)), 1):
            fields = {"title": "Page", "body": "<p>Words.</p>", "words": 1, "shared_by": self.mentee}
            self.page.latest = PageVersion.objects.create(page=self.page, number=number, shared_at=day(at), **fields)
            if self.chance.random() < 0.5:
                self.page.slug = f"page-of-day-{at}"
                PageSlug.objects.create(page=self.page, portfolio=self.portfolio, slug=self.page.slug, given_at=day(at))
            self.page.save()

    def _talk(self):
        versions, roots = list(self.page.versions.all()), [None]
        for _comment in range(12):
            comment = Comment.objects.create(
                page=self.page,
                version=self.chance.choice(versions),
                parent=self.chance.choice(roots),
                author=self.chance.choice([self.mentee, *self.mentors]),
                body="Words.",
                created_at=day(self.chance.randint(0, DAYS)),
            )
            roots += [comment] if comment.parent is None else []


@pytest.mark.parametrize("seed", range(12))
def test_what_is_found_is_what_is_visible(db, seed):
    world = World(seed)
    page = world.page

    for reader in [world.mentee, *world.mentors, PersonFactory()]:
        versions = list(PageVersion.objects.visible_to(reader).filter(page=page).order_by("number"))
        comments = set(Comment.objects.visible_to(reader).filter(page=page).values_list("pk", flat=True))
        known = set(PageSlug.objects.visible_to(reader).filter(page=page).values_list("slug", flat=True))
        for slug in page.slugs.values_list("slug", flat=True):
            found = access.find(reader, world.portfolio.slug, slug)

            assert (found is not None) == (bool(versions) and slug in known)
            if found:
                rows = found.access.rows(_comments, version=found.newest.pk, reader=reader.pk)
                assert (found.newest, {row.pk for row in rows}) == (versions[-1], comments)
                assert found.address in known
                assert found.may_comment == type(page).objects.commentable_by(reader).filter(pk=page.pk).exists()
