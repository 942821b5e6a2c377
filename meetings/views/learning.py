"""What one learnt from a meeting; and the log of all of it, for oneself."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.drafts import drafts_of, let_go
from accounts.once import send_once
from accounts.rescue import words_sent
from files.tables import CSV_TYPE, EXCEL_TYPE, as_csv, as_excel, file_response
from meetings import actions
from meetings.actions.reflecting import PARTS
from meetings.addresses import meeting_url
from meetings.learning_log import file_name, log_of, table_of, totals_of
from meetings.reflecting import criteria_for, learnt_from
from meetings.reflection_forms import ReflectionForm
from meetings.views.finding import SECTION, find_meeting, redirects_old_addresses
from pairings.models import MoveRefused

A_PAGE = 20


@require_http_methods(["GET", "HEAD", "POST"])
@redirects_old_addresses
def learnt(request, pairing_slug, meeting_slug):
    """What I learnt: to write, and after the end of a pairing to read."""
    meeting = find_meeting(request, pairing_slug, meeting_slug)
    found, stale = learnt_from(meeting, request.user), False
    form = _form(request, meeting, found.mine) if found.may_write or request.method == "POST" else None
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(send_once(request.user, form, lambda: _keep(request, meeting, form)))
        except MoveRefused as refused:
            form.add_error(None, str(refused))
            stale = isinstance(refused, actions.ReflectionChanged)
            if stale:
                form.look_again(refused.latest)
    context = {
        "meeting": meeting,
        "pairing": meeting.pairing,
        "other": meeting.other_than(request.user),
        "learnt": found,
        "form": form,
        "stale": stale,
    }
    return render(request, "meetings/learnt.html", context, status=422 if form and form.errors else 200)


@require_safe
def learning(request):
    """One's own log, with sums by year."""
    request.section, now = SECTION, timezone.now()
    page = Paginator(log_of(request.user, now), A_PAGE).get_page(request.GET.get("page"))
    totals = totals_of(request.user, now)
    for meeting in page:
        meeting.other = meeting.other_than(request.user)
        meeting.year = totals.years[timezone.localtime(meeting.starts_at).year]
    return render(request, "meetings/learning.html", {"page": page, "totals": totals})


@require_safe
def learning_csv(request):
    rows, name = _table(request, "csv")
    return file_response(as_csv(rows), CSV_TYPE, name)


@require_safe
def learning_excel(request):
    rows, name = _table(request, "xlsx")
    return file_response(as_excel(rows, title=_("What I learnt")), EXCEL_TYPE, name)


def _table(request, ending):
    now = timezone.now()
    return table_of(request.user, now), file_name(timezone.localdate(now), ending)


def _form(request, meeting, mine):
    key = f"learnt-{meeting.pk}"
    sent = words_sent(request)
    return ReflectionForm(
        sent,
        mine=mine,
        meeting=meeting,
        other=meeting.other_than(request.user),
        criteria=criteria_for(meeting, request.user, mine and mine.criterion),
        draft=None if sent else drafts_of(request.user, [key]).get(key),
        draft_key=key,
    )


def _keep(request, meeting, form):
    said = form.cleaned_data
    kept = actions.keep_reflection(meeting, by=request.user, **said)
    let_go(request.user, form.draft_key)
    name = {"name": meeting.other_than(request.user).first_name}
    if kept is None:
        messages.info(request, _("There is nothing to keep: nothing stands here now."))
    elif kept.is_shared:
        messages.success(request, _("Kept, for you and %(name)s.") % name)
    elif said["is_shared"] and not any(said[part] for part in PARTS):
        messages.success(request, _("Kept. There are no words yet that %(name)s could read.") % name)
    else:
        messages.success(request, _("Kept, for you alone."))
    return f"{meeting_url(meeting)}#learnt"
