"""What two have before them: their next meeting, times to choose from, what one said one would do. Asked together with
one's pairings, so that on everybody's Home it takes no statement of its own."""

import json
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import SimpleNamespace

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, F, OuterRef, Subquery
from django.db.models.functions import Cast, JSONObject, Left
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.compiled import Given
from meetings.models import Action, Answer, Meeting, Plan
from pairings.pairs import Pair, pairs_with
from portfolios.suggestion import Suggestion

PLAN_WITHIN, DO_WITHIN = timedelta(days=10), timedelta(days=7)
MOST_ACTIONS = 5
OPENING = 200  # characters
State = Meeting.State


@dataclass(frozen=True)
class Meets:
    """The next meeting of a pair. `number`: of the plan that holds, None where none is shared; `plan_read`: of the one
    that the mentor read last; `talk`: how it begins what to talk about."""

    pair: Pair
    pk: int
    slug: str
    starts_at: datetime
    number: int | None
    plan_read: int
    talk: str | None = field(repr=False)

    @property
    def day(self):
        return date_format(localtime(self.starts_at), "D j M")

    @property
    def url(self):
        return reverse("meetings:meeting", args=[self.pair.slug, self.slug])

    @property
    def plan_url(self):
        return reverse("meetings:plan", args=[self.pair.slug, self.slug])

    @property
    def with_plan(self):
        """As what tells of its plan needs it."""
        return SimpleNamespace(**vars(self) | {"pairing": self.pair, "has_plan": self.number is not None})


@dataclass(frozen=True)
class Offered:
    """Times to choose from; `is_mine`: to choose."""

    pair: Pair
    slug: str
    is_mine: bool

    @property
    def url(self):
        return reverse("meetings:meeting", args=[self.pair.slug, self.slug])


@dataclass(frozen=True)
class ToDo:
    """What one said one would do, by the day `due`, if any."""

    pair: Pair
    key: str
    words: str = field(repr=False)
    due: date | None

    @property
    def place(self):
        return f"{reverse('meetings:actions', args=[self.pair.slug])}#action-{self.key}"


@dataclass(frozen=True)
class Ahead:
    pair: Pair
    meets: Meets | None
    offered: Offered | None
    actions: list[ToDo]


def ahead_of(pairs, me) -> dict[int, Ahead]:
    """By the key of the pair; `pairs` live, and asked for with `AHEAD`."""
    return {pair.pk: _ahead(pair, me) for pair in pairs}


def next_of(ahead, now) -> Suggestion | None:
    """Of a mentee: the plan of a meeting that is near. `now`: as clocks show it where they are."""
    last = now.date() + PLAN_WITHIN
    near = [each.meets for each in ahead if each.meets and localtime(each.meets.starts_at).date() <= last]
    to_plan = [meets for meets in near if meets.number is None]
    if not to_plan:
        return None
    meets = min(to_plan, key=lambda each: each.starts_at)
    words = {"name": meets.pair.mentor.first_name, "day": meets.day}
    return Suggestion(
        title=_("Plan your meeting with %(name)s (%(day)s)") % words,
        words=_("A few short questions. %(name)s reads it before you meet.") % words,
        url=meets.plan_url,
        button=_("Write plan"),
        somebody_waits=True,
    )


def soon_to_do(actions, today) -> Suggestion | None:
    """What one said one would do within the week, or before."""
    due = [action for action in actions if action.due and action.due - today <= DO_WITHIN]
    if not due:
        return None
    first = min(due, key=lambda action: action.due)
    words = {"words": first.words, "day": date_format(first.due, "l j F")}
    return Suggestion(
        title=_("“%(words)s”") % words,
        words=(
            _("You said you’d do it by %(day)s.")
            if first.due >= today
            else _("You said you’d do it by %(day)s. Still worth it?")
        )
        % words,
        url=first.place,
        button=_("Tick off or move"),
    )


def _ahead(pair, me):
    meets, offered, actions = pair.more
    return Ahead(
        pair,
        meets and _meets(pair, json.loads(meets)),
        offered and _offered(pair, json.loads(offered), me),
        [_to_do(pair, json.loads(action)) for action in actions],
    )


def _meets(pair, found):
    return Meets(pair, **found | {"starts_at": datetime.fromisoformat(found["starts_at"])})


def _offered(pair, found, me):
    return Offered(pair, found["slug"], found["by"] != me.pk)


def _to_do(pair, found):
    return ToDo(pair, **found | {"due": found["due"] and date.fromisoformat(found["due"])})


def _make():
    mine = Meeting.objects.filter(pairing=OuterRef("pk"))
    plans = Plan.objects.filter(meeting=OuterRef("pk")).order_by("-number")
    needed = Answer.objects.filter(plan__meeting=OuterRef("pk"), question__is_needed=True)
    talk = needed.order_by("-plan__number", "question__position").values(opening=Left("words", OPENING))
    meets = JSONObject(
        **{name: name for name in ("pk", "slug", "starts_at", "plan_read")},
        number=Subquery(plans.values("number")[:1]),
        talk=Subquery(talk[:1]),
    )
    coming = mine.filter(state=State.BOOKED, ends_at__gt=Given("now")).order_by("starts_at")
    offered = mine.filter(state=State.PROPOSED).order_by()
    to_do = Action.objects.open().filter(pairing=OuterRef("pk"), person=Given("person"))
    return {
        "meets": Subquery(coming.values(row=meets)[:1]),
        "offered": Subquery(offered.values(row=JSONObject(slug="slug", by="offered_by_id"))[:1]),
        "to_do": ArraySubquery(
            to_do.order_by(F("due").asc(nulls_last=True), "pk").values(
                row=JSONObject(key=Cast("key", CharField()), words="words", due="due")
            )[:MOST_ACTIONS]
        ),
    }


AHEAD = pairs_with(_make)
