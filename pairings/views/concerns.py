from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.drafts import drafts_of, let_go
from accounts.once import send_once
from accounts.rescue import words_sent
from pairings import actions
from pairings.forms import ConcernForm
from pairings.models import MoveRefused, readers_of_concerns
from pairings.views.messages import find_pairing


@require_http_methods(["GET", "HEAD", "POST"])
def concern(request, pairing_slug):
    """“Worried about something? Tell the programme team.”"""
    pairing = find_pairing(request, pairing_slug)
    data, key = words_sent(request), f"concern-{pairing.pk}"
    form = ConcernForm(data, draft=drafts_of(request.user, [key]).get(key), draft_key=key)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(send_once(request.user, form, lambda: _raise(request, pairing, form)))
        except MoveRefused as refused:
            form.add_error(None, str(refused))
    context = {
        "pairing": pairing,
        "other": pairing.other_than(request.user),
        "readers": readers_of_concerns(pairing, by=request.user),
        "form": form,
    }
    return render(request, "pairings/concern.html", context, status=422 if form.errors else 200)


def _raise(request, pairing, form):
    actions.raise_concern(pairing, by=request.user, reason=form.cleaned_data["reason"])
    let_go(request.user, form.draft_key)
    messages.success(
        request, _("Thank you for telling us. The programme team has your words now and will write to you.")
    )
    return reverse("pairings:messages", args=[pairing.slug])
