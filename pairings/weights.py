"""What counts when a whole cohort is matched, and how much of it: for the programme team to see and to change.

Whatever counts gives a pair 0 to 10 points; the score of a pair is the sum of points times weights.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

MOST = 10  # of a weight
POINTS = 10  # for what counts in full
WISH_STEP = 2  # points that each further wish counts less than the one before
WAITING_STEP = timedelta(weeks=2)  # of waiting for a point
LOAD_STEP = 2  # points taken off for each mentee whom the mentor has already


@dataclass(frozen=True)
class Weight:
    name: str
    label: str | Promise
    hint: str | Promise
    default: int

    @property
    def fix(self):
        """What to say when the number given is none."""
        return format_lazy(_("{label}: choose a whole number from 0 to {most}."), label=self.label, most=MOST)


WEIGHTS = (
    Weight("wishes", _("Wishes"), _("The mentor is one of the mentee’s wishes; the first counts most."), 8),
    Weight("meets_by", _("Ways to meet"), _("Both meet by video, in person or by phone."), 5),
    Weight("sector", _("Sector"), _("Another sector than the mentee’s, or the same: as your rules advise."), 4),
    Weight("region", _("Region"), _("Both live in the same region."), 3),
    Weight("waiting", _("Waiting"), _("Who has waited longest goes first where places are few."), 3),
    Weight("load", _("Even load"), _("Mentors with fewer mentees go first."), 2),
)


def complete(weights: dict) -> dict[str, int]:
    """All weights: those given, and our defaults. Raises ValueError for one that is no whole number from 0 to 10."""
    found = {weight.name: weights.get(weight.name, weight.default) for weight in WEIGHTS}
    for name, value in found.items():
        if not isinstance(value, int) or not 0 <= value <= MOST:
            raise ValueError(f"{name} weighs {value!r}.")
    return found


def points_of_wish(rank: int) -> int:
    """rank: 1 for the first wish."""
    return max(0, POINTS - WISH_STEP * (rank - 1))


def points_of_waiting(waited: timedelta) -> int:
    return max(0, min(POINTS, waited // WAITING_STEP))
