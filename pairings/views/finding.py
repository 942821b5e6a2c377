"""A pairing of one's own, as the pages about its life need it."""

from django.db.models import Max
from django.shortcuts import get_object_or_404

from notifications.models import Notification
from pairings.models import Pairing
from pairings.notices import SHOWN_ON


def find_own(request, slug) -> Pairing:
    """One of the person's own, also when it has ended, with its people and its programme."""
    mine = Pairing.objects.visible_to(request.user).with_people().select_related("programme")
    return get_object_or_404(mine, slug=slug)


def common(request, pairing, *, page, about=None) -> dict:
    """What every such page shows: the two, and until when something on it is new to the person (None: nothing is).
    `page` is one of `SHOWN_ON`; `about` the key of what it is about, unless that is the pairing."""
    unseen = Notification.objects.unseen().filter(
        person=request.user, event__kind__in=SHOWN_ON[page], event__about_id=about or pairing.pk
    )
    return {
        "pairing": pairing,
        "other": pairing.other_than(request.user),
        "is_mentor": request.user.pk == pairing.mentor_id,
        "page": page,
        "new_until": unseen.aggregate(last=Max("event__at"))["last"],
    }
