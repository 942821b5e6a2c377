"""How a mentor's own offer stands, in words for the mentor."""

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pairings.models import MentorOffer


@dataclass(frozen=True)
class OwnOffer:
    """An offer, with its enrolment and programme at hand, as it stands on a day (`today`)."""

    offer: MentorOffer
    today: date

    @property
    def programme(self):
        return self.offer.enrolment.programme

    @property
    def is_paused(self):
        return self.offer.is_paused and not (self.offer.paused_until and self.offer.paused_until <= self.today)

    @property
    def is_found(self):
        """Whether mentees find it now."""
        return self.offer.is_taking(self.today) and self.offer.room > 0

    @property
    def space(self):
        """“Space for 1”"""
        if self.is_paused:
            return _("Paused")
        if not self.is_found:
            return _("No space just now")
        return ngettext("Space for %(count)d", "Space for %(count)d", self.offer.room) % {"count": self.offer.room}

    @property
    def taken(self):
        """“2 of 3 places are taken, talks included.”"""
        words = {"held": self.offer.held, "capacity": self.offer.capacity}
        if not self.offer.held:
            return _("None of your places is taken.")
        said = _("%(held)d of %(capacity)d places is taken, talks included.")
        many = _("%(held)d of %(capacity)d places are taken, talks included.")
        return (said if self.offer.held == 1 else many) % words

    @property
    def until(self):
        """“You take nobody before 3 March 2027.”"""
        if not self.is_paused:
            return ""
        if self.offer.paused_until is None:
            return _("You take nobody just now. Mentees don’t find you until you say so.")
        day = date_format(self.offer.paused_until, "j F Y")
        return _("You take nobody before %(day)s. From then on mentees find you again.") % {"day": day}

    @property
    def hidden(self):
        """Why mentees don't find it now; "" when they do."""
        if self.is_found:
            return ""
        if self.is_paused:
            return self.until
        return self.taken if self.offer.is_taking(self.today) else self.training

    @property
    def training(self):
        """Until when their training is valid; "" where nobody asks for it and nobody said."""
        until, needed = self.offer.trained_until, self.programme.needs_training
        if until is None:
            return _("The team has no training date of yours, so mentees don’t find you yet.") if needed else ""
        words = {"day": date_format(until, "j F Y")}
        if until >= self.today:
            return _("Your training is valid until %(day)s.") % words
        if needed:
            return _("Your training was valid until %(day)s, so mentees don’t find you just now.") % words
        return _("Your training was valid until %(day)s.") % words


def own_offers(person, today) -> list[OwnOffer]:
    """Those of a person, the programme's name first. Two statements."""
    offers = MentorOffer.objects.editable_by(person).select_related("enrolment__programme")
    offers = offers.prefetch_related("holds", "enrolment__programme__levels").order_by("enrolment__programme__name")
    return [OwnOffer(offer, today) for offer in offers]
