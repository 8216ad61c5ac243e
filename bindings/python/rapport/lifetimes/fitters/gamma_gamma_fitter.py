"""Gamma-Gamma as lifetimes has it."""

import numpy as np
import pandas as pd

from ..._models import GammaGamma
from ..utils import _check_inputs, _customer_lifetime_value
from . import BaseFitter, customers_by_row, rows_of, shaped


class GammaGammaFitter(BaseFitter):
    """What a purchase is worth: ``params_`` p, q, v.

    >>> from rapport.lifetimes import GammaGammaFitter
    >>> model = GammaGammaFitter().fit([2, 1, 3, 1], [22.35, 11.77, 14.0, 30.5])
    >>> sorted(model.params_.index)
    ['p', 'q', 'v']
    """

    _Model, _renamed, _scale = GammaGamma, {"gamma": "v"}, 1.0

    def fit(self, frequency, monetary_value, weights=None, initial_params=None, verbose=False, tol=1e-7, index=None, q_constraint=False, **kwargs):
        """Fits the model. ``q_constraint``: q is at least 1, so that the mean of all is no negative number."""
        frequency, monetary_value = np.asarray(frequency).astype(float), np.asarray(monetary_value).astype(float)
        _check_inputs(frequency, monetary_value=monetary_value)
        counted = customers_by_row(weights, frequency.shape[0])
        columns = {"frequency": frequency, "monetary": monetary_value}
        self._fit_model(columns, weights)
        if q_constraint and self.params_["q"] < 1:
            self._hold_q(columns, weights)
        self._negative_log_likelihood_ = self._mean_loss(self._rapport.log_likelihood_of(frequency, monetary_value), counted)
        self.data = pd.DataFrame({"monetary_value": monetary_value, "frequency": frequency, "weights": counted}, index=index)
        return self

    def _hold_q(self, columns, weights):
        from ._penalty import fit_penalized

        start = {"p": float(self.params_["p"]), "q": 1.0, "gamma": float(self.params_["v"])}
        self._set_fit(*fit_penalized(GammaGamma, start, columns, weights, self._penalty(weights), {}, free=("p", "gamma")))

    def conditional_expected_average_profit(self, frequency=None, monetary_value=None):
        """The mean amount expected of coming purchases; of the customers of the fit where none are given."""
        if monetary_value is None:
            monetary_value = self.data["monetary_value"]
        if frequency is None:
            frequency = self.data["frequency"]
        (x, money), shape, index = rows_of(frequency, monetary_value)
        return shaped(self._rapport.expected_value(x, money), shape, index)

    def customer_lifetime_value(self, transaction_prediction_model, frequency, recency, T, monetary_value, time=12, discount_rate=0.01, freq="D"):
        """The discounted value of the coming ``time`` months; a Series named clv. ``freq``: the unit of recency and T (D, W, M, H)."""
        adjusted = self.conditional_expected_average_profit(frequency, monetary_value)
        return _customer_lifetime_value(transaction_prediction_model, frequency, recency, T, adjusted, time, discount_rate, freq=freq)
