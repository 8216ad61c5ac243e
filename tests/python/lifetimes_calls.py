"""Calls of the package lifetimes and of its drop-in, on CDNOW: the same calls of either, their answers as lists of numbers.

Run where lifetimes 0.11.3 is installed, it writes what the package answers: ``python lifetimes_calls.py ROOT > ../fixtures/lifetimes_cdnow.json``.
"""

import importlib
import json
import pathlib
import sys
import warnings

import numpy as np
import pandas as pd

PARAMS = {
    "BetaGeoFitter": {"r": 0.24259290720446588, "alpha": 4.413531561205426, "a": 0.7928861480987685, "b": 2.4257534364936212},
    "ModifiedBetaGeoFitter": {"r": 0.52483798366559503, "alpha": 6.1829920196720964, "a": 0.8913561553315358, "b": 1.6139993347305015},
    "ParetoNBDFitter": {"r": 0.55327550868951929, "alpha": 10.577612238681708, "s": 0.60621356867408408, "beta": 11.667911237920216},
    "GammaGammaFitter": {"p": 6.248802489709095, "q": 3.7445884532874681, "v": 15.447748009463717},
    "BetaGeoBetaBinomFitter": {"alpha": 1.2, "beta": 0.75, "gamma": 0.66, "delta": 2.78},
}

# Customers of the BG/BB at these parameters, as they would come with six opportunities: frequency, recency, how many.
OPPORTUNITIES = np.array([
    (0, 0, 3440), (1, 1, 1118), (1, 2, 305), (1, 3, 161), (1, 4, 114), (1, 5, 93), (1, 6, 83), (2, 2, 542), (2, 3, 241), (2, 4, 183), (2, 5, 178), (2, 6, 193),
    (3, 3, 323), (3, 4, 209), (3, 5, 239), (3, 6, 329), (4, 4, 234), (4, 5, 268), (4, 6, 502), (5, 5, 266), (5, 6, 746), (6, 6, 1233)])


class Package:
    """lifetimes, or what stands in for it."""

    def __init__(self, name):
        self.root = importlib.import_module(name)
        self.utils = importlib.import_module(name + ".utils")

    def made(self, fitter, penalizer_coef=0.0):
        return getattr(self.root, fitter)(penalizer_coef=penalizer_coef)

    def at_reference(self, fitter, data=None):
        """A fitter whose parameters were set by hand, as people do with what they saved."""
        model = self.made(fitter)
        model.params_ = pd.Series(PARAMS[fitter])
        model.data = data
        if hasattr(model, "conditional_expected_number_of_purchases_up_to_time"):
            model.predict = model.conditional_expected_number_of_purchases_up_to_time
        return model


def numbers(values):
    return np.ravel(np.asarray(values, dtype=float)).tolist()


def customers(root):
    table = pd.read_csv(root / "tests/fixtures/cdnow_summary_weeks.csv")
    table.columns = ["customer", "frequency", "recency", "T", "monetary_value"]
    return table.set_index("customer")


def purchases(root):
    """A tenth of the CDNOW customers, with their dates as texts of the form that needs no guessing."""
    table = pd.read_csv(root / "examples/cdnow/CDNOW_master.txt", sep=r"\s+", skiprows=1, names=["customer", "date", "count", "amount"])
    table = table[table["customer"] % 10 == 1].reset_index(drop=True)
    table["date"] = pd.to_datetime(table["date"].astype(str), format="%Y%m%d")
    return table


def _told(model, out, name):
    out[f"{name}.params_"] = numbers(model.params_)
    out[f"{name}._negative_log_likelihood_"] = [float(model._negative_log_likelihood_)]
    if hasattr(model, "summary"):
        try:
            out[f"{name}.standard_errors_"] = numbers(model.standard_errors_)
            out[f"{name}.confidence_intervals_"] = numbers(model.confidence_intervals_)
            out[f"{name}.summary"] = numbers(model.summary)
            out[f"{name}.variances"] = numbers(np.diag(model.variance_matrix_))
        except AttributeError:
            pass   # lifetimes has none for Pareto/NBD


