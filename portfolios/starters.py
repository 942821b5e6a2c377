"""Three ways to begin a page, each with a few questions. The questions stand beside the editor: they are never part of
the text, so that nobody shares them by accident."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Starter:
    """`title` is what the page is called until its owner calls it something else."""

    key: str
    title: Promise
    line: Promise
    questions: tuple[Promise, ...]


STARTERS = (
    Starter(
        "changed",
        _("Something I changed"),
        _("A routine, a form, a display: small is fine."),
        (
            _("What was it like before?"),
            _("What did you do, and who helped?"),
            _("How do you know that it is better now?"),
        ),
    ),
    Starter(
        "service",
        _("How my service works"),
        _("Who it is for, who decides, and what you would do."),
        (_("Who uses it, and what do they come for?"), _("Who decides what?"), _("What would you do differently?")),
    ),
    Starter(
        "elsewhere",
        _("Something I learnt elsewhere"),
        _("A visit, a talk, a book or a colleague that made you think."),
        (_("Where was it, and why did you go?"), _("What surprised you?"), _("What will you try at your own place?")),
    ),
)

_GENERAL = (_("What happened?"), _("What did you learn?"), _("What do you do differently now?"))


def starter_called(key) -> Starter | None:
    return next((starter for starter in STARTERS if starter.key == key), None)


def questions_for(title: str) -> tuple[Promise, ...]:
    """Questions that help to begin a page of this title: its starter's own, else those that fit any page."""
    own = (starter.questions for starter in STARTERS if str(starter.title) == title)
    return next(own, _GENERAL)
