"""Showing something that takes long (`programmes.models.exchange.Work`): its stage, how far it is, since when, and a
button to cancel it. Whoever looks may leave and come back.

    if is_under_way(run):
        return show_work(request, run, context, stop=reverse(…), counted=_("mentees"))
    if request.htmx:
        return done()
"""

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import ngettext
from django_htmx.http import HttpResponseClientRefresh


def is_under_way(work) -> bool:
    return work.ended_at is None


def show_work(request, work, context, *, stop: str, counted: str, note: str = "") -> TemplateResponse:
    """The page of work that is under way, or for htmx, which asks every two seconds, the piece that moves.

    `context` is that of the admin's pages, with `title`; `stop` the address to cancel it ("" for those who may not);
    `counted`: what `total` counts; `note`: what else to say.
    """
    since = work.started_at or work.created_at
    context |= {
        "work": work,
        "stop": stop,
        "counted": counted,
        "note": note,
        "elapsed": elapsed(timezone.now() - since) if work.started_at else "",
    }
    page = "admin/programme/work.html"
    return TemplateResponse(request, f"{page}#moving" if request.htmx else page, context)


def done() -> HttpResponse:
    """For htmx, when the work is over: the page is another one now."""
    return HttpResponseClientRefresh()


def elapsed(time) -> str:
    """In words, for people who wait."""
    seconds = max(0, int(time.total_seconds()))
    if seconds < 60:
        return ngettext("%(count)d second", "%(count)d seconds", seconds) % {"count": seconds}
    minutes = seconds // 60
    return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
