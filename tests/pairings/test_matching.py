"""The assignment itself: as many as possible, then the best for all together, proved; and fair between equals."""

from collections import Counter
from random import Random

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from pairings.matching import BARRED, NOBODY, assign


def brute(scores, capacities, held, crowding):
    """(how many are matched, best total), by trying everything: each mentee with each mentor, or with nobody."""

    def best(mentee, left, load):
        if mentee == len(scores):
            return 0, 0
        found = best(mentee + 1, left, load)
        for mentor, score in enumerate(scores[mentee]):
            if score >= 0 and left[mentor]:
                left[mentor] -= 1
                load[mentor] += 1
                matched, total = best(mentee + 1, left, load)
                load[mentor] -= 1
                left[mentor] += 1
                found = max(found, (matched + 1, total + int(score) - crowding * load[mentor]))
        return found

    return best(0, list(capacities), list(held))


def oracle(scores, capacities, held, crowding):
    """The same by scipy's solver for full matrices: each place a column, and a column to stay without for each."""
    columns = [
        (mentor, crowding * (held[mentor] + nth)) for mentor, room in enumerate(capacities) for nth in range(room)
    ]
    much = 10**7
    values = np.zeros((len(scores), len(columns) + len(scores)))
    for at, (mentor, cost) in enumerate(columns):
        values[:, at] = np.where(scores[:, mentor] >= 0, scores[:, mentor] - cost + much, 0)
    rows, chosen = linear_sum_assignment(values, maximize=True)
    gained = values[rows, chosen]
    matched = int((gained > 0).sum())
    return matched, int(gained.sum()) - matched * much


def some_case(seed, most_mentees, most_mentors):
    chance = np.random.default_rng(seed)
    shape = chance.integers(1, most_mentees + 1), chance.integers(1, most_mentors + 1)
    scores = chance.integers(0, chance.choice([1, 3, 20, 500]) + 1, shape)
    scores[chance.random(shape) < chance.choice([0, 0.3, 0.8])] = BARRED
    capacities = chance.integers(0, 4, shape[1]).tolist()
    held = chance.integers(0, 3, shape[1]).tolist()
    return scores, capacities, held, int(chance.choice([0, 1, 5, 50]))


def check(scores, capacities, found):
    """That an assignment is one at all, and proved."""
    assert found.bound == found.total
    assert all(scores[mentee, mentor] >= 0 for mentee, mentor in found.pairs)
    used = Counter(mentor for _mentee, mentor in found.pairs)
    assert all(used[mentor] <= capacities[mentor] for mentor in used)


@pytest.mark.parametrize("seed", range(60))
def test_nothing_is_better_than_what_it_finds_among_everything_there_is(seed):
    scores, capacities, held, crowding = some_case(seed, 5, 4)

    found = assign(scores, capacities, held=held, crowding=crowding, draw=Random(seed))

    check(scores, capacities, found)
    assert (len(found.pairs), found.total) == brute(scores, capacities, held, crowding)


@pytest.mark.parametrize("seed", range(100, 140))
def test_another_solver_finds_the_same_total(seed):
    scores, capacities, held, crowding = some_case(seed, 90, 40)

    found = assign(scores, capacities, held=held, crowding=crowding, draw=Random(seed))

    check(scores, capacities, found)
    assert (len(found.pairs), found.total) == oracle(scores, capacities, held, crowding)


def _likes(chance, shape):
    return chance.integers(0, 400, shape[1])[None, :] + chance.integers(0, 30, shape)


def _grows(chance, shape):
    return np.outer(np.arange(shape[0]), np.arange(shape[1])) // 100


def _flat(chance, shape):
    return np.full(shape, 7)


def _apart(chance, shape):
    """Five groups of mentees, and mentors for four of them."""
    scores = chance.integers(0, 50, shape)
    scores[(np.arange(shape[0]) % 5)[:, None] != np.arange(shape[1]) % 4] = BARRED
    return scores


@pytest.mark.parametrize("make", [_likes, _grows, _flat, _apart])
def test_a_large_cohort_reaches_its_bound(make):
    scores = make(np.random.default_rng(1), (900, 300))
    rounds = []

    found = assign(scores, [3] * 300, crowding=2, tell=lambda matched, gap: rounds.append((matched, gap)))

    check(scores, [3] * 300, found)
    assert rounds[-1] == (len(found.pairs), 0)
    assert len(found.pairs) == {_apart: 720}.get(make, 900)


