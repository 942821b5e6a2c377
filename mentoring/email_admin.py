"""How email is doing, for those who run a programme. Counts, names and reasons: never what an email says."""

from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.models import User
from mentoring import plots
from mentoring.health import late_since
from notifications import figures
from notifications.models import Email
from notifications.reasons import meaning
from notifications.wake import queue_answers
from programmes.models import people_administered_by

LOOK, RETRY = "notifications.view_email", "notifications.change_email"
MOST_REASONS, MOST_ADDRESSES = 12, 50
State = Email.State
_ENDED = (State.SENT, State.DROPPED, State.FAILED)


def late_email(user):
    """What the banner of every page says when email is late; None when it is not."""
    now = timezone.now()
    since = late_since(now)
    if since is None:
        return None
    return {
        "since": since,
        "is_today": timezone.localdate(since) == timezone.localdate(now),
        "waited": _age(since, now),
        "may_look": user.has_perm(LOOK),
    }


@require_safe
def email_health(request, site):
    """The page “How email is doing” of the admin `site`."""
    if not request.user.has_perm(LOOK):
        raise PermissionDenied
    context = {
        **site.each_context(request),
        "title": _("How email is doing"),
        "queue_answers": queue_answers(),
        "may_retry": request.user.has_perm(RETRY),
        **_figures(request.user, timezone.now()),
    }
    return TemplateResponse(request, "admin/email_health.html", context)


def _figures(user, now):
    """The numbers of the people whom `user` looks after, for the template."""
    people = people_administered_by(User.objects.all(), user)
    mine = Q() if user.is_superuser else Q(person__in=people)
    unsent = figures.unsent(mine)
    stopped = list(figures.stopped(people, MOST_ADDRESSES, also_nobodys=user.is_superuser))
    return {
        "unsent": unsent,
        "oldest": _age(unsent["oldest"], now) if unsent["oldest"] else "",
        **_ended(figures.ended(mine, now, timezone.get_current_timezone())),
        "stopped": stopped,
        "stopped_others": stopped[0].total - len(stopped) if stopped else 0,
        "came_in": figures.came_in(mine, now),
    }


def _ended(ended):
    return {
        "spans": [(state.label, ended.last_day[state], ended.last_week[state]) for state in _ENDED],
        "days": ended.days,
        "summary": _summary(ended.days),
        "most": max(count for _day, sent, failed in ended.days for count in (sent, failed)),
        "plot": plots.columns((sent, failed) for _day, sent, failed in ended.days),
        "failed": [_in_words(reason) for reason in ended.failed[:MOST_REASONS]],
        "failed_others": len(ended.failed[MOST_REASONS:]),
        "dropped": [_in_words(reason) for reason in ended.dropped[:MOST_REASONS]],
    }


def _age(since, now):
    return timesince(since, now, depth=1)


def _summary(days):
    """The plot in one sentence."""
    sent, failed = sum(day[1] for day in days), sum(day[2] for day in days)
    words = ngettext("%(sent)d email sent", "%(sent)d emails sent", sent) % {"sent": sent}
    return _("%(sent)s and %(failed)d failed in %(days)d days.") % {"sent": words, "failed": failed, "days": len(days)}


def _in_words(reason):
    query = urlencode({"state__exact": State.FAILED, "reason": reason.family})
    return {
        "reason": reason,
        "meaning": meaning(reason.family),
        "url": f"{reverse('admin:notifications_email_changelist')}?{query}",
    }
