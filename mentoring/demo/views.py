"""The demo's own pages: one-click sign-in, the outbox, and every component in its states. Mounted in demo mode only."""

from csp.decorators import csp_replace, csp_update
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from mentoring.demo import seed, sent_mail
from mentoring.demo.accounts import ACCOUNTS
from mentoring.demo.answering import answer
from mentoring.demo.samples import samples
from notifications import delivery, outbox
from notifications.models import Email, Notification


@require_POST
@login_not_required
def sign_in(request):
    """Sign in as one of the demo's people, whose password is public anyway."""
    key = request.POST.get("key", "")
    if key not in [account.key for account in ACCOUNTS]:
        raise Http404
    user = get_object_or_404(User, email=f"{key}@{seed.DOMAIN}", is_active=True)
    login(request, user, backend="accounts.backends.EmailBackend")
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return redirect(wanted if safe else "home")


@require_safe
@login_not_required
def outbox_page(request):
    waiting = Notification.objects.waiting().select_related("person", "event").order_by("due_at")
    unsent = Email.objects.filter(state__in=[Email.State.WAITING, Email.State.SENDING]).select_related("person")
    return render(
        request,
        "mentoring/demo/outbox.html",
        {"sent": sent_mail.sent(), "waiting": waiting[:100], "unsent": unsent[:100]},
    )


@require_POST
@login_not_required
def send_now(request):
    """Send everything that waits, without waiting for its hour."""
    now = timezone.now()
    Notification.objects.waiting().update(due_at=now)
    Email.objects.filter(state=Email.State.WAITING).update(due_at=now)
    outbox.gather(now, heed_cap=False)
    count = delivery.deliver_due()
    messages.success(request, _("Done: %(count)d emails looked at.") % {"count": count})
    return redirect("demo_outbox")


@require_safe
@csp_update({"frame-src": ["'self'"]})
@login_not_required
def message(request, name):
    return render(request, "mentoring/demo/message.html", {"sent": _find(name)})


@require_POST
@login_not_required
def reply(request, name):
    """Answer the email as the person who got it: the demo's emails can be answered like any other."""
    sent, words = _find(name), request.POST.get("words", "").strip()
    if not sent.message["Reply-To"]:
        raise Http404
    taken = answer(sent, words) if words else None
    if taken and taken.outcome == taken.Outcome.TAKEN:
        messages.success(request, _("Your reply arrived. Sign in to see it there."))
    elif taken:
        messages.warning(request, _("Your reply was not taken. An email in the outbox says why."))
    else:
        messages.warning(request, _("Write a few words first."))
    return redirect("demo_outbox" if taken else reverse("demo_message", args=[name]))


@require_safe
@xframe_options_sameorigin
@csp_replace({"style-src": ["'unsafe-inline'"], "script-src": ["'none'"], "frame-ancestors": ["'self'"]})
@login_not_required
def body(request, name):
    """The HTML of an email, as a mail client would show it: its own style, no script, in a frame."""
    # Its links leave the frame, as they would leave a mail client.
    return HttpResponse(_find(name).html.replace("<a ", '<a target="_top" '))


@require_safe
@login_not_required
def components(request):
    return render(request, "mentoring/components.html", samples())


def _find(name):
    found = sent_mail.find(name)
    if found is None:
        raise Http404
    return found
