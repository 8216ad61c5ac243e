"""Models of the customer base: how often customers buy, when they stop without saying so, what they spend."""

import ctypes
import functools
import json
import math

from . import _lib
from ._columns import Columns, numbers, pointer, wrong


def _json(**members):
    return _lib.encode(json.dumps(members))


class _Model:
    """What all models have: parameters, and of a fit what it knows about itself."""

    _name = ""
    _names = ()

    def _set(self, told, text=None):
        if not isinstance(told, dict) or not isinstance(told.get("params"), dict):
            raise wrong(f"model: expected the JSON of a {self._name}, an object with model and params", "value.wrong_type")
        self._text = json.dumps(told) if text is None else text
        given = told["params"]
        base = [name for name in self._names if name in given]
        effects = sorted((name for name in given if name not in self._names), key=lambda name: (not name.startswith("transaction."), name))
        order = base + effects
        self.params = {name: given[name] for name in order}
        errors = told.get("standard_errors")
        self.standard_errors = None if errors is None else {name: errors[name] for name in order if name in errors}
        self.covariance = told.get("covariance")
        self.log_likelihood = told.get("log_likelihood")
        self.aic = told.get("aic")
        self.bic = told.get("bic")
        self.customers = told.get("customers")
        self.converged = told.get("converged")
        self.diagnosis = told.get("diagnosis")

    def __init__(self, **params):
        unknown = [name for name in params if name not in self._names and "." not in name]
        missing = [name for name in self._names if name not in params]
        if unknown or missing:
            raise wrong(f"{type(self).__name__}: found {', '.join(params) or 'no parameter'}, expected {', '.join(self._names)}", "value.invalid_parameter")
        for name, value in params.items():
            if not isinstance(value, (int, float)) and not hasattr(value, "__float__") or not math.isfinite(float(value)):
                raise wrong(f"{name}: found {value!r}, expected a number", "value.invalid_parameter")
        self._set({"model": self._name, "params": {name: float(value) for name, value in params.items()}})
        self._check()

    @classmethod
    def _fitted(cls, columns, **options):
        if not columns.size:
            raise wrong("field frequency: found no row, expected at least one customer")
        options = {name: value for name, value in options.items() if value is not None}
        text = _lib.call_text("rapport_value_fit", *_lib.encode(cls._name), columns.reference, *_lib.encode(json.dumps(options) if options else None))
        model = cls.__new__(cls)
        model._set(json.loads(text), text)
        return model

    def to_json(self):
        """The model as JSON text: parameters and what the fit knows, no customer. ``from_json`` reads it back."""
        return self._text

    @classmethod
    def from_json(cls, text):
        """A model from the text of ``to_json``."""
        try:
            told = json.loads(text)
        except ValueError:
            raise wrong("model: expected the JSON text of to_json", "json.invalid") from None
        model = cls.__new__(cls)
        model._set(told)
        model._check()
        return model

    def _answer(self, columns, question, size=None):
        import numpy

        out = numpy.empty(columns.size if size is None else size)
        _lib.call("rapport_value_predict", *_lib.encode(self._text), *_json(**question), columns.reference, pointer(out))
        return out

    def __eq__(self, other):
        return type(other) is type(self) and json.loads(other._text) == json.loads(self._text)

    __hash__ = None

    def __repr__(self):
        said = f"rapport.{type(self).__name__}(" + ", ".join(f"{name}={value:.6g}" for name, value in self.params.items()) + ")"
        if self.log_likelihood is None:
            return said
        return f"<{said[:-1]}; fitted to {self.customers:.6g} customers, log-likelihood {self.log_likelihood:.4f})>"


