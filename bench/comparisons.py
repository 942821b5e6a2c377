"""The longest texts: compared and cleaned once each, beside the time of one bare view."""

import time
from collections.abc import Iterator

from bench.house import House
from bench.table import Row
from bench.texts import EXTREMES
from portfolios.comparison import compare, is_long
from portfolios.richtext import clean

PATIENCE = 1.0  # seconds that a reader waits; what takes longer must be made in the background
PASTE = 200_000  # characters


def measure(house: House, world) -> Iterator[Row]:
    for extreme in EXTREMES:
        old, new = extreme()
        seconds = _time(compare, old, new)
        yield _row(extreme.__name__.replace("_", " "), seconds, house.bare_time(), in_background=is_long(old, new))
    paste = _word_paste()
    seconds = _time(clean, paste)
    yield _row(f"clean {len(paste) // 1000} kB of Word", seconds, house.bare_time(), in_background=False)


def _time(work, *texts):
    began = time.perf_counter()
    work(*texts)
    return time.perf_counter() - began


def _row(name, seconds, bare, *, in_background):
    return Row(
        name=name,
        bare=f"{bare * 1000:.1f} ms",
        measured=f"{seconds:.2f} s{', in the background' if in_background else ''}",
        costs=seconds / bare,
        bound="" if in_background else f"{PATIENCE:.0f} s",
        kept=None if in_background else seconds <= PATIENCE,
    )


def _word_paste():
    """What Word puts on the clipboard: a style sheet, comments for Word alone, and a span around every run."""
    head = (
        "<html xmlns:o='urn:schemas-microsoft-com:office:office'><head><style><!-- p.MsoNormal {margin:0cm} --></style>"
    )
    run = (
        "<span lang=EN-GB style='font-size:11.0pt;font-family:\"Calibri\",sans-serif'>I took the minutes, and asked why"
    )
    lines = [
        f"<p class=MsoNormal style='margin:8.0pt'><b><i>{run} {number}</span></i></b>{run}.<o:p></o:p></span></p>"
        f"<!--[if !supportLists]--><p class=MsoListParagraph>{run}</span></p><!--[endif]-->"
        for number in range(PASTE // 490)
    ]
    return f"{head}</head><body>{''.join(lines)}</body></html>"
