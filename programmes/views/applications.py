"""Where anybody may ask to take part."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.drafts import drafts_of, let_go
from accounts.once import send_once
from accounts.rescue import words_sent
from programmes import actions
from programmes.forms import ApplicationForm
from programmes.models import Application, Enrolment, Programme
from programmes.refusal import MoveRefused


@require_safe
@login_not_required
def programmes(request):
    """The programmes that anybody may ask to join."""
    return render(request, "programmes/programmes.html", {"programmes": _open()})


@require_safe
@login_not_required
def programme(request, programme_slug):
    """What the programme is; and, for who asked, how that stands."""
    found = _find(request.user, programme_slug)
    context = {"programme": found, "levels": found.levels.all(), "path": reverse("programmes:ask", args=[found.slug])}
    return render(request, "programmes/programme.html", context | _standing(request.user, found))


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request, programme_slug):
    """In which part, towards what, and a few words."""
    found = get_object_or_404(_open(), slug=programme_slug)
    standing = _standing(request.user, found)
    if not standing["is_free"] and request.method != "POST":
        return redirect("programmes:programme", found.slug)
    data, key = words_sent(request), f"application-{found.pk}"
    draft = drafts_of(request.user, [key]).get(key)
    form = ApplicationForm(data, programme=found, taken=standing["roles"], draft=draft, draft_key=key)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(send_once(request.user, form, lambda: _apply(request, found, form)))
        except MoveRefused as refused:
            form.add_error(None, str(refused))
    return render(
        request, "programmes/ask.html", {"programme": found, "form": form}, status=422 if form.errors else 200
    )


@require_POST
def withdrawal(request, programme_slug):
    """Ask no more."""
    mine = Application.objects.visible_to(request.user).filter(programme__slug=programme_slug)
    application = get_object_or_404(mine.order_by("-asked_at", "-pk")[:1])
    try:
        actions.withdraw_application(application, by=request.user)
    except MoveRefused as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, _("Taken back. You can ask again whenever you like."))
    return redirect("programmes:programme", programme_slug)


def _open():
    return Programme.objects.filter(takes_applications=True)


def _find(user, slug):
    """Open to all; whoever asked before sees it also when it takes nobody any more."""
    shown = Q(takes_applications=True)
    if user.is_authenticated:
        shown |= Q(pk__in=Application.objects.visible_to(user).values("programme"))
    return get_object_or_404(Programme.objects.filter(shown), slug=slug)


def _standing(user, programme):
    """What the person is here already, and how what they asked last stands. `is_free`: they may ask."""
    if not user.is_authenticated:
        return {"roles": set(), "application": None, "is_free": True}
    part = Enrolment.objects.current().filter(person=user, programme=programme)
    roles = {Enrolment.Role(role) for role in part.values_list("role", flat=True)}
    mine = Application.objects.visible_to(user).filter(programme=programme).select_related("decided_by__profile")
    last = mine.order_by("asked_at", "pk").last()
    waits = last is not None and last.state == Application.State.ASKED
    return {
        "roles": roles,
        "application": last,
        "is_free": programme.takes_applications and not waits and not roles.issuperset(Application.ROLES),
    }


def _apply(request, programme, form):
    actions.apply(programme, by=request.user, **{"level": None} | form.cleaned_data)
    let_go(request.user, form.draft_key)
    messages.success(request, _("Thank you. The team has your words now and will write to you."))
    return reverse("programmes:programme", args=[programme.slug])
