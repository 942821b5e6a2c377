"""A list that came in and one that went out, and what the log says of it."""

from datetime import timedelta
from types import SimpleNamespace

from django.utils import timezone

from mentoring.imports.columns import KEYS
from programmes.audit import record
from programmes.models import Export, Import


def bring_lists(world, mark):
    """`act` is of the world's programme, `foreign_act` of the other one."""
    lead, root = world.people["lead"], world.people["superuser"]
    import_ = Import.objects.create(
        programme=world.programme, by=lead, name=mark("members.csv"), state="checked", rows=_rows(mark)
    )
    export = Export.objects.create(
        programme=world.programme,
        by=lead,
        kind="members",
        state="done",
        content=b"name",
        until=timezone.now() + timedelta(days=7),
    )
    return SimpleNamespace(
        import_=import_,
        export=export,
        act=record(mark("exported"), export, by=lead, programme=world.programme),
        foreign_act=record(mark("exported"), export, by=root, programme=world.elsewhere),
    )


def _rows(mark):
    """A row of each kind."""
    values = {key: mark(key) for key in KEYS}
    row = {"values": values, "problems": [], "read": [], "before": {}}
    return [
        {**row, "number": 2, "what": "new"},
        {**row, "number": 3, "what": "changed", "before": {"employer": mark("Taffside")}},
        {**row, "number": 4, "what": "problem", "problems": [mark("There is no address.")]},
    ]
