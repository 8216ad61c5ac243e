"""What stored books take beside plain SQLite and beside a replay, screening beside a plain sum, ticks, plans and promises of large books beside small ones, and backtests in full decisions: from the JSON of one run.
Usage: store_ratios.py RESULT.json"""

import json
import sys

CASES = [
    ("append, our rate of the plain one", "BM_Plain_Append", "BM_Store_Append", "at least 0.60"),
    ("fold, our time of plain stepping", "BM_Store_Fold", "BM_Plain_Fold", "at most 2.00"),
    ("opening a snapshot, of a replay", "BM_Store_OpenSnapshot", "BM_Store_OpenReplay", "at most 0.05"),
    ("screening, of a sum of its columns", "BM_Screen_Default", "BM_Screen_PlainSum", "at most 30"),
    ("idle tick, a million of a thousand", "BM_TickWithNothingDue/1000000", "BM_TickWithNothingDue/1000", "at most 2"),
    ("a rep's plan after one event, likewise", "BM_PlanOfOneRepAfterOneEvent/1000000", "BM_PlanOfOneRepAfterOneEvent/1000", "at most 2"),
]

# Times on the processor of two sizes of one case, each over its size.
PER_ITEM = [
    ("a promise of a million, of a thousand", "BM_JudgePromises", 1_000_000, 1000, "at most 1.20"),
    ("a promise of 100,000 of one account", "BM_JudgePromisesOfOneAccount", 100_000, 1000, "at most 3"),
]


def main():
    runs = json.load(open(sys.argv[1], encoding="utf-8"))["benchmarks"]
    times, on_processor = {}, {}
    for run in runs:
        if run.get("run_type") == "aggregate":
            continue
        name, *arguments = run["name"].split("/")
        times[name] = times["/".join([name, *arguments[:1]])] = run["real_time"]
        on_processor["/".join([name, *arguments[:1]])] = run["cpu_time"]
        if "full_decisions" in run:
            print(f"{'a year of backtest, in full decisions':40} {run['full_decisions']:6.1f}   wanted: at most 20   ({run['name']})")
    for what, above, below, wanted in CASES:
        if above in times and below in times:
            print(f"{what:40} {times[above] / times[below]:6.3f}   wanted: {wanted}")
    for what, case, large, small, wanted in PER_ITEM:
        of_large, of_small = (on_processor.get(f"{case}/{size}") for size in (large, small))
        if of_large and of_small:
            print(f"{what:40} {of_large / large / (of_small / small):6.3f}   wanted: {wanted}")


main()
