"""Home: what is new, one thing to do, and the people one works with. Reads several apps, so it lives in the shell.

Everybody opens it all the time: at most six small statements, whose SQL is made once (`accounts.compiled`), say
everything, the main navigation and the count beside it included.
"""

from dataclasses import dataclass, field

from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from meetings.notices import PLAN_DUE, PLAN_NUDGE, PLAN_SHARED, TOMORROW
from mentoring.ahead import AHEAD, Ahead, ToDo, ahead_of, next_of, soon_to_do
from mentoring.context import Facts
from mentoring.mentees import Mentee, offer_in_words, present
from mentoring.welcome.steps import coming_in, parts_to_welcome, unfound
from notifications.actions import chosen
from notifications.models import Preference
from notifications.news import Topic, topics, unseen, unseen_with
from pairings.models import MentorRequest
from pairings.news import messages_of, of_event
from pairings.notices import MESSAGE
from pairings.pairs import Pair, pairs_of
from portfolios.own import OwnPortfolio, parts_of
from portfolios.suggestion import Suggestion, suggest
from programmes.models import Application, Enrolment

LATELY = 5
MOST_NEWS = 10
# How the bundles of events begin that are of no pairing (yet).
OF_NO_PAIRING = ("request-", "hand-over-")


@dataclass
class News:
    """What is new in one role: the oldest, and how many `more` there are."""

    topics: list[Topic] = field(default_factory=list)
    more: int = 0

    @property
    def count(self):
        return len(self.topics) + self.more


@dataclass
class AsMentee:
    """`ahead`: of each live pairing; `to_do`: what they said they would do."""

    portfolio: OwnPortfolio
    next: Suggestion
    pair: Pair | None
    had_mentor: bool
    news: News
    lately: list[dict]
    ahead: list[Ahead]
    to_do: list[ToDo]

    @property
    def covered(self):
        """How many criteria have a page that is shared."""
        return len({pk for page in self.portfolio.present if page.is_shared for pk in page.criteria})

    @property
    def covered_percent(self):
        return round(100 * self.covered / len(self.portfolio.goals))


@dataclass
class Starting:
    """A mentee without a portfolio: whom they have, and what is new from them."""

    pair: Pair | None
    had_mentor: bool
    news: News


@dataclass
class AsMentor:
    """`emails`: whether they chose to be told by email. `offer`: “Your offer: space for 1”. `to_do`: what they said
    they would do."""

    mentees: list[Mentee]
    news: News
    lately: list[dict]
    emails: bool
    offer: str
    to_do: list[ToDo]

    @property
    def names(self):
        return [mentee.person.first_name for mentee in self.mentees]


@require_safe
def home(request):
    me, now = request.user, timezone.localtime()
    pairs, threads = pairs_of(me, AHEAD, now=now), unseen(me, _unseen)
    ahead = ahead_of([pair for pair in pairs if pair.is_live], me)
    # Somebody who only mentors has no pages to ask for.
    parts = [] if any(_only_mentors(pair, me) for pair in pairs) else parts_of(me)
    news = _news(me, pairs, threads, ahead)
    as_mentee = _as_mentee(me, parts, pairs, news["mentee"], now, ahead)
    as_mentor = _as_mentor(me, pairs, news["mentor"], ahead)
    arriving = parts_to_welcome(me) if _may_be_arriving(pairs, parts, me) else []
    coming = coming_in(_to_welcome(arriving, pairs, me), has_portfolio=as_mentee is not None or as_mentor is not None)
    may_start = as_mentee is None and not coming and _takes_part(parts, Enrolment.Role.MENTEE)
    asks = _asks(me, threads, pairs)
    no_mentees = as_mentor is None and _takes_part(parts, Enrolment.Role.MENTOR)
    request.facts = _facts(me, pairs, parts, threads)
    context = {
        "greeting": _greeting(now),
        "today": now,
        "as_mentee": as_mentee,
        "as_mentor": as_mentor,
        "primary": _first(asks, coming) or _primary(as_mentee, as_mentor, may_start),
        "coming": coming,
        "unfound": unfound(arriving),
        "asks": asks,
        "open_requests": _open_requests(me) if no_mentees and not asks else [],
        "may_start": may_start,
        "starting": _starting(me, pairs, news["mentee"]) if may_start else None,
        "finding": next((part.step("mentor") for part in arriving if part.is_mentee and part.enrolment.request), None),
        "is_listed": no_mentees and not (coming and coming.is_unlisted),
        "application": None if parts or pairs else _application(me),
    }
    return render(request, "mentoring/home.html", context)


