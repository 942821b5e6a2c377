import re

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponse
from django.middleware.csrf import REASON_NO_CSRF_COOKIE, get_token
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import drafts, rescue
from accounts.forms import DisplayForm, TimeForm
from accounts.middleware import is_of_somebody_else
from accounts.models import Draft
from accounts.rescue import words_sent


@require_safe
def security(request):
    return render(request, "accounts/security.html")


@require_http_methods(["GET", "HEAD", "POST"])
def display(request):
    """Colours and letters."""
    return _setting(request, DisplayForm, "accounts/display.html")


@require_http_methods(["GET", "HEAD", "POST"])
def time(request):
    """The time zone in which times are shown and emails are timed."""
    return _setting(request, TimeForm, "accounts/time.html")


@require_POST
def draft(request, key):
    """Autosave: answers with the time and the new counter, 422 when it can't, 409 with the other text."""
    if len(key) > Draft._meta.get_field("key").max_length:
        raise Http404
    names = [name for name in request.POST if name not in ("csrfmiddlewaretoken", "draft_saves")]
    words = {name: "\n".join(request.POST.getlist(name)) for name in names}
    try:
        saved = drafts.keep(request.user, key, fields=words, saves=_counter(request.POST.get("draft_saves", "")))
    except drafts.TooMuch as refused:
        return render(request, "accounts/draft.html", {"refused": refused}, status=422)
    except drafts.Stale as clash:
        return render(request, "accounts/draft.html", _both(words, clash.draft), status=409)
    return render(request, "accounts/draft.html", {"saved": saved})


def csrf_failure(request, reason=""):
    """A form whose token is stale: its writer signed in anew since, or let it lie for long. Its words are held."""
    if "X-Person" in request.headers:
        return _new_token(request)
    kept = rescue.hold(request)
    if kept and kept.person == request.user:
        if "written_by" not in request.POST:
            messages.warning(request, _("This page had grown old. Please do that once more."))
        response = redirect(rescue.way_back(request))
    elif kept and not request.user.is_authenticated:
        messages.info(request, _("You’ve been signed out. Sign in, and what you wrote will be there."))
        response = redirect_to_login(rescue.way_back(request))
    else:
        context = {"kept": kept, "no_cookie": reason == REASON_NO_CSRF_COOKIE}
        return render(request, "403_csrf.html", context, status=403)
    rescue.remember(response, kept)
    return response


def _both(mine, other):
    """The texts that differ, of each side."""
    theirs = other.fields
    return {
        "mine": [text for name, text in mine.items() if text != theirs.get(name)],
        "theirs": [text for name, text in theirs.items() if text != mine.get(name)],
        "other": other,
    }


def _counter(text):
    return int(text) if re.fullmatch("[0-9]{1,10}", text) else 0


def _new_token(request):
    """A script that saves words asks again with the token that it gets here: nobody else can read the answer."""
    if not request.user.is_authenticated or is_of_somebody_else(request):
        return HttpResponse(status=401)
    return HttpResponse(status=403, headers={"X-CSRFToken": get_token(request)})


def _setting(request, form_class, template):
    form = form_class(words_sent(request), instance=request.user.profile)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect(request.path)
    return render(request, template, {"form": form}, status=422 if form.errors else 200)
