"""BG/NBD as lifetimes has it."""

import numpy as np
import pandas as pd

from ..._models import BgNbd
from ..generate_data import beta_geometric_nbd_model
from ..utils import _check_inputs, _scale_time
from . import BaseFitter, at_each_time, customers_by_row, rows_of, shaped, valid


class PurchaseFitter(BaseFitter):
    """Fitters of frequency, recency and T."""

    _generate = None

    def _fit_purchases(self, frequency, recency, T, weights, index):
        frequency, recency, T = np.asarray(frequency), np.asarray(recency), np.asarray(T)
        _check_inputs(frequency, recency, T)
        counted = customers_by_row(weights, frequency.shape[0])
        self._scale = _scale_time(T)
        self._fit_model({"frequency": frequency, "recency": recency, "age": T}, weights, self._scale)
        bought = float(np.dot(counted, frequency))
        self._negative_log_likelihood_ = self._mean_loss(self._rapport.log_likelihood_of(frequency, recency, T), counted, bought * np.log(self._scale))
        self.data = pd.DataFrame({"frequency": frequency.astype(int), "recency": recency, "T": T, "weights": counted}, index=index)
        self._set_generator()
        self._set_predict()
        return self

    def _set_generator(self):
        ages = self.data["T"].to_numpy()
        names = self._names()
        self.generate_new_data = lambda size=1: type(self)._generate(ages, *self._unload_params(*names), size=size)

    def _set_predict(self):
        self.predict = self.conditional_expected_number_of_purchases_up_to_time

    def conditional_expected_number_of_purchases_up_to_time(self, t, frequency, recency, T):
        """Repeat purchases expected within ``t`` after T of customers with this history; ``t`` may be an array."""
        (times, x, t_x, age), shape, index = rows_of(t, frequency, recency, T)
        model, t_x = self._rapport, valid(x, t_x)
        expected = at_each_time(times, lambda one, rows: model.expected_purchases(one, x[rows], t_x[rows], age[rows]))
        return shaped(expected, shape, index)

    def conditional_probability_alive(self, frequency, recency, T):
        """The chance that customers with this history are customers still."""
        (x, t_x, age), shape, index = rows_of(frequency, recency, T)
        alive = self._rapport.probability_alive(x, valid(x, t_x), age)
        return np.atleast_1d(alive.reshape(shape))

    def conditional_probability_alive_matrix(self, max_frequency=None, max_recency=None):
        """The chance to be a customer still by recency (rows) and frequency (columns), at the age of the longest recency."""
        most = max_frequency or int(self.data["frequency"].max())
        longest = max_recency or int(self.data["T"].max())
        frequency, recency = np.meshgrid(np.arange(most + 1.0), np.arange(longest + 1.0))
        return np.asarray(self.conditional_probability_alive(frequency, recency, float(longest)))

    def expected_number_of_purchases_up_to_time(self, t):
        """Repeat purchases expected of somebody new within ``t`` after the first."""
        index = t.index if isinstance(t, pd.Series) else None
        expected = self._rapport.expected_purchases_new(np.asarray(t, dtype=float))
        return expected if index is None else pd.Series(expected, index=index)

    def _chance_of_new(self, n, t):
        return float(self._rapport.purchase_probability(int(n), t, [0.0], [0.0], [0.0])[0])


class BetaGeoFitter(PurchaseFitter):
    """Also known as BG/NBD: ``params_`` r, alpha, a, b.

    >>> from rapport.lifetimes import BetaGeoFitter
    >>> model = BetaGeoFitter().fit([2, 1, 0, 0, 3, 1], [30.4, 1.7, 0, 0, 20.0, 9.1], [38.9, 38.9, 38.9, 30.0, 31.0, 33.0])
    >>> sorted(model.params_.index)
    ['a', 'alpha', 'b', 'r']
    """

    _Model, _times = BgNbd, ("alpha",)
    _generate = staticmethod(beta_geometric_nbd_model)

    def fit(self, frequency, recency, T, weights=None, initial_params=None, verbose=False, tol=1e-7, index=None, **kwargs):
        """Fits the model. ``initial_params``, ``verbose``, ``tol`` and options of the optimiser are taken and change nothing: starts are fixed, and the search goes on to
        the last digit."""
        return self._fit_purchases(frequency, recency, T, weights, index)

    def probability_of_n_purchases_up_to_time(self, t, n):
        """The chance that somebody new makes exactly ``n`` repeat purchases within ``t``."""
        return self._chance_of_new(n, t)
