"""Plans that fit: the choice of candidates beside an exact optimiser of another kind (HiGHS), its goals and errors, and the plans of an engine."""

import json
import random
import statistics

import numpy
import pyarrow
import pytest

import rapport


def length(row, travel=0):
    return row["minutes"] + (travel if {"visit", "revisit"} & set(row.get("kind", "").split()) else 0)


def optimum(rows, minutes, visit_quota=None, revisit_share=None, small_floor=None, travel_minutes=0):
    """The goals and the value that an integer program reaches, one after the other: [visits missing, revisits missing, small ones missing, value]."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    kinds = [set(row.get("kind", "").split()) for row in rows]
    must = numpy.array([bool(row.get("mandatory")) for row in rows])
    lengths = numpy.array([length(row, travel_minutes) for row in rows], float)
    if lengths[must].sum() > minutes:   # then what is mandatory has the minutes to itself, and no goals
        rows, kinds, lengths = ([part[i] for i in numpy.flatnonzero(must)] for part in (rows, kinds, lengths))
        lengths, must, visit_quota, revisit_share, small_floor = numpy.array(lengths), numpy.zeros(len(rows), bool), None, None, None
    n = len(rows)
    is_visit = numpy.array([bool({"visit", "revisit"} & kind) for kind in kinds], float)
    is_revisit = numpy.array(["revisit" in kind for kind in kinds], float)
    is_small = numpy.array(["small" in kind for kind in kinds], float)
    room = minutes - lengths[must].sum()
    revisits = sum(1 for i in range(n) if is_revisit[i] and (must[i] or lengths[i] <= room))
    many = 10 * n + 10
    share = revisit_share or 0
    # x, then what is missing of visits, revisits and small ones, then: all revisits are in
    line = lambda x, *rest: numpy.concatenate([x, rest])
    zero = numpy.zeros(n)
    constraints = [
        LinearConstraint(line(lengths, 0, 0, 0, 0), -numpy.inf, minutes),
        LinearConstraint(line(is_visit, 1, 0, 0, 0), visit_quota or 0, numpy.inf),
        LinearConstraint(line(is_revisit - share * is_visit, 0, 1, 0, many), -1e-7, numpy.inf),
        LinearConstraint(line(is_revisit, 0, 1, 0, -many), revisits - many if revisit_share is not None else -numpy.inf, numpy.inf),
        LinearConstraint(line(is_small, 0, 0, 1, 0), small_floor or 0, numpy.inf),
    ]
    bounds = Bounds(line(must.astype(float), 0, 0, 0, 0), line(numpy.ones(n), many, many, many, 1))
    values = numpy.array([row["value"] for row in rows], float)
    reached = []
    for goal in (line(zero, 1, 0, 0, 0), line(zero, 0, 1, 0, 0), line(zero, 0, 0, 1, 0), line(-values, 0, 0, 0, 0)):
        found = milp(goal, constraints=constraints, integrality=numpy.ones(n + 4), bounds=bounds, options={"mip_rel_gap": 0})
        assert found.status == 0, found.message
        reached.append(round(found.fun, 6))
        constraints.append(LinearConstraint(goal, -numpy.inf, found.fun + 0.5 if len(reached) < 4 else numpy.inf))
    return [*map(round, reached[:3]), -reached[3]]


def reached(rows, planned, minutes, visit_quota=None, revisit_share=None, small_floor=None, travel_minutes=0):
    """The same of a plan, counted by hand; and its minutes."""
    kinds = [set(row.get("kind", "").split()) for row in rows]
    must = [row for row in rows if row.get("mandatory")]
    left = minutes - sum(length(row, travel_minutes) for row in must)
    if left < 0:
        visit_quota = revisit_share = small_floor = None
    took = [i for i in range(len(rows)) if planned[i]]
    visits = sum(1 for i in took if {"visit", "revisit"} & kinds[i])
    revisits = sum(1 for i in took if "revisit" in kinds[i])
    there = sum(1 for row, kind in zip(rows, kinds) if "revisit" in kind and (row.get("mandatory") or length(row, travel_minutes) <= left))
    wanted = min(-(-round((revisit_share or 0) * visits * 1e6) // 10**6), there)
    missing = [max(0, (visit_quota or 0) - visits), max(0, wanted - revisits), max(0, (small_floor or 0) - sum(1 for i in took if "small" in kinds[i]))]
    return missing + [sum(rows[i]["value"] for i in took)], sum(length(rows[i], travel_minutes) for i in took)


def random_day(seed, kinds=True):
    draw = random.Random(seed)
    count = draw.choice([5, 12, 25, 40, 60])
    step = draw.choice([1, 5, 5])
    words = ["call", "call", "visit", "revisit", "call small", "small revisit", "new visit", "mail"] if kinds else ["call"]
    rows = [{"id": f"c{i}", "minutes": step * draw.randint(1, 90 // step), "value": round(draw.lognormvariate(8, 1.3)) * draw.choice([0, 1, 1, 1, 1, 1]),
             "mandatory": draw.random() < draw.choice([0.02, 0.1]), "kind": draw.choice(words)} for i in range(count)]
    return rows, draw.choice([120, 240, 300, 415])


@pytest.mark.parametrize("goals", [False, True])
def test_300_random_days_are_the_optimum(goals):
    overfull = 0
    for seed in range(300):
        rows, minutes = random_day(seed)
        draw = random.Random(-seed - 1)
        options = {"travel_minutes": draw.choice([0, 15, 30])}
        if goals:
            options |= {"visit_quota": draw.choice([None, 1, 2, 4]), "revisit_share": draw.choice([None, 0.3, 0.5, 1.0]), "small_floor": draw.choice([None, 1, 3])}
        planned = rapport.plan_day(rows, minutes, **options)["planned"].to_pylist()
        found, used = reached(rows, planned, minutes, **options)
        best = optimum(rows, minutes, **options)
        assert used <= minutes, seed
        assert found[:3] == best[:3], (seed, options, found, best)
        assert found[3] == pytest.approx(best[3], abs=1e-6 * max(1, best[3])), (seed, options)
        left_out = any(row["mandatory"] and not is_in for row, is_in in zip(rows, planned))
        overfull += left_out
        if left_out:
            assert not any(is_in and not row["mandatory"] for row, is_in in zip(rows, planned)), seed
    assert overfull > 10, "the days are to hold some on which not even what is mandatory fits"