def _may_be_arriving(pairs, parts, me):
    """Whoever has no mentor yet: at their welcome, or waiting for an answer."""
    return not pairs or _looks_for_mentor(me, pairs, parts)


def _to_welcome(arriving, pairs, me):
    """A welcome is over with the first meeting: of somebody who has, or had, a pairing, their part as a mentee where
    they never had one."""
    if not pairs:
        return arriving
    had = {pair.programme_id for pair in pairs if pair.mentee.pk == me.pk}
    return [part for part in arriving if part.is_mentee and part.enrolment.programme_id not in had]


def _only_mentors(pair, me):
    return pair.mentor.pk == me.pk and pair.is_live and not pair.mentor_is_mentee


def _news(me, pairs, threads, ahead):
    """The oldest news of each role; which pairing they come from says in which. What Home says anyway, of a plan to
    write and a meeting that is near, is none."""
    roles = {pair.bundle: "mentor" if pair.mentor.pk == me.pk else "mentee" for pair in pairs}
    by_role = {"mentee": [], "mentor": []}
    for events in threads.values():
        mine = [event for event in events if event.bundle in roles and event.kind not in _SAID_ANYWAY]
        if mine:
            by_role[roles[mine[0].bundle]].append(mine)
    oldest = [event for mine in by_role.values() for events in mine[:MOST_NEWS] for event in events]
    found = {role: News(more=max(0, len(mine) - MOST_NEWS)) for role, mine in by_role.items()}
    things = {MESSAGE.kind: messages_of(me, oldest, pairs), PLAN_SHARED.kind: _plans(oldest, ahead)}
    for topic in topics(me, oldest, pairs, things):
        found[topic.lead.hat].topics.append(topic)
    return found


def _plans(events, ahead):
    """Of the next meetings, as they are told of."""
    told = {event.about_id for event in events if event.kind == PLAN_SHARED.kind}
    return [each.meets.with_plan for each in ahead.values() if each.meets and each.meets.pk in told]


def _asks(me, threads, pairs):
    """What is new of requests, and of mentees whom one is asked to take over: of no pairing yet, and somebody waits."""
    found = [event for events in threads.values() for event in events if event.bundle.startswith(OF_NO_PAIRING)]
    return topics(me, found, pairs) if found else []


def _application(me):
    """How somebody stands who takes no part yet."""
    mine = Application.objects.visible_to(me).filter(state__in=[Application.State.ASKED, Application.State.DECLINED])
    return mine.select_related("programme").order_by("-asked_at", "-pk").first()


def _open_requests(me):
    """Those of mentees whom one talks with or has still to answer."""
    return MentorRequest.objects.open().filter(mentor=me).with_people().order_by("asked_at", "pk")


def _starting(me, pairs, news):
    mine = [pair for pair in pairs if pair.mentee.pk == me.pk]
    return Starting(next((pair for pair in mine if pair.is_live), None), bool(mine), news)


