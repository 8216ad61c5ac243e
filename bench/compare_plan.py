"""Choosing a day of 500 candidates beside HiGHS through scipy, in one run on one machine. Usage: compare_plan.py [DAYS]

Both get numbers in the form they take best, made beforehand: Rapport an Arrow table, scipy numpy arrays. Both are exact, which is checked.
"""

import random
import statistics
import sys

import numpy
import pyarrow
import rapport
from scipy.optimize import Bounds, LinearConstraint, milp

from timing import median


def candidates(seed, count=500):
    draw = random.Random(seed)
    step = draw.choice([1, 5])   # minutes as policies give them, and odd ones
    return {"id": [f"c{i}" for i in range(count)], "minutes": [step * draw.randint(1, 90 // step) for _ in range(count)],
            "value": [round(draw.lognormvariate(8, 1.2)) for _ in range(count)]}


def main():
    days = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    ratios = {"an Arrow table": [], "a list of dicts": []}
    ours_all, theirs_all = [], []
    for seed in range(days):
        day = candidates(seed)
        minutes, value = (numpy.array(day[name], float) for name in ("minutes", "value"))
        n = len(value)
        constraint, bounds, whole = LinearConstraint(minutes[None, :], -numpy.inf, 240), Bounds(0, 1), numpy.ones(n)
        theirs, found = median(lambda: milp(-value, constraints=constraint, integrality=whole, bounds=bounds), 1)
        table = pyarrow.table(day)
        for name, given in (("an Arrow table", table), ("a list of dicts", table.to_pylist())):
            ours, planned = median(lambda given=given: rapport.plan_day(given, 240, tolerance=0), 9)
            sum_of_value = value[planned["planned"].to_numpy()].sum()
            assert sum_of_value >= -found.fun * (1 - 1e-9), (seed, sum_of_value, found.fun)
            assert minutes[planned["planned"].to_numpy()].sum() <= 240
            ratios[name].append(theirs / ours)
            if given is table:
                ours_all.append(ours)
        theirs_all.append(theirs)
    print(f"{days} days of 500 candidates: rapport {statistics.median(ours_all) * 1e6:.0f} us, HiGHS through scipy {statistics.median(theirs_all) * 1e3:.0f} ms")
    for name, all_of in ratios.items():
        print(f"HiGHS, of rapport with {name:16} {statistics.median(all_of):6.0f}x (least {min(all_of):.0f}x)   wanted: at least 200x; never less value")


main()
