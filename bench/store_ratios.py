"""What stored books take beside plain SQLite and beside a replay, and screening beside a plain sum, from the JSON of one run.
Usage: store_ratios.py RESULT.json"""

import json
import sys

CASES = [
    ("append, our rate of the plain one", "BM_Plain_Append", "BM_Store_Append", "at least 0.60"),
    ("fold, our time of plain stepping", "BM_Store_Fold", "BM_Plain_Fold", "at most 2.00"),
    ("opening a snapshot, of a replay", "BM_Store_OpenSnapshot", "BM_Store_OpenReplay", "at most 0.05"),
    ("screening, of a sum of its columns", "BM_Screen_Default", "BM_Screen_PlainSum", "at most 30"),
]


def main():
    runs = json.load(open(sys.argv[1], encoding="utf-8"))["benchmarks"]
    times = {run["name"].split("/")[0]: run["real_time"] for run in runs if run.get("run_type") != "aggregate"}
    for what, above, below, wanted in CASES:
        if above in times and below in times:
            print(f"{what:36} {times[above] / times[below]:6.3f}   wanted: {wanted}")


main()