def _as_mentee(me, parts, pairs, news, now, ahead):
    portfolio = next((part.portfolio for part in parts if part.portfolio), None)
    if portfolio is None:
        return None
    mine = [pair for pair in pairs if pair.mentee.pk == me.pk]
    shared = [page for page in portfolio.present if page.is_shared]
    newest = sorted(shared, key=lambda page: page.shared_at, reverse=True)[:LATELY]
    before_me = [ahead[pair.pk] for pair in mine if pair.is_live]
    to_do = [action for each in before_me for action in each.actions]
    return AsMentee(
        portfolio=portfolio,
        next=_next(portfolio, before_me, to_do, now),
        ahead=before_me,
        to_do=to_do,
        pair=next((pair for pair in mine if pair.is_live), None),
        had_mentor=bool(mine),
        news=news,
        lately=[
            _happened(page.shared_at, _("You shared “%(title)s”") % {"title": page.shared_title}, page.url)
            for page in newest
        ],
    )


def _next(portfolio, ahead, to_do, now):
    """Plan a meeting that is near; answer who waits; do what one said one would; then the portfolio."""
    suggested = suggest(portfolio, now=now)
    doing = None if suggested.somebody_waits else soon_to_do(to_do, now.date())
    return next_of(ahead, now) or doing or suggested


def _as_mentor(me, pairs, news, ahead):
    mentored = [pair for pair in pairs if pair.mentor.pk == me.pk and pair.is_live]
    if not mentored:
        return None
    mentees = present(mentored, ahead)
    shared = [(page, mentee.person) for mentee in mentees for page in mentee.shared]
    newest = sorted(shared, key=lambda each: each[0].at, reverse=True)[:LATELY]
    said = _("%(name)s shared “%(title)s”")
    return AsMentor(
        mentees,
        news,
        lately=[
            _happened(page.at, said % {"name": person.first_name, "title": page.title}, page.url)
            for page, person in newest
        ],
        emails=bool(news.count) or chosen(me, "portfolio") != Preference.Choice.OFF,
        offer=offer_in_words(pairs, me),
        to_do=[action for mentee in mentees for action in mentee.ahead.actions],
    )


def _happened(at, text, url):
    """A line of the timeline component."""
    return {"when": date_format(timezone.localtime(at), "j F"), "text": text, "url": url}


def _first(asks, coming):
    """What comes before everything else that could have the filled button."""
    if asks:
        return "asks"
    return "coming" if coming and coming.is_all else ""


def _primary(as_mentee, as_mentor, may_start):
    """Where the one filled button is. Whoever waits for an answer comes first, then what one has not seen, then one's
    own ten minutes."""
    if as_mentee and as_mentee.next.somebody_waits:
        return "next"
    if as_mentor and as_mentor.news.topics:
        return "news"
    if as_mentee or may_start:
        return "next" if as_mentee else "start"
    return "mentees" if as_mentor else "only"


def _facts(me, pairs, parts, threads):
    return Facts(
        has_portfolio=any(part.role == Enrolment.Role.MENTEE for part in parts),
        has_mentees=any(pair.mentor.pk == me.pk for pair in pairs),
        has_messages=bool(pairs),
        looks_for_mentor=_looks_for_mentor(me, pairs, parts),
        new_count=len(threads),
    )


def _looks_for_mentor(me, pairs, parts):
    """In one of their programmes: nobody has two mentors in one."""
    as_mentee = [part for part in parts if part.role == Enrolment.Role.MENTEE and part.is_current]
    return len(as_mentee) > sum(pair.mentee.pk == me.pk and pair.is_live for pair in pairs)


def _takes_part(parts, role):
    return any(part.role == role and part.is_current for part in parts)


def _greeting(now):
    if now.hour < 12:
        return _("Good morning")
    return _("Good afternoon") if now.hour < 18 else _("Good evening")


# A plan to write is the next thing, a meeting stands under Coming up.
_SAID_ANYWAY = {notice.kind for notice in (PLAN_DUE, PLAN_NUDGE, TOMORROW)}
# Messages come with the events that tell of them.
_unseen = unseen_with(lambda: of_event(MESSAGE.kind))
