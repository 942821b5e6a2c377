"""Run the cases that the command line names, or all of them."""

import signal
import sys
import time

from tests import faults
from tests.faults.rig import Rig

ALERTS = 200


def main(wanted: list[str]) -> int:
    """The exit code: 1 when a promise was broken, 2 for a case that does not exist."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    rig = Rig()
    try:
        rig.start()
        # Only now are there settings.
        from tests.faults.cases import CASES

        if unknown := set(wanted) - {name for case in CASES for name in (case, case.rstrip("abc"))}:
            print(f"No case {', '.join(sorted(unknown))}.\n\n{faults.__doc__}", file=sys.stderr)
            return 2
        return _run(rig, {name: CASES[name] for name in CASES if not wanted or {name, name[0]} & set(wanted)})
    except KeyboardInterrupt:
        return 130
    finally:
        rig.stop()


def _run(rig, cases) -> int:
    from tests.faults.alerts import Outcome, drop_leftovers
    from tests.faults.people import NotTaken, make_pages

    pages = make_pages(ALERTS)
    kept = True
    for name, case in cases.items():
        began = time.monotonic()
        try:
            outcome = case(rig, pages)
        except NotTaken as refusal:
            outcome = Outcome(lost=1, duplicates=0, broken=[str(refusal)])
        verdict = f"BROKEN: {', '.join(outcome.broken)}" if outcome.broken else "within the promise"
        facts = "; ".join([*outcome.facts, f"{time.monotonic() - began:.0f} s"])
        print(f"case {name}: lost {outcome.lost}, duplicates {outcome.duplicates}, {verdict} ({facts})", flush=True)
        if outcome.broken:
            kept = False
            print(rig.complaints(), file=sys.stderr, flush=True)
        drop_leftovers()
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