class _PurchaseModel(_Model):
    """A model of when customers buy.

    Its methods take columns of one length: lists, numpy arrays, pandas, polars or pyarrow columns. ``frequency`` counts purchases after the first, ``recency`` is the
    time from the first to the last, ``age`` from the first to the end of observation; all answers are in the same unit of time. A model fitted with
    covariates wants those of everybody asked about. ``log=True`` gives natural logarithms: finite wherever the chance to be a customer is below the
    smallest double; what follows for a customer who is one (a count or a stay of less than 1e-308) is still 0, its logarithm -infinity.
    ``threads`` changes the time, no bit of an answer.
    """

    _last = "age"

    def _check(self):
        """Wrong parameters fail here: the library says what is wrong with them."""
        out = ctypes.c_double()
        _lib.call("rapport_value_predict", *_lib.encode(self._text), *_json(quantity="expected_new", horizon=0), None, ctypes.addressof(out))

    @classmethod
    def fit(cls, frequency, recency, age, weights=None, covariates_transaction=None, covariates_dropout=None):
        """Maximum likelihood; a fitted model. ``weights`` counts customers a row.

        Covariates (of BgNbd and ParetoNbd) are numbers that hold for a customer all the time, a row a customer: a table, a dict of columns, or a 2-D array, whose columns are
        x1, x2, ... Their coefficients stand among ``params`` as "transaction.<column>" and "dropout.<column>" (of BgNbd "dropout_a.<column>" and "dropout_b.<column>").
        """
        return cls._fitted(Columns(frequency, recency, age, weights=weights, covariates_transaction=covariates_transaction,
                                   covariates_dropout=covariates_dropout, last=cls._last))

    def _ask(self, rows, options, **question):
        columns = Columns(*rows, covariates_transaction=options.pop("covariates_transaction", None),
                          covariates_dropout=options.pop("covariates_dropout", None), last=self._last)
        unknown = [name for name in options if name not in ("log", "threads")]
        if unknown:
            raise TypeError(f"unexpected argument {unknown[0]!r}; there are log, threads, covariates_transaction and covariates_dropout")
        return self._answer(columns, {**question, **options})

    def log_likelihood_of(self, frequency, recency, age, **options):
        """The log-likelihood of each row. Options of all these methods: ``log``, ``threads``, ``covariates_transaction``, ``covariates_dropout``."""
        return self._ask((frequency, recency, age), options, quantity="log_likelihood")

    def probability_alive(self, frequency, recency, age, ahead=0, **options):
        """The chance that each is a customer still, ``ahead`` units after the end of observation."""
        return self._ask((frequency, recency, age), options, quantity="probability_alive", ahead=float(ahead))

    def expected_purchases(self, horizon, frequency, recency, age, start=0, **options):
        """Purchases expected of each in the window (start, start + horizon] after the end of observation."""
        return self._ask((frequency, recency, age), options, quantity="expected_purchases", horizon=float(horizon), start=float(start))

    def purchase_probability(self, n, horizon, frequency, recency, age, **options):
        """The chance of exactly n purchases within the horizon; of n = 0, that none comes."""
        return self._ask((frequency, recency, age), options, quantity="purchase_probability", n=_whole(n, "n"), horizon=float(horizon))

    def expected_residual(self, discount_rate, frequency, recency, age, **options):
        """All purchases still to come, each discounted (DERT). ``discount_rate`` is continuous and per unit of time.

        10 % a year on weekly data is ``math.log(1.1) / 52``, on daily data ``math.log(1.1) / 365``.
        """
        return self._ask((frequency, recency, age), options, quantity="expected_residual", rate=float(discount_rate))

    def expected_purchases_new(self, horizon):
        """Purchases expected of somebody new within the horizon after the first one (covariates 0); of an array of horizons, an array."""
        import numpy

        horizons = numpy.asarray(horizon, dtype=float)
        out = ctypes.c_double()
        answers = []
        for one in horizons.ravel().tolist():
            _lib.call("rapport_value_predict", *_lib.encode(self._text), *_json(quantity="expected_new", horizon=one), None, ctypes.addressof(out))
            answers.append(out.value)
        return answers[0] if horizons.ndim == 0 else numpy.array(answers).reshape(horizons.shape)

    def interval(self, quantity, level=0.95, frequency=None, recency=None, age=None, *, horizon=None, start=None, ahead=None, n=None, discount_rate=None,
                 method="delta", replicates=200, seed=0, threads=1, covariates_transaction=None, covariates_dropout=None, fitted_on=None):
        """A prediction and what lies around it: a dict of arrays ``estimate``, ``low``, ``high``.

        ``quantity`` is the name of a method, whose arguments follow by name: ``"expected_purchases"`` (horizon, start), ``"probability_alive"`` (ahead),
        ``"purchase_probability"`` (n, horizon), ``"expected_residual"`` (discount_rate). ``method="delta"`` carries the standard errors of the fit over; ``"bootstrap"``
        draws ``replicates`` data sets from the model, of customers of the ages in ``fitted_on`` (those of the fit: a table with frequency, recency, age), and
        fits each. Both say how well the model is known, not how differently one customer may act.
        """
        import numpy

        said = {"quantity": quantity, "horizon": horizon, "start": start, "ahead": ahead, "rate": discount_rate, "n": None if n is None else _whole(n, "n"),
                "level": level, "method": method, "replicates": replicates, "seed": seed, "threads": threads}
        question = {name: value if isinstance(value, (str, int)) else float(value) for name, value in said.items() if value is not None}
        for name, values in (("frequency", frequency), ("recency", recency), ("age", age)):
            if values is None:
                raise wrong(f"field {name}: found none, expected a column")
        columns = Columns(frequency, recency, age, covariates_transaction=covariates_transaction, covariates_dropout=covariates_dropout, last=self._last)
        base = None if fitted_on is None else _histories(fitted_on, self._last)
        low, high, estimate = (numpy.empty(columns.size) for _ in range(3))
        _lib.call("rapport_value_interval", *_lib.encode(self._text), *_json(**question), columns.reference, None if base is None else base.reference,
                  pointer(estimate), pointer(low), pointer(high))
        return {"estimate": estimate, "low": low, "high": high}

    def simulate(self, age, seed=0, threads=1, covariates_transaction=None, covariates_dropout=None):
        """Customers by chance, one of each age → frequency, recency, age. Row i is a function of the seed and i."""
        import numpy
        import pyarrow

        columns = Columns(age=age, covariates_transaction=covariates_transaction, covariates_dropout=covariates_dropout, last=self._last)
        frequency, recency = numpy.empty(columns.size), numpy.empty(columns.size)
        _lib.call("rapport_value_simulate", *_lib.encode(self._text), *_json(seed=_whole(seed, "seed"), threads=threads), columns.reference, pointer(frequency),
                  pointer(recency))
        return pyarrow.table({"frequency": frequency.astype(numpy.int64), "recency": recency, self._last: columns.arrays["age"]})


