"""Rapport beside lifetimes 0.11.3 on the CDNOW master, in one run on one machine. Usage: compare.py PEER_CASES CDNOW_MASTER"""

import json
import subprocess
import sys

import lifetimes
import lifetimes.utils
import numpy
import pandas

from timing import median


def main():
    ours = json.loads(subprocess.run([sys.argv[1], sys.argv[2]], check=True, capture_output=True, text=True).stdout)
    table = pandas.read_csv(sys.argv[2], sep=r"\s+", skiprows=1, names=["customer", "date", "count", "amount"])
    table["date"] = pandas.to_datetime(table["date"], format="%Y%m%d")
    theirs, kept = {}, {}

    def summarize():
        kept["rows"] = lifetimes.utils.summary_data_from_transaction_data(table, "customer", "date", observation_period_end="1998-06-30", freq="D")

    theirs["summarize"] = median(summarize, 3)[0]
    rows = kept["rows"]

    def fit():
        kept["model"] = lifetimes.BetaGeoFitter().fit(rows["frequency"], rows["recency"], rows["T"])

    theirs["fit"] = median(fit, 3)[0]
    index = numpy.arange(1_000_000) % len(rows)
    f, r, a = (rows[name].to_numpy()[index] for name in ("frequency", "recency", "T"))
    theirs["probability_alive_1e6"] = median(lambda: kept["model"].conditional_probability_alive(f, r, a), 3)[0]
    theirs["expected_purchases_1e6"] = median(lambda: kept["model"].conditional_expected_number_of_purchases_up_to_time(273, f, r, a), 3)[0]
    print(f"{'case':28} {'rapport s':>10} {'lifetimes s':>12} {'ratio':>7}")
    for case, seconds in theirs.items():
        print(f"{case:28} {ours[case]:10.4f} {seconds:12.4f} {seconds / ours[case]:6.1f}x")


main()
