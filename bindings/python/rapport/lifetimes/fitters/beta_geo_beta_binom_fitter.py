"""BG/BB as lifetimes has it."""

import numpy as np
import pandas as pd

from ..._models import BgBb
from ..generate_data import beta_geometric_beta_binom_model
from ..utils import _check_inputs
from . import BaseFitter, at_each_time, customers_by_row, rows_of, shaped, valid


class BetaGeoBetaBinomFitter(BaseFitter):
    """Also known as BG/BB, of customers who may buy at each of ``n_periods`` opportunities: ``params_`` alpha, beta, gamma, delta."""

    _Model, _scale = BgBb, 1.0

    def fit(self, frequency, recency, n_periods, weights=None, initial_params=None, verbose=False, tol=1e-7, index=None, **kwargs):
        """Fits the model; see BetaGeoFitter.fit."""
        frequency, recency, n_periods = np.asarray(frequency), np.asarray(recency), np.asarray(n_periods)
        _check_inputs(frequency, recency, n_periods)
        counted = customers_by_row(weights, frequency.shape[0])
        self._fit_model({"frequency": frequency, "recency": recency, "opportunities": n_periods}, weights)
        self._negative_log_likelihood_ = self._mean_loss(self._rapport.log_likelihood_of(frequency, recency, n_periods), counted)
        self.data = pd.DataFrame({"frequency": frequency.astype(int), "recency": recency.astype(int), "n_periods": n_periods.astype(int), "weights": counted},
                                 index=index)
        self._set_generator()
        return self

    def _set_generator(self):
        opportunities = np.repeat(self.data["n_periods"].to_numpy(), self.data["weights"].to_numpy().astype(int))
        self.generate_new_data = lambda size=1: beta_geometric_beta_binom_model(
            opportunities, *self._unload_params("alpha", "beta", "gamma", "delta"), size=size)

    def conditional_expected_number_of_purchases_up_to_time(self, m_periods_in_future, frequency, recency, n_periods):
        """Purchases expected at the coming ``m_periods_in_future`` opportunities; that may be an array."""
        (ahead, x, t_x, n), shape, index = rows_of(m_periods_in_future, frequency, recency, n_periods)
        model, t_x = self._rapport, valid(x, t_x)
        expected = at_each_time(ahead, lambda one, rows: model.expected_purchases(one, x[rows], t_x[rows], n[rows]))
        return shaped(expected, shape, index)

    def conditional_probability_alive(self, m_periods_in_future, frequency, recency, n_periods):
        """The chance to be a customer still ``m_periods_in_future`` opportunities after the last one observed."""
        (ahead, x, t_x, n), shape, index = rows_of(m_periods_in_future, frequency, recency, n_periods)
        model, t_x = self._rapport, valid(x, t_x)
        alive = at_each_time(ahead, lambda one, rows: model.probability_alive(x[rows], t_x[rows], n[rows], ahead=one))
        return shaped(alive, shape, index)

    def expected_number_of_transactions_in_first_n_periods(self, n):
        """How many customers are expected to buy x times at the first ``n`` opportunities, for each x that was seen; a table with one column, model."""
        seen = self.data.groupby("frequency")["weights"].sum()
        chances = [float(self._rapport.purchase_probability(int(x), n, [0.0], [0.0], [0.0])[0]) for x in seen.index]
        return pd.DataFrame({"model": np.array(chances) * seen.sum()}, index=pd.Index(np.asarray(seen.index), name="frequency"))
