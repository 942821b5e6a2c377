"""A cohort that is to be matched, as rows and as arrays: what `pairings.rules` says of two people, here said of all
mentees and all mentors at once. Tests hold the two together."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import NamedTuple

import numpy as np
from django.utils import timezone

from pairings import rules
from pairings.matching import BARRED
from pairings.models import Wish
from pairings.waiting import offers_with_room, waiting_mentees
from pairings.weights import POINTS, points_of_waiting, points_of_wish

AT_A_TIME = 500  # mentees
_NOT_SAID = -1
_NAME = "offer__enrolment__person__name"


class Wishes(NamedTuple):
    """For each row: of mentors with room, and of others."""

    there: list[dict[int, int]]
    lost: list[list[tuple[int, str]]]


class Cohort:
    """Mentees who wait (rows) and mentors with room (columns), both in the order of their keys.

    `mentees` are enrolments with `since`, `offers` offers; `mentee_parties`, `mentor_parties` the same for the rules.
    `wishes`: for each row {column: rank}; `lost_wishes`: for each row (rank, name) of mentors without room.
    """

    def __init__(self, programme, mentees, offers, wishes: Wishes, now: datetime):
        self.programme, self.mentees, self.offers, self.now = programme, mentees, offers, now
        self.wishes, self.lost_wishes = wishes
        self.today = timezone.localtime(now).date()
        self.mentee_parties = [rules.party_of_mentee(enrolment) for enrolment in mentees]
        self.mentor_parties = [rules.party_of_mentor(offer) for offer in offers]
        mine, theirs = self.mentee_parties, self.mentor_parties
        self._sectors = _keys(party.sector for party in mine), _keys(party.sector for party in theirs)
        self._regions = _keys(party.region for party in mine), _keys(party.region for party in theirs)
        ways = {way: 1 << number for number, way in enumerate(sorted(set().union(*(p.meets_by for p in mine))))}
        self._ways = _bits(mine, ways), _bits(theirs, ways)
        self._waiting = np.array([points_of_waiting(now - each.since) for each in mentees], dtype=np.int16)
        self._never = self._find_never()
        self._without_level = self._find_without_level()
        trained = [rules.is_trained(party.trained_until, self.today) for party in theirs]
        self._untrained = ~np.array(trained, dtype=bool) & programme.needs_training

    def blocks(self) -> Iterator[slice]:
        """The rows, some at a time."""
        for start in range(0, len(self.mentees), AT_A_TIME):
            yield slice(start, min(start + AT_A_TIME, len(self.mentees)))

    def points(self, rows: slice, weights: dict[str, int]) -> np.ndarray:
        """Of these mentees with every mentor, allowed or not: int16, rows × mentors."""
        sector, region, ways = self.facts(rows)
        points = POINTS * (
            weights["sector"] * sector.astype(np.int16)
            + weights["region"] * region.astype(np.int16)
            + weights["meets_by"] * ways.astype(np.int16)
        )
        points += weights["waiting"] * self._waiting[rows, None]
        for row in range(rows.start, rows.stop):
            for column, rank in self.wishes[row].items():
                points[row - rows.start, column] += weights["wishes"] * points_of_wish(rank)
        return points

    def facts(self, rows: slice) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Whether the sectors suit, the regions are one, and there is a way in which both meet: each rows × mentors."""
        mine, theirs = self._sectors[0][rows, None], self._sectors[1]
        said = (mine != _NOT_SAID) & (theirs != _NOT_SAID)
        sector = said & ((mine != theirs) == self.programme.advises_other_sector)
        mine, theirs = self._regions[0][rows, None], self._regions[1]
        region = (mine != _NOT_SAID) & (mine == theirs)
        return sector, region, (self._ways[0][rows, None] & self._ways[1]) != 0

    def bars(self, rows: slice) -> np.ndarray:
        """Whether the rules bar each pair of these mentees with every mentor: rows × mentors."""
        barred = np.zeros((rows.stop - rows.start, len(self.offers)), dtype=bool)
        barred |= self._untrained
        for row in range(rows.start, rows.stop):
            barred[row - rows.start, self._never[row]] = True
            if self.programme.needs_level:
                barred[row - rows.start] |= self._without_level[self.mentee_parties[row].level]
        return barred

    def scores(self, weights: dict[str, int], tell: Callable[[int], None]) -> np.ndarray:
        """For `matching.assign`: int16, mentees × mentors. `tell` is called with how many mentees are done."""
        scores = np.empty((len(self.mentees), len(self.offers)), dtype=np.int16)
        for rows in self.blocks():
            scores[rows] = np.where(self.bars(rows), BARRED, self.points(rows, weights))
            tell(rows.stop)
        return scores

    def _find_never(self):
        """For each mentee the mentors who are they themselves, their line manager, or of their employer."""
        by_person, by_employer, by_key = {}, {}, {}
        for column, party in enumerate(self.mentor_parties):
            by_person.setdefault(party.person, []).append(column)
            by_employer.setdefault(rules.employer_key(party.employer), []).append(column)
            for key in rules.keys_of(party.name, party.email):
                by_key.setdefault(key, []).append(column)
        by_employer.pop("", None)
        found = []
        for party in self.mentee_parties:
            never = set(by_person.get(party.person, ()))
            if self.programme.bars_same_employer:
                never.update(by_employer.get(rules.employer_key(party.employer), ()))
            if self.programme.bars_line_manager:
                for key in rules.manager_keys(party.line_manager):
                    never.update(by_key.get(key, ()))
            found.append(sorted(never))
        return found

    def _find_without_level(self):
        """For each level that mentees work towards, who does not hold it."""
        levels = {party.level for party in self.mentee_parties}
        return {
            level: np.array([not rules.holds_level(level, party.holds) for party in self.mentor_parties], dtype=bool)
            for level in levels
        }


def gather(programme, now: datetime) -> Cohort:
    """Everybody of the programme who waits, and every mentor with room, in four statements."""
    today = timezone.localtime(now).date()
    mentees = list(waiting_mentees(programme).select_related("person__profile").order_by("pk"))
    offers = offers_with_room(programme, today).select_related("enrolment__person__profile").prefetch_related("holds")
    offers = list(offers.order_by("pk"))
    row_of = {enrolment.pk: row for row, enrolment in enumerate(mentees)}
    column_of = {offer.pk: column for column, offer in enumerate(offers)}
    wishes = Wishes([{} for _ in mentees], [[] for _ in mentees])
    all_wishes = Wish.objects.filter(enrolment__programme=programme).order_by("rank")
    for mentee, offer, rank, name in all_wishes.values_list("enrolment", "offer", "rank", _NAME):
        if mentee in row_of and offer in column_of:
            wishes.there[row_of[mentee]][column_of[offer]] = rank
        elif mentee in row_of:
            wishes.lost[row_of[mentee]].append((rank, name))
    return Cohort(programme, mentees, offers, wishes, now)


def _keys(values):
    return np.array([_NOT_SAID if value is None else value for value in values], dtype=np.int64)


def _bits(parties, ways):
    return np.array([sum(ways.get(way, 0) for way in party.meets_by) for party in parties], dtype=np.int64)
