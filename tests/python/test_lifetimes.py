"""The drop-in beside lifetimes 0.11.3, call by call on CDNOW: the package itself where it can be imported, else what it answered once."""

import importlib.util
import json

import pytest

import rapport
from conftest import ROOT

numpy = pytest.importorskip("numpy")
pandas = pytest.importorskip("pandas")

import lifetimes_calls as calls  # noqa: E402

# lifetimes stops its searches at a tolerance; these answers are held to what it reached.
LOOSE = {"BetaGeoBetaBinomFitter": 1e-6, "weighted": 2e-6, "ParetoNBDFitter.params_": 1e-5}


@pytest.fixture(scope="module")
def theirs():
    if importlib.util.find_spec("lifetimes") is not None:
        return calls.everything("lifetimes", ROOT)
    return json.loads((ROOT / "tests/fixtures/lifetimes_cdnow.json").read_text())


@pytest.fixture(scope="module")
def ours():
    return calls.everything("rapport.lifetimes", ROOT)


def test_every_call_agrees(theirs, ours):
    assert set(theirs) <= set(ours)
    wrong = []
    for name, expected in theirs.items():
        tolerance = next((value for key, value in LOOSE.items() if name.startswith(key)), 1e-6)
        if len(expected) != len(ours[name]) or not numpy.allclose(ours[name], expected, rtol=tolerance, atol=1e-12):
            wrong.append(name)
    assert wrong == []
    assert len(theirs) > 75


def fitted():
    from rapport.lifetimes import BetaGeoFitter

    data = calls.customers(ROOT)
    return BetaGeoFitter().fit(data["frequency"], data["recency"], data["T"], index=data.index)


def test_attributes_are_pandas_objects():
    model = fitted()
    assert repr(model) == "<lifetimes.BetaGeoFitter: fitted with 2357 subjects, a: 0.79, alpha: 4.41, b: 2.43, r: 0.24>"
    assert list(model.params_.index) == ["r", "alpha", "a", "b"] and list(model.data.columns) == ["frequency", "recency", "T", "weights"]
    assert list(model.summary.columns) == ["coef", "se(coef)", "lower 95% bound", "upper 95% bound"]
    series = model.predict(39, model.data["frequency"], model.data["recency"], model.data["T"])
    assert isinstance(series, pandas.Series) and (series.index == model.data.index).all()
    assert numpy.allclose(model.variance_matrix_, model.variance_matrix_.T)
    assert model.log_likelihood_ == pytest.approx(-9582.42556056736, abs=1e-7)
    drawn = model.generate_new_data(size=500)
    assert list(drawn.columns) == ["frequency", "recency", "T", "lambda", "p", "alive"] and len(drawn) == 500


def test_models_are_saved_as_text(tmp_path):
    from rapport.lifetimes import BetaGeoFitter, GammaGammaFitter

    model, path = fitted(), tmp_path / "model.json"
    model.save_model(path)
    again = BetaGeoFitter()
    again.load_model(path)
    assert (again.params_ == model.params_).all() and again.data.equals(model.data)
    assert again.predict(39, 2, 30.43, 38.86) == model.predict(39, 2, 30.43, 38.86)
    assert numpy.allclose(again.summary, model.summary) and len(again.generate_new_data(5)) == 5
    model.save_model(path, save_data=False)
    assert path.stat().st_size < 2000
    with pytest.raises(ValueError, match="another fitter"):
        GammaGammaFitter().load_model(path)
    path.write_bytes(b"\x80\x04\x95dill")
    with pytest.raises(ValueError, match="found no JSON"):
        BetaGeoFitter().load_model(path)


