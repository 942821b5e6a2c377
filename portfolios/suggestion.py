"""One thing to do in ten minutes.

The first of these that applies, explained by its order: somebody waits for an answer; something was written that nobody
has seen; something was begun; something is missing; something is short; something new.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portfolios.starters import STARTERS

# Changes that nobody has seen for so long may have been forgotten.
FORGOTTEN = timedelta(days=3)
# A page of so many words can do without another example.
ENOUGH = 300
# A criterion may have so many pages fewer than another before it is mentioned.
UNEVEN = 2


@dataclass(frozen=True)
class Suggestion:
    """`somebody_waits`: for an answer, so that it comes before anything else."""

    title: str
    words: str
    url: str
    button: str
    somebody_waits: bool = False


def suggest(portfolio, *, now) -> Suggestion:
    """The one suggestion for an `own.OwnPortfolio`."""
    pages = portfolio.present
    found = (
        _answer(pages)
        or _share(pages, now)
        or _go_on(pages)
        or _name_criterion(pages, portfolio.goals)
        or _fill_gap(pages, portfolio)
        or _add_example(pages)
    )
    return found or _begin(pages, portfolio)


def _answer(pages):
    """The question that was asked first."""
    asked = [page for page in pages if page.question]
    if not asked:
        return None
    page = min(asked, key=lambda page: page.question.asked_at)
    names = {"name": page.question.asked_by.first_name, "title": page.title}
    return Suggestion(
        title=_("%(name)s asked you something on “%(title)s”") % names,
        words=_("“%(words)s”") % {"words": Truncator(page.question.opening).words(25, truncate="…")},
        url=f"{page.url}#comment-{page.question.pk}",
        button=_("Answer %(name)s") % names,
        somebody_waits=True,
    )


def _share(pages, now):
    waiting = [page for page in pages if page.has_changes and page.saved_at < now - FORGOTTEN]
    if not waiting:
        return None
    page = min(waiting, key=lambda page: page.saved_at)
    return Suggestion(
        title=_("Share what you changed in “%(title)s”") % {"title": page.title},
        words=_("You wrote it on %(day)s, and nobody has seen it yet.") % {"day": _day(page.saved_at)},
        url=page.share_url,
        button=_("Look at it once more"),
    )


def _go_on(pages):
    begun = [page for page in pages if not page.is_shared]
    if not begun:
        return None
    page = min(begun, key=lambda page: page.saved_at)
    if page.is_blank:
        words = _("It is still empty. Three sentences are a good beginning.")
    else:
        words = _("You wrote in it last on %(day)s. Only you can see it.") % {"day": _day(page.saved_at)}
    return Suggestion(
        title=_("Go on with “%(title)s”") % {"title": page.title},
        words=words,
        url=page.edit_url,
        button=_("Write for ten minutes"),
    )


def _name_criterion(pages, goals):
    without = [page for page in pages if goals and not page.criteria]
    if not without:
        return None
    page = without[0]
    return Suggestion(
        title=_("Say which criterion “%(title)s” speaks to") % {"title": page.title},
        words=_("Read it once more, and tick one below your words."),
        url=page.edit_url,
        button=_("Open the page"),
    )


def _fill_gap(pages, portfolio):
    """The criterion with the fewest pages, when it has none, or clearly fewer than another."""
    counts = {goal: sum(goal.pk in page.criteria for page in pages) for goal in portfolio.goals}
    if not pages or not counts:
        return None
    goal = min(counts, key=lambda goal: (counts[goal], goal.number))
    fewest = counts[goal]
    if fewest and max(counts.values()) - fewest < UNEVEN:
        return None
    if fewest:
        words = ngettext("It has one page so far.", "It has %(count)d pages so far.", fewest) % {"count": fewest}
    else:
        words = _("None of your pages speaks to it yet.")
    return Suggestion(
        title=_("Begin a page on “%(criterion)s”") % {"criterion": goal.name},
        words=words,
        url=f"{portfolio.new_url}?criterion={goal.number}",
        button=_("Begin a page"),
    )


def _add_example(pages):
    page = min(pages, key=lambda page: page.words, default=None)
    if page is None or page.words >= ENOUGH:
        return None
    counted = ngettext("It has %(count)d word, the fewest of your pages.",
                       "It has %(count)d words, the fewest of your pages.", page.words)  # fmt: skip
    return Suggestion(
        title=_("Add one example to “%(title)s”") % {"title": page.title},
        words=counted % {"count": page.words},
        url=page.edit_url,
        button=_("Open the page"),
    )


def _begin(pages, portfolio):
    """The first starter that was not used, else a page of any other title."""
    used = {page.title for page in pages}
    starter = next((starter for starter in STARTERS if str(starter.title) not in used), None)
    if starter is None:
        return Suggestion(
            title=_("Begin something new"),
            words=_("What did you do this month that went otherwise than before?"),
            url=portfolio.new_url,
            button=_("Write for ten minutes"),
        )
    return Suggestion(
        title=_("Begin a page: “%(title)s”") % {"title": starter.title},
        words=str(starter.line),
        url=f"{portfolio.new_url}?starter={starter.key}",
        button=_("Write for ten minutes"),
    )


def _day(moment):
    return date_format(timezone.localtime(moment), "j F")