def fits(package, data):
    """Fits; of Pareto/NBD at the tightest tolerance that lifetimes' search knows what to do with."""
    out = {}
    repeat = data[data["frequency"] > 0]
    for fitter in ("BetaGeoFitter", "ModifiedBetaGeoFitter"):
        _told(package.made(fitter).fit(data["frequency"], data["recency"], data["T"], tol=1e-9), out, fitter)
    np.random.seed(1)
    _told(package.made("ParetoNBDFitter").fit(data["frequency"], data["recency"], data["T"], tol=1e-10, maxiter=4000), out, "ParetoNBDFitter")
    _told(package.made("GammaGammaFitter").fit(repeat["frequency"], repeat["monetary_value"], tol=1e-9), out, "GammaGammaFitter")
    weighted = data.groupby(["frequency", "recency", "T"]).size().reset_index(name="weights").iloc[::3]
    _told(package.made("BetaGeoFitter").fit(weighted["frequency"], weighted["recency"], weighted["T"], weights=weighted["weights"]), out, "weighted")
    for fitter, penalty in (("BetaGeoFitter", 0.01), ("ModifiedBetaGeoFitter", 0.01), ("ParetoNBDFitter", 0.1)):
        np.random.seed(1)
        tight = {"tol": 1e-10, "maxiter": 4000} if fitter == "ParetoNBDFitter" else {"tol": 1e-9}
        model = package.made(fitter, penalty).fit(data["frequency"], data["recency"], data["T"], **tight)
        _told(model, out, f"penalized {fitter}")
    _told(package.made("GammaGammaFitter", 0.01).fit(repeat["frequency"], repeat["monetary_value"], tol=1e-9), out, "penalized GammaGammaFitter")
    _told(package.made("BetaGeoBetaBinomFitter").fit(*OPPORTUNITIES[:, :2].T, np.full(len(OPPORTUNITIES), 6), OPPORTUNITIES[:, 2]), out,
          "BetaGeoBetaBinomFitter")
    return out


def predictions(package, data):
    """What fitters at the reference parameters say of the first customers."""
    out = {}
    few = data.iloc[:40]
    history = few["frequency"], few["recency"], few["T"]
    for fitter in ("BetaGeoFitter", "ModifiedBetaGeoFitter", "ParetoNBDFitter"):
        model = package.at_reference(fitter, data)
        out[f"{fitter}.predict"] = numbers(model.predict(39, *history))
        out[f"{fitter}.predict scalar"] = [float(np.ravel(model.predict(52, 2, 30.43, 38.86))[0])]
        out[f"{fitter}.predict times"] = numbers(model.predict(np.arange(1.0, 41.0), *history))
        out[f"{fitter}.conditional_probability_alive"] = numbers(model.conditional_probability_alive(*history))
        matrix = model.conditional_probability_alive_matrix(6, 10)
        out[f"{fitter}.conditional_probability_alive_matrix"] = list(matrix.shape) + numbers(matrix[:, 1:])   # of frequency 0 the recency is 0
        out[f"{fitter}.expected_number_of_purchases_up_to_time"] = numbers(model.expected_number_of_purchases_up_to_time(np.array([1.0, 39.0, 520.0])))
        if fitter != "ParetoNBDFitter":
            out[f"{fitter}.probability_of_n_purchases_up_to_time"] = [float(model.probability_of_n_purchases_up_to_time(39, n)) for n in (0, 1, 2, 10)]
    pareto = package.at_reference("ParetoNBDFitter")
    out["ParetoNBDFitter.conditional_probability_of_n_purchases_up_to_time"] = [
        x for n in (0, 1, 5) for x in numbers(pareto.conditional_probability_of_n_purchases_up_to_time(n, 39, *history))]
    repeat = data[data["frequency"] > 0].iloc[:40]
    spend = package.at_reference("GammaGammaFitter", repeat)
    out["GammaGammaFitter.conditional_expected_average_profit"] = numbers(spend.conditional_expected_average_profit(few["frequency"], few["monetary_value"]))
    for fitter, freq in (("BetaGeoFitter", "W"), ("ParetoNBDFitter", "D")):
        value = spend.customer_lifetime_value(package.at_reference(fitter), *history, few["monetary_value"], time=12, discount_rate=0.01, freq=freq)
        out[f"GammaGammaFitter.customer_lifetime_value {fitter} {freq}"] = numbers(value)
    discrete = package.at_reference("BetaGeoBetaBinomFitter", pd.DataFrame({"frequency": [0, 1, 2, 3, 4, 5, 6], "weights": [9, 8, 7, 6, 5, 4, 3]}))
    x, t_x, n = np.array([0, 1, 3, 6]), np.array([0, 2, 5, 6]), np.array([6, 6, 6, 6])
    out["BetaGeoBetaBinomFitter.conditional_expected"] = numbers(discrete.conditional_expected_number_of_purchases_up_to_time(10, x, t_x, n))
    out["BetaGeoBetaBinomFitter.conditional_probability_alive"] = [v for m in (0, 1, 4) for v in numbers(discrete.conditional_probability_alive(m, x, t_x, n))]
    out["BetaGeoBetaBinomFitter.expected_number_of_transactions"] = numbers(discrete.expected_number_of_transactions_in_first_n_periods(6))
    return out


