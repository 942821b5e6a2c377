"""Cohorts of 200, 2,000 and 10,000 mentees, and a third as many mentors of three places each: from what is known of
them, as arrays, to the proved best for all together. Each in a process of its own, whose memory is counted.

python -m bench.matching MENTEES      prints seconds, megabytes, how many were matched, and the gap to the bound
"""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator

import numpy as np

from bench.table import Row
from mentoring.embedded import programs
from pairings.matching import BARRED, Assignment, assign

COHORTS = (200, 2_000, 10_000)
PLACES = 3
SECONDS, MEGABYTES = 10, 1_500
POINTS = 10
WEIGHTS = {"wishes": 8, "meets_by": 5, "sector": 4, "region": 3, "waiting": 3}
CROWDING = 4


def measure(house, world) -> Iterator[Row]:
    for mentees in COHORTS:
        command = [sys.executable, "-m", "bench.matching", str(mentees)]
        done = subprocess.run(command, cwd=programs.ROOT, capture_output=True, text=True, check=True)
        found = json.loads(done.stdout)
        bare = house.bare_time()
        kept = found["seconds"] <= SECONDS and found["megabytes"] <= MEGABYTES and found["gap"] == 0
        yield Row(
            name=f"match {mentees:,} mentees, {mentees // PLACES:,} mentors",
            bare=f"{bare * 1000:.1f} ms",
            measured=f"{found['seconds']:.2f} s, {found['megabytes']} MB, gap {found['gap']}",
            costs=found["seconds"] / bare,
            bound=f"{SECONDS} s, {MEGABYTES:,} MB, gap 0",
            kept=kept and found["matched"] >= mentees * 99 // 100,
        )


def match(mentees: int) -> tuple[Assignment, float]:
    """One cohort, and the seconds that it took."""
    chance = np.random.default_rng(mentees)
    mentors = mentees // PLACES
    began = time.perf_counter()
    found = assign(_scores(chance, mentees, mentors), [PLACES] * mentors, held=[0] * mentors, crowding=CROWDING)
    return found, time.perf_counter() - began


def _scores(chance, mentees, mentors):
    """Of people at random: eight sectors, twelve regions, three ways to meet, employers of about twenty, three wishes
    each, and up to twenty weeks of waiting."""

    def each(most):
        return chance.integers(0, most, mentees)[:, None], chance.integers(0, most, mentors)

    sector, region, ways, employer = each(8), each(12), each(7), each(mentees // 20)
    scores = POINTS * WEIGHTS["sector"] * (sector[0] != sector[1]).astype(np.int16)
    scores += np.int16(POINTS * WEIGHTS["region"]) * (region[0] == region[1])
    scores += np.int16(POINTS * WEIGHTS["meets_by"]) * (((ways[0] + 1) & (ways[1] + 1)) != 0)
    scores += (WEIGHTS["waiting"] * chance.integers(0, POINTS + 1, mentees)).astype(np.int16)[:, None]
    for points in (10, 8, 6):
        scores[np.arange(mentees), chance.integers(0, mentors, mentees)] += points * WEIGHTS["wishes"]
    scores[employer[0] == employer[1]] = BARRED
    return scores


if __name__ == "__main__":
    assignment, seconds = match(int(sys.argv[1]))
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    gap = assignment.bound - assignment.total
    answer = {"seconds": seconds, "megabytes": kilobytes // 1024, "matched": len(assignment.pairs), "gap": gap}
    print(json.dumps(answer))
