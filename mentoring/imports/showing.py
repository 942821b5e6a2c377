"""An import as its page shows it."""

from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from mentoring.imports.actions import UNDO_FOR, may_undo
from mentoring.imports.checking import NEW, PROBLEM
from mentoring.imports.columns import BY_KEY, COLUMNS
from mentoring.imports.rows import KEPT, counted, to_undo

MOST = 100  # of each kind


def shown(import_, now) -> dict:
    """The context of the page. `changes` are (row, [(label, old, new)])."""
    rows = [row for row in import_.rows if "values" in row]  # after a week there are none
    changed = [row for row in rows if row["before"]]
    return {
        "counts": counted(import_.rows),
        "most": MOST,
        "problems": [row for row in rows if row["what"] == PROBLEM][:MOST],
        "changes": [(row, _changes(row)) for row in changed[:MOST]],
        "changes_in_all": len(changed),
        "new": [row for row in rows if row["what"] == NEW][:MOST],
        "kept": [row for row in rows if row.get("step") == KEPT][:MOST],
        "may_undo": may_undo(import_, now),
        "undo_until": import_.ended_at and import_.ended_at + UNDO_FOR,
        "is_undoing": bool(to_undo(rows)),
    }


def with_problems(rows) -> list[list[str]]:
    """A table of the rows with problems, below its headings."""
    headings = [_("row"), *(str(column.label) for column in COLUMNS), _("problem")]
    return [
        headings,
        *(
            [str(row["number"]), *(row["values"].get(column.key, "") for column in COLUMNS), " ".join(row["problems"])]
            for row in rows
            if row["what"] == PROBLEM
        ),
    ]


def _changes(row):
    for key, old in row["before"].items():
        if key == "ended":
            left = date_format(localtime(parse_datetime(old)), "DATE_FORMAT")
            yield _("takes part"), _("left on %(date)s") % {"date": left}, _("takes part again")
        else:
            yield BY_KEY[key].label, old, row["values"][key]