def test_more_people_matched_is_worth_more_than_any_score():
    scores = np.array([[500, 0], [400, BARRED]])

    found = assign(scores, [1, 1])

    assert found.mentors.tolist() == [1, 0]
    assert found.total == 400


def test_who_cannot_be_matched_stays_without():
    found = assign(np.array([[BARRED], [5], [9]]), [1])

    assert found.mentors.tolist() == [NOBODY, NOBODY, 0]
    assert found.pairs == [(2, 0)]


@pytest.mark.parametrize(("mentees", "mentors", "room"), [(0, 3, 2), (3, 0, 2), (3, 2, 0)])
def test_nobody_there_or_no_place_is_no_trouble(mentees, mentors, room):
    found = assign(np.zeros((mentees, mentors), dtype=np.int16), [room] * mentors)

    assert found.mentors.tolist() == [NOBODY] * mentees
    assert (found.total, found.bound) == (0, 0)


def test_a_pin_holds_whatever_it_costs_and_takes_its_place():
    scores = np.array([[9, 1], [8, 2]])

    found = assign(scores, [1, 1], pinned=[(0, 1)])

    assert found.mentors.tolist() == [1, 0]
    assert (found.total, found.bound) == (9, 9)


def test_what_is_forbidden_stays_apart_and_the_scores_as_they_were():
    scores = np.array([[9, 1], [8, 2]])

    found = assign(scores, [1, 1], forbidden=[(0, 0)])

    assert found.mentors.tolist() == [1, 0]
    assert scores.tolist() == [[9, 1], [8, 2]]


@pytest.mark.parametrize(
    ("pinned", "forbidden"),
    [([(0, 0)], [(0, 0)]), ([(1, 1)], []), ([(0, 0), (1, 0)], []), ([(0, 0), (0, 1)], [])],
)
def test_pins_that_cannot_be_are_refused(pinned, forbidden):
    scores = np.array([[9, 1], [8, BARRED]])

    with pytest.raises(ValueError, match="pinned"):
        assign(scores, [1, 1], pinned=pinned, forbidden=forbidden)


def test_the_load_spreads_where_nothing_else_speaks_for_anybody():
    scores = np.full((4, 3), 5)

    found = assign(scores, [4, 4, 4], held=[2, 0, 0], crowding=1)

    assert Counter(found.mentors.tolist()) == {1: 2, 2: 2}
    assert found.total == 20 - 2


def test_a_pin_counts_into_the_load():
    found = assign(np.full((3, 3), 5), [3, 3, 3], pinned=[(0, 0)], crowding=1)

    assert sorted(found.mentors.tolist()) == [0, 1, 2]
    assert (found.mentors[0], found.total) == (0, 15)


def test_the_same_input_and_lots_give_the_same_assignment():
    scores = np.full((40, 20), 3)

    first, second = (assign(scores, [1] * 20, draw=Random(7)) for _ in range(2))
    other = assign(scores, [1] * 20, draw=Random(8))

    assert first.mentors.tolist() == second.mentors.tolist()
    assert first.mentors.tolist() != other.mentors.tolist()


def test_lots_decide_between_equals_and_not_who_comes_first():
    scores = np.full((4, 1), 3)

    winners = Counter(assign(scores, [1], draw=Random(seed)).pairs[0][0] for seed in range(400))

    # Each has one chance in four: 100 of 400, give or take four standard deviations.
    assert all(abs(winners[mentee] - 100) < 35 for mentee in range(4))


def test_equals_get_their_favourite_equally_often():
    scores = np.array([[9, 3, 3], [9, 3, 3], [9, 3, 3]])

    winners = Counter(assign(scores, [1, 1, 1], draw=Random(seed)).mentors.tolist().index(0) for seed in range(300))

    assert all(abs(winners[mentee] - 100) < 33 for mentee in range(3))


def test_what_is_raised_while_it_tells_ends_the_work():
    def stop(matched, gap):
        raise KeyError

    with pytest.raises(KeyError):
        assign(np.full((3, 3), 1), [1, 1, 1], tell=stop)


def test_scores_that_could_not_be_counted_exactly_are_refused():
    with pytest.raises(ValueError, match="too large"):
        assign(np.full((2_000, 2), 10**10), [1, 1])
