"""The log of what was done in the admin (`Act`): written by every verb of the team, changed by nobody."""

from django.utils import timezone

from programmes.models import Act


def record(verb, about, *, by, programme=None, at=None) -> Act:
    """Write down that `by` did `verb` (“invited”, “approved”, …) to `about`, a model instance.

    Only the kind of thing and its key are kept: never a word that somebody wrote, nor a name.
    """
    return Act.objects.create(
        programme=programme,
        by=by,
        at=at or timezone.now(),
        verb=verb,
        noun=about._meta.model_name,
        about=str(about.pk),
    )
