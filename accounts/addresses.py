"""A person's own address: given once, from their name as it is then."""

from django.db import transaction

from accounts.models import Profile
from accounts.slugs import free_slug, one_at_a_time

_RESERVED = {"you"}  # what stands in an address in a name's place


@transaction.atomic
def give_slug(person) -> str:
    """The slug of the person's profile, made now if they have none yet."""
    profile = Profile.objects.select_for_update(no_key=True).get(user=person)
    if not profile.slug:
        one_at_a_time("profile")
        name = {"name": person.name, "reserved": _RESERVED, "fallback": "mentor"}
        taken = Profile.objects.filter(slug__startswith=free_slug(**name, taken=())).values_list("slug", flat=True)
        profile.slug = free_slug(**name, taken=taken)
        profile.save(update_fields=["slug"])
    return profile.slug
