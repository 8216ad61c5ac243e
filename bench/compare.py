"""Rapport beside lifetimes 0.11.3: the same customers, one run, one core, by the Python package as people call it. Usage: compare.py CDNOW_MASTER CDNOW_SUMMARY

Each line: seconds of the processor for both, the ratio, and the ratio that is required. What takes the peer half a minute runs once, the rest is the median of several runs.
"""

import os
import sys
import time
import warnings

import lifetimes
import lifetimes.utils
import numpy
import pandas
import pyarrow

import rapport
from timing import median

warnings.filterwarnings("ignore")
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})

BG = {"r": 0.2426, "alpha": 4.4135, "a": 0.7929, "b": 2.4258}
PARETO = {"r": 0.5533, "alpha": 10.578, "s": 0.6062, "beta": 11.668}
BELOW = []


def compare(case, required, ours, theirs, runs=1):
    """Prints one line, and gives what both made."""
    ours_seconds, made = median(ours, 5, time.process_time)
    theirs_seconds, made_too = median(theirs, runs, time.process_time)
    ratio = theirs_seconds / ours_seconds
    if required is not None and ratio < required:
        BELOW.append(case)
    print(f"{case:44} {ours_seconds:10.5f} {theirs_seconds:12.4f} {ratio:8.1f}x {'' if required is None else f'{required}x':>9}", flush=True)
    return made, made_too


def drawn(model, size):
    """Customers of the model, their ages between 27 and 39 weeks, as numpy arrays."""
    age = 27 + 12 * numpy.random.RandomState(1).random_sample(size)
    table = model.simulate(age, seed=1)
    return table["frequency"].to_numpy(), table["recency"].to_numpy(), age


def frame(frequency, recency, age):
    return pandas.DataFrame({"frequency": frequency, "recency": recency, "T": age})


def fits(summary):
    rows = pandas.read_csv(summary)
    x, t_x, age = (rows[name].to_numpy(dtype=float) for name in ("x", "t_x", "T"))
    compare("BG/NBD fit, CDNOW, 2,357 customers", 80, lambda: rapport.BgNbd.fit(x, t_x, age), lambda: lifetimes.BetaGeoFitter().fit(x, t_x, age), 5)
    million = drawn(rapport.BgNbd(**BG), 1_000_000)
    ours, theirs = compare("BG/NBD fit, 1,000,000 drawn customers", 40, lambda: rapport.BgNbd.fit(*million), lambda: lifetimes.BetaGeoFitter().fit(*million))
    assert abs(ours.params["r"] / theirs.params_["r"] - 1) < 1e-3
    many = drawn(rapport.ParetoNbd(**PARETO), 100_000)
    compare("Pareto/NBD fit, 100,000 drawn customers", 40, lambda: rapport.ParetoNbd.fit(*many), lambda: lifetimes.ParetoNBDFitter().fit(*many))
    return million


def predictions(million):
    ours, theirs = rapport.BgNbd(**BG), lifetimes.BetaGeoFitter()
    theirs.params_ = pandas.Series(BG)
    theirs.predict = theirs.conditional_expected_number_of_purchases_up_to_time
    spend, spend_theirs = rapport.GammaGamma(p=6.2488, q=3.7446, gamma=15.4477), lifetimes.GammaGammaFitter()
    spend_theirs.params_ = pandas.Series({"p": 6.2488, "q": 3.7446, "v": 15.4477})
    money = 5 + 60 * numpy.random.RandomState(2).random_sample(len(million[0]))
    table = frame(*million).assign(money=money)
    a, b = compare("12-month value, 1,000,000 customers", 15,
                   lambda: rapport.lifetime_value(ours, spend, *million, money, periods=12, discount_rate=0.01, period=4.345),
                   lambda: spend_theirs.customer_lifetime_value(theirs, table["frequency"], table["recency"], table["T"], table["money"], time=12,
                                                                discount_rate=0.01, freq="W"))
    assert numpy.allclose(a, b, rtol=1e-7)
    a, b = compare("expected purchases, 1,000,000 customers", 6, lambda: ours.expected_purchases(39, *million), lambda: theirs.predict(39, *million), 3)
    assert numpy.allclose(a, b, rtol=1e-7)
    compare("P(alive), 1,000,000 customers", None, lambda: ours.probability_alive(*million), lambda: theirs.conditional_probability_alive(*million), 3)


def summaries(master):
    """The CDNOW purchases fifty times, each time by other customers."""
    table = pandas.read_csv(master, sep=r"\s+", skiprows=1, names=["customer", "date", "count", "amount"])
    copies = [table.assign(customer=table["customer"] + i * 100_000) for i in range(50)]
    many = pandas.concat(copies, ignore_index=True)
    many["date"] = pandas.to_datetime(many["date"].astype(str), format="%Y%m%d")
    arrow = pyarrow.table({"customer": many["customer"].to_numpy(), "date": pyarrow.array(many["date"].to_numpy().astype("datetime64[D]")),
                           "amount": many["amount"].to_numpy()})
    a, b = compare(f"{len(many):,} purchases to {many['customer'].nunique():,} customers", 30, lambda: rapport.summarize(arrow, amount="amount", unit="day"),
                   lambda: lifetimes.utils.summary_data_from_transaction_data(many, "customer", "date", "amount"))
    assert a.num_rows == len(b)


def main():
    print(f"{'case':44} {'rapport s':>10} {'lifetimes s':>12} {'ratio':>9} {'required':>9}")
    predictions(fits(sys.argv[2]))
    summaries(sys.argv[1])
    print(f"below what is required: {', '.join(BELOW) or 'none'}")


main()
