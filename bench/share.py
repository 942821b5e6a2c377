"""From pressing “Share update” to the mail server's hands."""

import time
from collections.abc import Iterator
from statistics import quantiles

from bench.house import House, Unmeasurable
from bench.table import Row
from tests.faults.people import Writer, make_pages
from tests.faults.rig import until

SHARES = 80
PAUSE = 0.2  # seconds between one share and the next
PATIENCE = 60  # seconds
MOST = 2.0  # seconds for 95 of 100


def measure(house: House, world) -> Iterator[Row]:
    """Each of so many mentees shares an update in the browser; their mentors are emailed one by one."""
    bare = house.bare_time()
    pages = make_pages(SHARES)
    house.start_delivery()
    try:
        times = sorted(_times(house, pages))
    finally:
        house.stop_delivery()
    cuts = quantiles(times, n=100)
    half, most = cuts[49], cuts[94]
    yield Row(
        name=f"share to SMTP, {SHARES} times",
        bare=f"{bare * 1000:.1f} ms",
        measured=f"p50 {half:.2f} s, p95 {most:.2f} s",
        costs=most / bare,
        bound=f"p95 {MOST:.0f} s",
        kept=most < MOST,
    )


def _times(house, pages):
    """Seconds from each POST until its email was accepted."""
    pressed, answers = {}, []
    for number, page in enumerate(pages):
        mark = f"alert-bench-{number}"
        writer = Writer(house.port, page, mark, answers)
        if not (writer.save() and writer.share()):
            raise Unmeasurable(f"{page.get_absolute_url()} could not be shared: {answers[-1]}")
        pressed[mark] = answers[-1].at
        time.sleep(PAUSE)
    if not until(lambda: pressed.keys() <= house.sink.marks(), PATIENCE):
        raise Unmeasurable(f"Of {len(pressed)} emails {len(house.sink.marks())} came within {PATIENCE} seconds.")
    came = {message.mark: message.at for message in reversed(house.sink.accepted)}
    return [came[mark] - at for mark, at in pressed.items()]
