"""Why two are proposed to each other, and why not somebody else: in words for the programme team."""

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from pairings import rules
from pairings.cohort import Cohort
from pairings.matching import NOBODY

NEAR = 3  # near misses of each mentee
MOST_NAMES = 3
WORTH_SAYING = 28  # days of waiting

_WISHES = {
    1: lambda: _("their first wish"),
    2: lambda: _("their second wish"),
    3: lambda: _("their third wish"),
    4: lambda: _("their fourth wish"),
    5: lambda: _("their fifth wish"),
}
_BOTH_MEET = {
    "video": lambda: pgettext("of two others", "both meet by video"),
    "in_person": lambda: pgettext("of two others", "both meet in person"),
    "phone": lambda: pgettext("of two others", "both talk by phone"),
}


class Explanation:
    """Of one assignment of a cohort. `pinned` and `forbidden` are sets of (row, column)."""

    def __init__(self, cohort: Cohort, mentors: np.ndarray, weights: dict[str, int], pinned, forbidden):
        self.cohort, self.mentors, self.weights = cohort, mentors, weights
        self.pinned, self.forbidden = pinned, forbidden
        self._matched = {}
        for row, column in enumerate(mentors.tolist()):
            self._matched.setdefault(column, []).append(row)

    def reasons(self, row: int, column: int) -> list[str]:
        """What speaks for these two."""
        mentee, mentor = self.cohort.mentee_parties[row], self.cohort.mentor_parties[column]
        programme = self.cohort.programme
        words = [_("you pinned this pair")] if (row, column) in self.pinned else []
        if rank := self.cohort.wishes[row].get(column):
            words.append(_WISHES[rank]())
        if rules.suits_by_sector(mentee.sector, mentor.sector, programme):
            words.append(_("outside their sector") if programme.advises_other_sector else _("same sector"))
        if rules.same_region(mentee.region, mentor.region):
            words.append(_("same region"))
        if ways := mentee.meets_by & mentor.meets_by:
            words.append(_BOTH_MEET[next(way for way in _BOTH_MEET if way in ways)]())
        waited = (self.cohort.now - self.cohort.mentees[row].since).days
        if waited >= WORTH_SAYING:
            words.append(_("has waited %(weeks)d weeks") % {"weeks": waited // 7})
        return words or [_("a free place; nothing else speaks for it")]

    def near(self, rows: slice) -> list[list[dict]]:
        """For each of these mentees those of their wishes who have no room, and the mentors who come next, with why not
        they: {"offer" (None without room), "name", "wish" (words, or ""), "why", "barred"}."""
        lost = [[self._lost(*wish) for wish in wishes] for wishes in self.cohort.lost_wishes[rows]]
        if not self.cohort.offers:
            return lost
        points = self.cohort.points(rows, self.weights)
        barred = self.cohort.bars(rows)
        size = len(self.cohort.offers)
        # Of equals first whom the rules allow, then in the order of the list.
        keys = (points.astype(np.int64) * 2 + ~barred) * size + np.arange(size)[::-1]
        own = self.mentors[rows]
        matched = np.flatnonzero(own != NOBODY)
        keys[matched, own[matched]] = -1
        most = min(NEAR, size)
        best = np.argpartition(keys, size - most, axis=1)[:, size - most :]
        order = np.argsort(-np.take_along_axis(keys, best, axis=1), axis=1)
        return [
            lost[at]
            + [
                self._miss(rows.start + at, int(column), points[at], bool(barred[at, column]))
                for column in columns
                if column != own[at]
            ]
            for at, columns in enumerate(np.take_along_axis(best, order, axis=1))
        ]

    def unmatched(self, row: int) -> list[str]:
        """Why there is nobody for this mentee."""
        if not self.cohort.offers:
            return [_("no mentor has a free place")]
        rows = slice(row, row + 1)
        allowed = ~self.cohort.bars(rows)[0]
        for at, column in self.forbidden:
            if at == row:
                allowed[column] = False
        if not allowed.any():
            return [_("no mentor with a free place may be theirs: see below why not")]
        return [_("there are too few places: those who could be their mentor have others")]

    def _lost(self, rank, name):
        why = [_("has no free place")]
        return {"offer": None, "name": name, "wish": _WISHES[rank](), "why": why, "barred": True}

    def _miss(self, row, column, points, is_barred):
        rank = self.cohort.wishes[row].get(column)
        return {
            "offer": self.cohort.offers[column].pk,
            "name": self.cohort.mentor_parties[column].name,
            "wish": _WISHES[rank]() if rank else "",
            "why": self._why_not(row, column, points, is_barred),
            "barred": is_barred,
        }

    def _why_not(self, row, column, points, is_barred):
        mentee, mentor = self.cohort.mentee_parties[row], self.cohort.mentor_parties[column]
        if is_barred:
            return rules.barred(mentee, mentor, self.cohort.programme, self.cohort.today)
        if (row, column) in self.forbidden:
            return [_("you said: never these two")]
        own = int(self.mentors[row])
        if (row, own) in self.pinned:
            return [_("you pinned another")]
        lacking = [] if own == NOBODY else self._lacking(row, column, own)
        if own != NOBODY and points[column] < points[own] and lacking:
            return lacking
        others = self._matched.get(column, [])
        if others and len(others) >= self.cohort.offers[column].room:
            return [self._gone_to(mentor, others)]
        return lacking or [_("just as good: the lot decided")]

    def _gone_to(self, mentor, rows):
        names = [self.cohort.mentee_parties[row].name for row in rows[:MOST_NAMES]]
        others = len(rows) - len(names)
        if others:
            names.append(ngettext("%(count)d other", "%(count)d others", others) % {"count": others})
        listed = (
            names[0]
            if len(names) == 1
            else _("%(first)s and %(last)s")
            % {
                "first": ", ".join(names[:-1]),
                "last": names[-1],
            }
        )
        given = ngettext("the place went to %(names)s", "the places went to %(names)s", len(rows))
        return given % {"names": listed}

    def _lacking(self, row, column, own):
        """What speaks for the mentor whom they got, and not for this one."""
        cohort = self.cohort
        mentee = cohort.mentee_parties[row]
        this, that = cohort.mentor_parties[column], cohort.mentor_parties[own]
        wish, better_wish = cohort.wishes[row].get(column), cohort.wishes[row].get(own)
        words = []
        if better_wish and (wish is None or wish > better_wish):
            words.append(_("a later wish") if wish else _("not a wish of theirs"))
        if self._suits(mentee, that) and not self._suits(mentee, this):
            words.append(_("not outside their sector") if cohort.programme.advises_other_sector else _("other sector"))
        if rules.same_region(mentee.region, that.region) and not rules.same_region(mentee.region, this.region):
            words.append(_("not in their region"))
        if mentee.meets_by & that.meets_by and not mentee.meets_by & this.meets_by:
            words.append(_("no way to meet in common"))
        held = cohort.offers[column].held
        if self.weights["load"] and held > cohort.offers[own].held:
            words.append(
                ngettext("has %(count)d mentee already", "has %(count)d mentees already", held) % {"count": held}
            )
        elif self.weights["load"] and not words and column in self._matched:
            words.append(_("is proposed to somebody else already"))
        return words

    def _suits(self, mentee, mentor):
        return rules.suits_by_sector(mentee.sector, mentor.sector, self.cohort.programme)