def _whole(value, name):
    if isinstance(value, bool) or value != int(value):
        raise wrong(f"{name}: found {value!r}, expected a whole number")
    return int(value)


def _histories(table, last):
    """Columns of a table (or three arrays) of the customers a model was fitted on."""
    if isinstance(table, (tuple, list)) and len(table) == 3:
        return Columns(*table, last=last)
    return Columns(table["frequency"], table["recency"], table[last], last=last)


class Nbd(_PurchaseModel):
    """NBD (Ehrenberg 1959): customers buy at rates that differ, lambda ~ Gamma(r, alpha), and never stop. A yardstick for the others; recency does not matter.

    >>> model = rapport.Nbd(r=0.385, alpha=12.07)
    >>> round(float(model.expected_purchases(39, [2], [30.43], [38.86])[0]), 3)
    1.826
    """

    _name, _names = "nbd", ("r", "alpha")


class BgNbd(_PurchaseModel):
    """BG/NBD (Fader, Hardie, Lee 2005): customers buy at a rate lambda ~ Gamma(r, alpha) and stop after a purchase with chance p ~ Beta(a, b).

    P(alive) is 1 for one-time buyers: nobody stops before a repeat purchase. Where that is not believed, MbgNbd.

    >>> model = rapport.BgNbd(r=0.243, alpha=4.414, a=0.793, b=2.426)
    >>> model
    rapport.BgNbd(r=0.243, alpha=4.414, a=0.793, b=2.426)
    >>> round(float(model.expected_purchases(39, [2], [30.43], [38.86])[0]), 3)
    1.226
    >>> [round(p, 3) for p in model.probability_alive(frequency=[2, 0], recency=[30.43, 0], age=[38.86, 38.86]).tolist()]
    [0.727, 1.0]
    """

    _name, _names = "bg_nbd", ("r", "alpha", "a", "b")


class MbgNbd(_PurchaseModel):
    """MBG/NBD (Batislam, Denizel, Filiztekin 2007): as BG/NBD, and customers may stop after the first purchase too, so one-time buyers are no longer sure to be alive.

    >>> model = rapport.MbgNbd(r=0.525, alpha=6.183, a=0.891, b=1.614)
    >>> round(float(model.probability_alive([0], [0], [38.86])[0]), 3)
    0.39
    """

    _name, _names = "mbg_nbd", ("r", "alpha", "a", "b")


