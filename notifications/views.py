from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.models import User
from notifications import actions
from notifications.letters import CHOICE_SALT
from notifications.models import Preference


@login_not_required
@csrf_exempt  # the signed token is the permission; RFC 8058 asks for a POST without cookies
@require_http_methods(["GET", "HEAD", "POST"])
def choice(request, token, choice):
    """Change how often such emails come. A GET only asks, since mail scanners open links; a POST does it."""
    try:
        person_id, group = signing.loads(token, salt=CHOICE_SALT)
    except signing.BadSignature as error:
        raise Http404 from error
    if choice not in Preference.Choice.values:
        raise Http404
    person = get_object_or_404(User.objects.select_related("profile"), pk=person_id)
    if request.method == "POST":
        actions.choose(person, group=group, choice=choice)
    return render(
        request,
        "notifications/choice.html",
        {"token": token, "choice": choice, "done": actions.chosen(person, group) == choice},
    )