def test_what_was_wrong_is_right():
    from rapport.lifetimes import BetaGeoBetaBinomFitter, BetaGeoFitter, ParetoNBDFitter, utils

    discrete = BetaGeoBetaBinomFitter()
    discrete.params_ = pandas.Series({"alpha": 0.5, "beta": 20, "gamma": 0.3, "delta": 50})
    assert float(discrete.conditional_probability_alive(0, 30, 300, 365)) == pytest.approx(0.22565714012531437, rel=1e-9)
    assert float(discrete.conditional_expected_number_of_purchases_up_to_time(10, 30, 300, 365)) == pytest.approx(0.17783272611753589, rel=1e-9)
    pareto = ParetoNBDFitter()
    pareto.params_ = pandas.Series({"r": 0.5, "alpha": 10, "s": 1.0, "beta": 12})
    assert float(pareto.conditional_expected_number_of_purchases_up_to_time(39, 7, 29.43, 38.86)) == pytest.approx(2.81317944497787825, rel=1e-9)
    model = BetaGeoFitter()
    model.params_ = pandas.Series({"r": 0.2426, "alpha": 4.4135, "a": 0.7929, "b": 2.4258})
    assert model.probability_of_n_purchases_up_to_time(365, 200) == pytest.approx(5.4706902428568553e-6, rel=1e-8)
    texts = pandas.DataFrame({"id": [1, 1, 1], "date": ["11/01/2025", "12/20/2025", "01/15/2026"]})
    summary = utils.summary_data_from_transaction_data(texts, "id", "date", datetime_format="%m/%d/%Y")
    assert summary.iloc[0].tolist() == [2, 75, 75]
    refund = pandas.DataFrame({"id": [1, 1, 1], "date": ["2026-01-01", "2026-01-05", "2026-01-09"], "amount": [10.0, -4.0, 8.0]})
    assert utils.summary_data_from_transaction_data(refund, "id", "date", "amount").iloc[0].tolist() == [1, 8, 8, 8]
    months = utils.summary_data_from_transaction_data(refund, "id", "date", freq="M")
    assert months.iloc[0].tolist() == [0, 0, 0]
    with pytest.raises(ValueError, match="row 1, field date"):
        utils.summary_data_from_transaction_data(texts.assign(date=["11/01/2025", None, "01/15/2026"]), "id", "date", datetime_format="%m/%d/%Y")


def test_errors_are_value_errors_that_name_the_row():
    from rapport.lifetimes import BetaGeoFitter, GammaGammaFitter, utils
    from rapport.lifetimes.datasets import load_donations

    for arguments, said in (((numpy.array([1, 2]), numpy.array([1, 9]), numpy.array([5, 5])), "row 1, field recency"),
                            ((numpy.array([1, 2]), numpy.array([1, 2]), numpy.array([5])), "row 1, field T"),
                            ((numpy.array([1, 2.5]), numpy.array([1, 2]), numpy.array([5, 5])), "row 1, field frequency"),
                            ((numpy.array([0, 1]), numpy.array([1, 1]), numpy.array([5, 5])), "row 0, field recency")):
        with pytest.raises(ValueError, match=said):
            BetaGeoFitter().fit(*arguments)
    with pytest.raises(ValueError, match="row 0, field monetary_value"):
        GammaGammaFitter().fit([1, 2], [0, 3])
    with pytest.raises(utils.ConvergenceError):
        BetaGeoFitter().fit([0, 0], [0, 0], [5, 5])
    with pytest.raises(ValueError, match="has not been fit"):
        BetaGeoFitter().conditional_probability_alive(1, 1, 2)
    for ask in (lambda: fitted().predict(-1, 2, 30.43, 38.86), lambda: fitted().predict(39, 2, 90.0, 38.86), lambda: fitted().conditional_probability_alive(2.5, 30.43, 38.86)):
        with pytest.raises(ValueError, match="found ") as refused:
            ask()
        assert isinstance(refused.value, rapport.Error)
    with pytest.raises(FileNotFoundError, match="only the CDNOW summary"):
        load_donations()


def test_lifetime_values_of_months_that_have_begun():
    from rapport.lifetimes import GammaGammaFitter

    model, spend = fitted(), GammaGammaFitter()
    spend.params_ = pandas.Series({"p": 6.25, "q": 3.74, "v": 15.45})

    class Foreign:
        predict = staticmethod(model.predict)

    data = pandas.DataFrame({"x": [2, 0], "t_x": [30.43, 0], "T": [38.86, 38.86], "money": [22.35, 0.0]}, index=["ada", "bo"])
    columns = [data[name] for name in data]
    for way in (model, Foreign()):
        value = {time: spend.customer_lifetime_value(way, *columns, time=time, freq="W") for time in (0, 0.0, -1, 0.5, 1, 2.5, 3)}
        assert value[2.5].equals(value[3]) and value[0.5].equals(value[1]) and (value[3] > value[1]).all()
        for time in (0, 0.0, -1):
            assert value[time].tolist() == [0, 0] and value[time].index.tolist() == ["ada", "bo"] and value[time].name == "clv"
    with pytest.raises(ValueError, match="^discount_rate: found -0.1"):
        spend.customer_lifetime_value(model, *columns, discount_rate=-0.1)


