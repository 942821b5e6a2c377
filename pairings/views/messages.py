from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.drafts import drafts_of, let_go
from accounts.once import send_once
from accounts.rescue import words_sent
from files.actions import store
from files.kinds import ATTACHMENT
from files.types import Refused
from pairings import actions
from pairings.forms import BeforeForm, MessageForm, ReadForm, WordingForm
from pairings.models import Message, MoveRefused, Pairing
from pairings.threads import address_of, address_of_last, read_thread, role_of, threads_of


@require_safe
def threads(request):
    """Whom one writes with; the one thread itself for whoever has no other."""
    lines = threads_of(request.user)
    if len(lines) == 1:
        return redirect(lines[0].url)
    return render(request, "pairings/threads.html", {"lines": lines, "both": len({line.role for line in lines}) > 1})


@require_http_methods(["GET", "HEAD", "POST"])
def thread(request, pairing_slug):
    """The messages of a pairing, with the form for another."""
    pairing = find_pairing(request, pairing_slug)
    data, key = words_sent(request), f"messages-{pairing.pk}"
    draft = None if data else drafts_of(request.user, [key]).get(key)
    name = pairing.other_than(request.user).first_name
    chosen = request.FILES if request.method == "POST" else None
    form = MessageForm(data, chosen, name=name, draft=draft, draft_key=key)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(send_once(request.user, form, lambda: _send(request, pairing, form)))
        except MoveRefused as refused:
            form.add_error(None, str(refused))
        except Refused as refused:
            form.add_error("files", str(refused))
    return _show(request, pairing, form)


@require_POST
def reading(request, pairing_slug):
    """“I’ve read these”."""
    pairing = find_pairing(request, pairing_slug)
    form = ReadForm(request.POST)
    if form.is_valid():
        actions.mark_messages_read(pairing, by=request.user, **form.cleaned_data)
    if request.htmx:
        return HttpResponse(status=204)
    return redirect(address_of_last(pairing))


@require_http_methods(["GET", "HEAD", "POST"])
def wording(request, pairing_slug, number):
    """One's own message in other words."""
    pairing = find_pairing(request, pairing_slug)
    message = find_message(request, pairing, number, author=request.user)
    if request.method != "POST" and not message.is_editable_by(request.user):
        messages.info(request, _("Your time together has ended. The message stays as it is."))
        return redirect(address_of(message))
    data, key = words_sent(request), f"message-{message.pk}-wording"
    form = WordingForm(data, message=message, draft=drafts_of(request.user, [key]).get(key), draft_key=key)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(send_once(request.user, form, lambda: _edit(request, message, form)))
        except MoveRefused as refused:
            form.add_error(None, str(refused))
            form.look_again()
    context = {"back": address_of(message), "form": form}
    return render(request, "pairings/wording.html", context, status=422 if form.errors else 200)


@require_safe
def earlier(request, pairing_slug, number):
    """How a message read before its author changed it."""
    pairing = find_pairing(request, pairing_slug)
    message = find_message(request, pairing, number)
    context = {"back": address_of(message), "message": message, "wordings": message.earlier_wordings.all()}
    return render(request, "pairings/earlier.html", context)


def find_pairing(request, slug):
    """One of the person's own, also when it has ended; `has_others`: whether there is another."""
    request.section = "messages"
    mine = Pairing.objects.visible_to(request.user)
    others = mine.exclude(pk=OuterRef("pk"))
    return get_object_or_404(mine.with_people().annotate(has_others=Exists(others)), slug=slug)


def find_message(request, pairing, number, **more):
    """Of that pairing the message with that number, or Http404; `more`: what else must hold of it."""
    found = Message.objects.visible_to(request.user).select_related("author", "pairing")
    return get_object_or_404(found, pairing=pairing, number=number, **more)


def _show(request, pairing, form):
    before = BeforeForm(request.GET)
    shown = read_thread(pairing, by=request.user, before=before.cleaned_data["before"] if before.is_valid() else None)
    form.initial = shown.read | form.initial
    context = {
        "pairing": pairing,
        "other": pairing.other_than(request.user),
        "role": role_of(request.user.pk, pairing),
        "thread": shown,
        "form": form,
    }
    return render(request, "pairings/messages.html", context, status=422 if form.errors else 200)


def _send(request, pairing, form):
    """Send what the form says; its draft has served. Returns the address of the message."""
    said = form.cleaned_data
    files = [store(upload, owner=request.user, kind=ATTACHMENT) for upload in said["files"]]
    message = actions.send_message(pairing, by=request.user, body=said["body"], files=files, read=form.read)
    let_go(request.user, form.draft_key)
    return message.get_absolute_url()


def _edit(request, message, form):
    said = form.cleaned_data
    actions.edit_message(message, by=request.user, body=said["body"], changes=said["changes"])
    let_go(request.user, form.draft_key)
    return address_of(message)
