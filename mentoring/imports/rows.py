"""The rows of an import, as `Import.rows` keeps them: plain JSON, so that an interrupted import knows where it was.

Beside what the model says, `read` are the problems that reading the file met. A row that was taken in has its `step`,
one of those below; the keys `person`, `enrolment` and `offer` of what it is about; `made`, which of these are new;
`invitation`, when one was sent; and `why`, what could not be undone, in words. After a week only `number`, `what` and
`step` are left.
"""

from collections import Counter
from typing import NamedTuple

from mentoring.imports.checking import CHANGED, NEW, PROBLEM, SAME
from mentoring.imports.reading import Row

IN, BACK, OUT, KEPT = "in", "back", "out", "kept"


class Counts(NamedTuple):
    """`new` and `changed` of the check; `added` and `updated` of what was taken in and still is; `out` was undone and
    `kept` could not be, or not wholly; `left` is still to be taken in."""

    rows: int
    new: int
    changed: int
    same: int
    problems: int
    added: int
    updated: int
    out: int
    kept: int
    left: int


def counted(rows) -> Counts:
    what = Counter(row["what"] for row in rows)
    taken = Counter(row["what"] for row in rows if row.get("step") in (IN, BACK, KEPT))
    steps = Counter(row.get("step") for row in rows)
    return Counts(
        rows=len(rows),
        new=what[NEW],
        changed=what[CHANGED],
        same=what[SAME],
        problems=what[PROBLEM],
        added=taken[NEW],
        updated=taken[CHANGED],
        out=steps[OUT],
        kept=steps[KEPT],
        left=len(to_take_in(rows)),
    )


def as_row(checked) -> dict:
    return {
        "number": checked.number,
        "values": checked.values,
        "problems": [str(problem) for problem in checked.problems],
        "what": checked.what,
        "before": checked.before,
        "read": checked.read,
    }


def as_read(row) -> Row:
    """The row as it came out of its file."""
    return Row(row["number"], row["values"], row["read"])


def without_people(row) -> dict:
    """What is left of a row after a week."""
    return {key: row[key] for key in ("number", "what", "step") if key in row}


def to_take_in(rows) -> list[dict]:
    return [row for row in rows if row["what"] in (NEW, CHANGED) and "step" not in row and "values" in row]


def to_undo(rows) -> list[dict]:
    return [row for row in rows if row.get("step") == BACK]
