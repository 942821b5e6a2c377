"""Measure the rows that the command line names, or all of them."""

import os
import signal
import sys

import bench
from bench.house import House, Unmeasurable


def main(wanted: list[str]) -> int:
    """The exit code: 1 when a bound was missed, 2 for a row that does not exist or cannot be measured."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    house = House()
    try:
        house.start()
        # Only now are there settings.
        from bench.rows import OTHERS, VIEWS
        from bench.table import show

        if unknown := set(wanted) - {*VIEWS, *OTHERS}:
            print(f"No row {', '.join(sorted(unknown))}.\n\n{bench.__doc__}", file=sys.stderr)
            return 2
        return 0 if show(_measure(house, wanted or [*VIEWS, *OTHERS])) else 1
    except Unmeasurable as reason:
        print(reason, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    finally:
        house.stop()


def _measure(house, wanted):
    from bench.fill import fill
    from bench.rows import OTHERS, VIEWS
    from bench.views import measure
    from bench.world import build

    world = build()
    views = [view for name in wanted if name in VIEWS for view in VIEWS[name](world)]
    yield from measure(house, views)
    for name in wanted:
        if name in OTHERS:
            yield from OTHERS[name](house, world)
    if views and os.environ.get("ROWS") != "small":
        versions = fill(world)
        yield from measure(house, views, among=f", {versions:,} versions")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