def tables(package, rows):
    """What utils makes of purchases."""
    utils, out = package.utils, {}
    for freq, multiplier in (("D", 1), ("D", 7), ("W", 1)):
        summary = utils.summary_data_from_transaction_data(rows, "customer", "date", "amount", observation_period_end="1998-05-31", freq=freq,
                                                           freq_multiplier=multiplier)
        out[f"summary {freq} {multiplier}"] = [len(summary), float(summary.index[7])] + numbers(summary.sum()) + numbers(summary.iloc[:50])
    counted = utils.summary_data_from_transaction_data(rows, "customer", "date", "amount", include_first_transaction=True)
    out["summary with the first"] = numbers(counted.sum()) + numbers(counted.iloc[:20])
    texts = rows.assign(date=rows["date"].dt.strftime("%Y-%m-%d"))
    out["summary of texts"] = numbers(utils.summary_data_from_transaction_data(texts, "customer", "date", datetime_format="%Y-%m-%d").sum())
    split = utils.calibration_and_holdout_data(rows, "customer", "date", "1997-09-30", observation_period_end="1998-06-30", monetary_value_col="amount")
    out["calibration_and_holdout_data"] = [len(split), split.shape[1]] + numbers(split.sum()) + numbers(split.iloc[:50])
    first = utils._find_first_transactions(rows, "customer", "date", "amount", freq="D")
    out["_find_first_transactions"] = [len(first)] + [float(first["first"].sum())] + numbers(first.sort_values(["customer", "date"])["amount"].iloc[:50])
    model = package.at_reference("BetaGeoFitter")
    one = rows[rows["customer"] == rows["customer"].value_counts().index[0]]
    path = utils.calculate_alive_path(model, one, "date", 600)
    out["calculate_alive_path"] = [float(np.ravel(value)[0]) for value in path][:600:13]
    for freq, t, multiplier in (("D", 120, 1), ("D", 210, 7), ("W", 60, 1)):
        table = utils.expected_cumulative_transactions(model, rows, "date", "customer", t, freq=freq, freq_multiplier=multiplier)
        out[f"expected_cumulative_transactions {freq} {t} {multiplier}"] = numbers(table)
    return out


def everything(name, root):
    package = Package(name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return {**fits(package, customers(root)), **predictions(package, customers(root)), **tables(package, purchases(root))}


if __name__ == "__main__":
    told = everything("lifetimes", pathlib.Path(sys.argv[1]))
    print(json.dumps({name: [float(f"{x:.13g}") for x in values] for name, values in told.items()}, indent=0, sort_keys=True))