def test_penalised_fits_reach_an_optimum_on_the_boundary():
    """Purchases dated by chance alone: customers hardly differ, and nobody stops."""
    from rapport.lifetimes import BetaGeoFitter, ModifiedBetaGeoFitter, ParetoNBDFitter, utils

    drawn = numpy.random.default_rng(0)
    rows = pandas.DataFrame({"id": drawn.integers(0, 90, 600), "date": pandas.Timestamp("2025-01-01") + pandas.to_timedelta(drawn.integers(0, 365, 600), unit="D")})
    table = utils.summary_data_from_transaction_data(rows, "id", "date", observation_period_end="2025-12-31")
    columns = table["frequency"], table["recency"], table["T"]
    for kind in (BetaGeoFitter, ModifiedBetaGeoFitter, ParetoNBDFitter):
        rates = []
        for coefficient in (0.001, 0.01, 0.1, 1.0):
            model = kind(penalizer_coef=coefficient).fit(*columns)
            assert (model.params_ > 0).all() and numpy.isfinite(model.params_).all() and numpy.isfinite(model._negative_log_likelihood_)
            scaled = numpy.array([model.params_["r"], model.params_["alpha"] * model._scale])
            at, best = model.params_.copy(), model._negative_log_likelihood_
            for name in ("r", "alpha"):
                for factor in (0.99, 1.01):
                    model.params_ = at.copy()
                    model.params_[name] *= factor
                    likelihoods, ones = model._rapport.log_likelihood_of(*columns), numpy.ones(len(table))
                    assert model._mean_loss(likelihoods, ones, table["frequency"].sum() * numpy.log(model._scale)) > best
            rates.append(scaled)
        assert (numpy.diff(rates, axis=0) < 0).all()   # a larger penalty pulls further


def test_customers_of_the_models_have_their_means():
    from rapport.lifetimes import generate_data

    numpy.random.seed(5)
    for draw, params, mean in ((generate_data.beta_geometric_nbd_model, (0.243, 4.414, 0.793, 2.426), 1.195),
                               (generate_data.modified_beta_geometric_nbd_model, (0.525, 6.183, 0.891, 1.614), 1.182),
                               (generate_data.pareto_nbd_model, (0.553, 10.578, 0.606, 11.668), 1.213)):
        table = draw(39.0, *params, size=20000)
        assert table["frequency"].mean() == pytest.approx(mean, rel=0.06)
        assert (table["recency"] <= table["T"]).all()
    table = generate_data.beta_geometric_beta_binom_model(6, 1.2, 0.75, 0.66, 2.78, size=20000)
    assert (table["frequency"] == 0).mean() == pytest.approx(3440 / 11000, abs=0.02)
    dated = generate_data.beta_geometric_nbd_model_transactional_data(100.0, 0.243, 4.414, 0.793, 2.426, size=50)
    assert list(dated.columns) == ["customer_id", "date"] and dated["customer_id"].nunique() == 50


def test_plots_are_axes():
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    from rapport.lifetimes import plotting, utils

    model, rows = fitted(), calls.purchases(ROOT)
    one = rows[rows["customer"] == rows["customer"].value_counts().index[0]]
    split = utils.calibration_and_holdout_data(rows, "customer", "date", "1997-09-30")
    drawn = [plotting.plot_period_transactions(model), plotting.plot_calibration_purchases_vs_holdout_purchases(model, split),
             plotting.plot_frequency_recency_matrix(model), plotting.plot_probability_alive_matrix(model), plotting.plot_expected_repeat_purchases(model, label="x"),
             plotting.plot_history_alive(model, 600, one, "date"), plotting.plot_cumulative_transactions(model, rows, "date", "customer", 100, 60),
             plotting.plot_incremental_transactions(model, rows, "date", "customer", 100, 60, set_index_date=True),
             plotting.plot_transaction_rate_heterogeneity(model), plotting.plot_dropout_rate_heterogeneity(model)]
    assert len(drawn) == len(plotting.__all__)
    assert all(isinstance(ax, matplotlib.axes.Axes) for ax in drawn)
    matplotlib.pyplot.close("all")
