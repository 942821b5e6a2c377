"""What changes a person, by their own hand or the programme team's."""

from django.db import transaction

from accounts.models import Profile

_OF_PERSON = ("known_as",)
_OF_PROFILE = ("about", "job_title", "employer", "between_jobs", "place")


@transaction.atomic
def describe_oneself(person, **said) -> None:
    """Change what others may know of a person: `known_as`, `about`, `job_title`, `employer`, `between_jobs`, `place`,
    those that are given."""
    if unknown := said.keys() - {*_OF_PERSON, *_OF_PROFILE}:
        raise ValueError(f"a person does not say this of themselves: {', '.join(sorted(unknown))}")
    profile = Profile.objects.select_for_update(no_key=True).get(user=person)
    _change(person, {name: said[name] for name in _OF_PERSON if name in said})
    _change(profile, {name: said[name] for name in _OF_PROFILE if name in said})
    person.profile = profile


def _change(row, said):
    changed = [name for name, value in said.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, said[name])
    if changed:
        row.save(update_fields=changed)