class _Regular(_PurchaseModel):
    """Models with Erlang-k times between purchases."""

    @classmethod
    def fit(cls, frequency, recency, age, weights=None, k=None, log_gaps=None):
        """Maximum likelihood. ``k`` None: the likeliest whole number up to 12. ``log_gaps``, of each customer the sum of the logarithms of the times between purchases (0
        where there is none), tells of k far more than frequency, recency and age alone."""
        return cls._fitted(Columns(frequency, recency, age, weights=weights, log_gaps=log_gaps), k=None if k is None else _whole(k, "k"))


class BgCnbdK(_Regular):
    """BG/CNBD-k (Platzer, Reutterer 2016): as BG/NBD, with times between purchases more regular than chance: Erlang with shape k.

    >>> model = rapport.BgCnbdK(r=0.243, alpha=2.2, a=0.793, b=2.426, k=2)
    >>> 0 < float(model.probability_alive([2], [30.43], [38.86])[0]) < 1
    True
    """

    _name, _names = "bg_cnbd_k", ("r", "alpha", "a", "b", "k")


class MbgCnbdK(_Regular):
    """MBG/CNBD-k (Platzer, Reutterer 2016): as MBG/NBD, with times between purchases more regular than chance: Erlang with shape k.

    >>> model = rapport.MbgCnbdK(r=0.525, alpha=3.1, a=0.891, b=1.614, k=2)
    >>> 0 < float(model.probability_alive([0], [0], [38.86])[0]) < 1
    True
    """

    _name, _names = "mbg_cnbd_k", ("r", "alpha", "a", "b", "k")


class ParetoNbd(_PurchaseModel):
    """Pareto/NBD (Schmittlein, Morrison, Colombo 1987): customers buy at a rate lambda ~ Gamma(r, alpha) and stop at a rate mu ~ Gamma(s, beta), whenever that is.

    >>> model = rapport.ParetoNbd(r=0.553, alpha=10.578, s=0.606, beta=11.668)
    >>> round(float(model.probability_alive([0], [0], [38.86])[0]), 3)
    0.295
    """

    _name, _names = "pareto_nbd", ("r", "alpha", "s", "beta")


class GgompertzNbd(_PurchaseModel):
    """GGompertz/NBD (Bemmaor, Glady 2012): as Pareto/NBD, with lifetimes of the Gompertz kind, whose risk grows at the rate b.

    >>> model = rapport.GgompertzNbd(r=0.553, alpha=10.578, b=0.01, s=0.6, beta=0.2)
    >>> 0 < float(model.probability_alive([1], [3], [38.86])[0]) < 1
    True
    """

    _name, _names = "ggompertz_nbd", ("r", "alpha", "b", "s", "beta")


class BgBb(_PurchaseModel):
    """BG/BB (Fader, Hardie, Shang 2010): customers who may buy once at each of a count of opportunities: buy with chance p ~ Beta(alpha, beta), stop before one with
    chance theta ~ Beta(gamma, delta). ``age`` counts the opportunities so far, ``recency`` is the last one used, horizons count those to come.

    >>> model = rapport.BgBb(alpha=1.204, beta=0.75, gamma=0.657, delta=2.783)
    >>> round(float(model.expected_purchases(5, [6], [6], [6])[0]), 2)
    3.75
    """

    _name, _names, _last = "bg_bb", ("alpha", "beta", "gamma", "delta"), "opportunities"

    @classmethod
    def fit(cls, frequency, recency, opportunities, weights=None):
        """Maximum likelihood; a fitted model. ``weights`` counts customers a row."""
        return cls._fitted(Columns(frequency, recency, opportunities, weights=weights, last="opportunities"))


def _counting_opportunities(method):
    """The method, which takes `opportunities` by that name too."""

    @functools.wraps(method)
    def counted(self, *arguments, opportunities=None, **named):
        return method(self, *arguments, **named, **({} if opportunities is None else {"age": opportunities}))

    return counted


for _method in ("log_likelihood_of", "probability_alive", "expected_purchases", "purchase_probability", "expected_residual", "interval", "simulate"):
    setattr(BgBb, _method, _counting_opportunities(getattr(_PurchaseModel, _method)))


