"""To which programme a thing of the admin belongs."""

from accounts.models import User
from programmes.models import Programme

# How one gets from a thing to its programme, step by step.
_STEPS = ("programme", "enrolment", "pairing", "level", "question", "offer", "run", "request")


def programme_of(thing, *, by):
    """The Programme of a model instance; of a person, the first that `by` looks after them in. None without any."""
    if isinstance(thing, Programme):
        return thing
    if isinstance(thing, User):
        return Programme.objects.administered_by(by).filter(pk__in=Programme.objects.joined_by(thing)).first()
    step = next((getattr(thing, name) for name in _STEPS if getattr(thing, name, None) is not None), None)
    return programme_of(step, by=by) if step is not None else None
