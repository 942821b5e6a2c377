"""Pictures of people, for those who know them."""

from django.db.models import Exists, OuterRef, Q
from django.http import Http404
from django.views.decorators.http import require_safe

from accounts.models import User
from files.models import StoredFile
from files.serving import serve
from pairings.models import HandOver, MentorOffer, MentorRequest, Pairing
from programmes.models import people_administered_by


@require_safe
def photo_of(request, uuid):
    """A person's photo; `?size=small` is for beside their name."""
    stored = photos_visible_to(request.user).filter(uuid=uuid).first()
    if stored is None:
        raise Http404
    return serve(stored, thumbnail=request.GET.get("size") == "small", inline=True, request=request)


def photos_visible_to(user):
    """Photos, as StoredFiles, of oneself, of everybody with whom one shares or shared a pairing or a request, of those
    whom a hand-over is about that one is asked for or waits for, of the mentors in one's register, and of those whom
    one administers."""
    pairings = Pairing.objects.visible_to(user)
    together = pairings.filter(Q(mentee=OuterRef("owner")) | Q(mentor=OuterRef("owner")))
    requests = MentorRequest.objects.visible_to(user)
    asked = requests.filter(Q(mentee=OuterRef("owner")) | Q(mentor=OuterRef("owner")))
    listed = MentorOffer.objects.visible_to(user).filter(enrolment__person=OuterRef("owner"))
    administered = people_administered_by(User.objects.all(), user)
    known = Exists(together) | Exists(asked) | Exists(_in_hand_overs(user)) | Exists(listed)
    return StoredFile.objects.photos().filter(Q(owner=user) | known | Q(owner__in=administered))


def _in_hand_overs(user):
    """Those under way, with the owner of a photo among the three."""
    mine = HandOver.objects.visible_to(user).open()
    owner = OuterRef("owner")
    return mine.filter(Q(pairing__mentee=owner) | Q(pairing__mentor=owner) | Q(mentor=owner))