class GammaGamma(_Model):
    """Gamma-Gamma (Fader, Hardie 2013): what a purchase of a customer is worth, from the mean of those seen; spending does not go with frequency.

    >>> spend = rapport.GammaGamma(p=6.25, q=3.74, gamma=15.45)
    >>> [round(value, 2) for value in spend.expected_value(frequency=[2, 0], monetary=[22.35, None]).tolist()]
    [24.67, 35.24]
    """

    _name, _names = "gamma_gamma", ("p", "q", "gamma")

    def _check(self):
        self._answer(Columns(frequency=[1], monetary=[1]), {"quantity": "log_likelihood"})

    @classmethod
    def fit(cls, frequency, monetary, weights=None):
        """Maximum likelihood over those who bought again. ``monetary`` is the mean amount of repeat purchases; it may be missing where ``frequency`` is 0."""
        return cls._fitted(Columns(frequency=frequency, monetary=monetary, weights=weights))

    def expected_value(self, frequency, monetary, log=False, threads=1):
        """The mean amount expected of each customer's coming purchases: between what was seen and the mean of all."""
        return self._answer(Columns(frequency=frequency, monetary=monetary), {"quantity": "expected_value", "log": log, "threads": threads})

    def log_likelihood_of(self, frequency, monetary):
        """The log-likelihood of each row; 0 where nothing was bought again."""
        return self._answer(Columns(frequency=frequency, monetary=monetary), {"quantity": "log_likelihood"})


def lifetime_value(model, spend, frequency, recency, age, monetary=None, periods=12, discount_rate=0.0, period=1.0, by_period=False, threads=1,
                   covariates_transaction=None, covariates_dropout=None):
    """The discounted value of each customer's coming purchases.

    ``spend``: a GammaGamma, which reads ``frequency`` and ``monetary``; None where ``monetary`` is what a purchase is worth. The value is the sum over periods i = 1 ... ``periods``
    of value · (E(i) − E(i−1)) / (1 + discount_rate)^i. ``period`` is the length of one period in the model's unit (a month of weekly data: 30.4375 / 7), ``discount_rate`` is
    that of one period (1 % a month: 0.01). ``by_period=True`` gives a pyarrow.Table, a row a customer: ``value``, ``period_1``, ``period_2``, ...

    >>> model = rapport.BgNbd(r=0.243, alpha=4.414, a=0.793, b=2.426)
    >>> spend = rapport.GammaGamma(p=6.25, q=3.74, gamma=15.45)
    >>> value = rapport.lifetime_value(model, spend, [2], [30.43], [38.86], [22.35], periods=12, discount_rate=0.01, period=4.345)
    >>> round(float(value[0]), 1)
    36.3
    """
    import numpy

    rows = Columns(frequency, recency, age, monetary=monetary, covariates_transaction=covariates_transaction, covariates_dropout=covariates_dropout, last=model._last)
    if spend is not None and not isinstance(spend, GammaGamma):
        raise wrong(f"spend: found {type(spend).__name__}, expected a GammaGamma, or None where monetary is what a purchase is worth")
    if "monetary" not in rows.arrays:
        raise wrong("field monetary: found none, expected a column")
    count = _whole(periods, "periods")
    out = numpy.empty((rows.size, max(count, 0)) if by_period else rows.size)
    terms = {"periods": count, "discount_rate": float(discount_rate), "period": float(period), "by_period": bool(by_period), "threads": threads}
    _lib.call("rapport_value_lifetime_value", *_lib.encode(model._text), *_lib.encode(None if spend is None else spend._text), *_json(**terms),
              rows.reference, pointer(out))
    if not by_period:
        return out
    import pyarrow

    return pyarrow.table({"value": out.sum(axis=1), **{f"period_{i + 1}": numpy.ascontiguousarray(out[:, i]) for i in range(count)}})


MODELS = {model._name: model for model in (Nbd, BgNbd, MbgNbd, BgCnbdK, MbgCnbdK, ParetoNbd, GgompertzNbd, BgBb, GammaGamma)}


def model_from_json(text):
    """The model that ``to_json`` of any class wrote.

    >>> rapport.model_from_json(rapport.BgNbd(r=0.243, alpha=4.414, a=0.793, b=2.426).to_json())
    rapport.BgNbd(r=0.243, alpha=4.414, a=0.793, b=2.426)
    """
    try:
        name = json.loads(text).get("model")
    except (AttributeError, ValueError):
        raise wrong("model: expected the JSON text of to_json", "json.invalid") from None
    if name not in MODELS:
        raise wrong(f"model: found {name!r}, expected one of {', '.join(MODELS)}", "value.unknown_model")
    return MODELS[name].from_json(text)
