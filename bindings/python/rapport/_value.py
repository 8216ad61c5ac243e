"""Customer-base analysis on arrays: the same functions the engine uses, for people who have a table and no ledger."""

import ctypes
import json

from . import _lib


def _number(values, name, size=None):
    """A contiguous float64 array of the right length."""
    import numpy

    array = numpy.ascontiguousarray(values, dtype=numpy.float64)
    if array.ndim != 1 or (size is not None and array.size != size):
        raise _lib.ERROR_CLASSES[3](f"{name}: found shape {array.shape}, expected one dimension of {size or 'any'} values", "value.invalid_input")
    return array


def _pointer(array):
    return None if array is None else array.ctypes.data


class BgNbd:
    """BG/NBD (Fader, Hardie, Lee 2005): how often customers buy while they are customers, and when they stop.

    >>> model = rapport.BgNbd(r=0.243, alpha=4.414, a=0.793, b=2.426)
    >>> round(float(model.expected_purchases(39, [2], [30.43], [38.86])[0]), 3)
    1.226
    """

    def __init__(self, r, alpha, a, b):
        self._set({"model": "bg_nbd", "params": {"r": r, "alpha": alpha, "a": a, "b": b}})
        self.probability_alive([0], [0], [0])  # wrong parameters fail here

    def _set(self, fitted):
        self._text = json.dumps(fitted)
        self.params = fitted["params"]
        self.standard_errors = fitted.get("standard_errors")
        self.covariance = fitted.get("covariance")
        self.log_likelihood = fitted.get("log_likelihood")
        self.aic = fitted.get("aic")
        self.bic = fitted.get("bic")
        self.converged = fitted.get("converged")
        self.diagnosis = fitted.get("diagnosis")

    @classmethod
    def fit(cls, frequency, recency, age, weights=None):
        """Maximum likelihood; equal rows are folded, `weights` counts customers a row."""
        f = _number(frequency, "frequency")
        r, a = _number(recency, "recency", f.size), _number(age, "age", f.size)
        w = None if weights is None else _number(weights, "weights", f.size)
        return cls.from_json(_lib.call_text("rapport_value_bg_nbd_fit", _pointer(f), _pointer(r), _pointer(a), _pointer(w), f.size))

    def to_json(self):
        """The model as JSON text; from_json reads it back."""
        return self._text

    @classmethod
    def from_json(cls, text):
        """A model from the text of to_json."""
        model = cls.__new__(cls)
        model._set(json.loads(text))
        model.probability_alive([0], [0], [0])
        return model

    def _predict(self, quantity, first, second, frequency, recency, age):
        import numpy

        f = _number(frequency, "frequency")
        r, a = _number(recency, "recency", f.size), _number(age, "age", f.size)
        out = numpy.empty(f.size)
        _lib.call("rapport_value_bg_nbd_predict", *_lib.encode(self._text), *_lib.encode(quantity), float(first), float(second),
                  _pointer(f), _pointer(r), _pointer(a), f.size, _pointer(out))
        return out

    def log_likelihood_of(self, frequency, recency, age):
        """The log-likelihood of each row."""
        return self._predict("log_likelihood", 0, 0, frequency, recency, age)

    def probability_alive(self, frequency, recency, age, ahead=0):
        """The chance that the customer has not stopped, `ahead` units after the end of observation. 1 for one-time buyers: the model's property."""
        return self._predict("probability_alive", ahead, 0, frequency, recency, age)

    def expected_purchases(self, horizon, frequency, recency, age, start=0):
        """Purchases expected in the window (start, start + horizon] after the end of observation."""
        return self._predict("expected_purchases", horizon, start, frequency, recency, age)

    def purchase_probability(self, n, horizon, frequency, recency, age):
        """The chance of exactly n purchases within the horizon."""
        return self._predict("purchase_probability", n, horizon, frequency, recency, age)

    def expected_purchases_new(self, horizon):
        """Purchases expected of a customer who has just made the first."""
        out = ctypes.c_double()
        _lib.call("rapport_value_bg_nbd_expected_new", *_lib.encode(self._text), float(horizon), ctypes.addressof(out))
        return out.value

    def __repr__(self):
        return "rapport.BgNbd(" + ", ".join(f"{name}={value:.6g}" for name, value in self.params.items()) + ")"
