"""One plain table, a line for each row as soon as it is measured."""

from collections.abc import Iterable
from dataclasses import dataclass

_WIDTHS = (46, 10, 9, 24, 10, 22, 4)


@dataclass(frozen=True)
class Row:
    """One measurement. `bare` and `measured` are words for people, of the bare view and of this row: answers in a
    second, or times. `costs` is how many bare views it takes the time of; `kept` is None where there is no bound."""

    name: str
    bare: str
    measured: str
    costs: float
    statements: int | None = None
    bound: str = ""
    kept: bool | None = None


def show(rows: Iterable[Row]) -> bool:
    """Print the rows. Returns whether every bound was kept."""
    _print("row", "statements", "bare view", "row", "bare views", "at most", "")
    kept = True
    for row in rows:
        statements = "" if row.statements is None else str(row.statements)
        verdict = {True: "ok", False: "OVER", None: ""}[row.kept]
        _print(row.name, statements, row.bare, row.measured, f"{row.costs:.1f}", row.bound, verdict)
        kept &= row.kept is not False
    return kept


def _print(name, *columns):
    first, *widths = _WIDTHS
    cells = [name.ljust(first), *(cell.rjust(width) for cell, width in zip(columns, widths, strict=True))]
    print("  ".join(cells).rstrip(), flush=True)
