"""The end of a welcome: from here on others see what somebody said."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.drafts import let_go
from mentoring.welcome.forms import PlacesStep, WhoStep
from mentoring.welcome.kept import PREFIX
from pairings.actions import make_offer
from pairings.models import MentorOffer
from programmes.actions import finish_welcome


class NotYet(Exception):
    """A step is to be taken once more: `name` is of its address."""

    def __init__(self, name):
        super().__init__(_("Please look at this once more."))
        self.name = name


@transaction.atomic
def finish(part, *, by) -> None:
    """Note that a person looked over their answers; a mentor is in the register from now on. Once is enough.

    Raises NotYet when what was kept of a mentor's offer does not make one.
    """
    enrolment = finish_welcome(part.enrolment, by=by)
    if part.is_mentee or MentorOffer.objects.filter(enrolment=enrolment).exists():
        return
    said = _checked(WhoStep(part.kept, programme=enrolment.programme), "welcome_role")
    ways = {"capacity": part.kept.get("capacity", ""), "meets_by": enrolment.meets_by}
    said |= {"capacity": _checked(PlacesStep(ways), "welcome_places")["capacity"]}
    make_offer(enrolment, by=by, **said)
    let_go(by, f"{PREFIX}{enrolment.pk}")


def _checked(form, name):
    if not form.is_valid():
        raise NotYet(name)
    return form.cleaned_data
