"""What time does to lists that came in and went out: what a worker left behind is gone on with, and people in them are
forgotten after a week."""

from datetime import timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from mentoring.exports.making import make
from mentoring.imports.rows import without_people
from mentoring.imports.working import work_on
from programmes.models import Export, Import

KEPT_FOR = timedelta(days=7)
# What nobody has begun by then, whose worker was not heard of for so long, and what is never done.
NOT_BEGUN = timedelta(seconds=20)
SILENT = timedelta(minutes=2)
GIVE_UP = timedelta(hours=1)


def let_go(now) -> None:
    """Forget the people in imports of more than a week ago, and the files of exports that are over."""
    Export.objects.filter(until__lte=now).exclude(content=b"").update(content=b"")
    over = Import.objects.filter(created_at__lte=now - KEPT_FOR, rows__0__has_key="values")
    for import_ in over.exclude(state__in=Import.UNDER_WAY):
        import_.rows = [without_people(row) for row in import_.rows]
        import_.save(update_fields=["rows"])


def go_on(now) -> None:
    """Do what no worker has begun, or what one left behind; give up what never comes to its end."""
    problem = _("It never came to its end. Tell whoever runs the server. What was done so far is kept.")
    for model, work in ((Import, work_on), (Export, make)):
        running = model.objects.filter(state__in=model.UNDER_WAY)
        lost = running.filter(Q(beat_at=None, started_at__lte=now - NOT_BEGUN) | Q(beat_at__lte=now - SILENT))
        given_up = {"state": model.State.FAILED, "ended_at": now, "problem": problem}
        given_up |= {"text": ""} if model is Import else {}
        lost.filter(started_at__lte=now - GIVE_UP).update(**given_up)
        for pk in list(lost.values_list("pk", flat=True)):
            work(pk)
