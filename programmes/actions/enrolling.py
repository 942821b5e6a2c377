from django.db import transaction
from django.utils import timezone

from programmes.models import Enrolment


@transaction.atomic
def enrol(person, *, programme, role, by, level=None, at=None):
    """Let a person take part in a programme in one role. Enrolling again after an end takes the place up again.

    `by` is None only for a person's own first step (an import, the demo). `at` is when it happened (default now).
    """
    enrolment, created = Enrolment.objects.get_or_create(
        programme=programme,
        person=person,
        role=role,
        defaults={"level": level, "created_at": at or timezone.now()},
    )
    if not created and enrolment.ended_at:
        enrolment.ended_at = None
        enrolment.save(update_fields=["ended_at"])
    return enrolment
