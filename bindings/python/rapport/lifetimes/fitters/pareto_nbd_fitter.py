"""Pareto/NBD as lifetimes has it, with standard errors and one answer whatever the seed."""

import numpy as np

from ..._models import ParetoNbd
from ..generate_data import pareto_nbd_model
from . import rows_of, shaped, valid
from .beta_geo_fitter import PurchaseFitter


class ParetoNBDFitter(PurchaseFitter):
    """Pareto/NBD: ``params_`` r, alpha, s, beta; ``variance_matrix_``, ``standard_errors_``, ``confidence_intervals_`` and ``summary`` too, which lifetimes has not."""

    _Model, _times = ParetoNbd, ("alpha", "beta")
    _generate = staticmethod(pareto_nbd_model)

    def fit(self, frequency, recency, T, weights=None, iterative_fitting=1, initial_params=None, verbose=False, tol=1e-4, index=None, fit_method="Nelder-Mead",
            maxiter=2000, **kwargs):
        """Fits the model. What steers lifetimes' random starts and its optimiser is taken and changes nothing."""
        if iterative_fitting <= 0:
            raise ValueError(f"iterative_fitting: found {iterative_fitting}, expected 1 or more")
        if iterative_fitting > 1 and initial_params is not None:
            raise ValueError("iterative_fitting and initial_params: found both, expected one of them")
        return self._fit_purchases(frequency, recency, T, weights, index)

    def _penalty(self, weights):
        """lifetimes weighs the penalty against the sum, not the mean, of this model alone."""
        return float(self.penalizer_coef) / self._rows

    def _fit_purchases(self, frequency, recency, T, weights, index):
        self._rows = max(len(np.atleast_1d(np.asarray(frequency))), 1)
        return super()._fit_purchases(frequency, recency, T, weights, index)

    def _mean_loss(self, likelihoods, weights, added=0.0):
        return -(float(np.dot(likelihoods, weights)) - added) / float(np.mean(weights)) + self._penalty_term()

    def conditional_probability_alive(self, frequency, recency, T):
        """The chance that customers with this history are customers still."""
        (x, t_x, age), shape, index = rows_of(frequency, recency, T)
        return shaped(self._rapport.probability_alive(x, valid(x, t_x), age), shape, index)

    def conditional_probability_of_n_purchases_up_to_time(self, n, t, frequency, recency, T):
        """The chance of exactly ``n`` purchases within ``t`` after T of customers with this history."""
        if t <= 0:
            return 0
        (x, t_x, age), shape, index = rows_of(frequency, recency, T)
        return shaped(self._rapport.purchase_probability(int(n), t, x, valid(x, t_x), age), shape, index)
