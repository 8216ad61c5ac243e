"""What all fitters share: parameters as pandas objects, saving as JSON, answers shaped like what was asked."""

import json
import warnings

import numpy as np
import pandas as pd

from ... import _lib
from ..utils import ConvergenceError
from ._penalty import fit_penalized


class BaseFitter:
    """Base of the fitters; ``fit`` gives ``params_``, ``data``, ``variance_matrix_``, ``standard_errors_``, ``confidence_intervals_`` and ``summary``.

    Beyond lifetimes: ``model_`` (the rapport model), ``log_likelihood_``, ``AIC_``, ``BIC_`` on the user's scale of time, ``converged_`` and ``diagnosis_``.
    """

    _Model = None               # the rapport class
    _renamed = {}               # its parameter's name where lifetimes has another
    _times = ()                 # parameters that are times

    def __init__(self, penalizer_coef=0.0):
        self.penalizer_coef = penalizer_coef

    def __repr__(self):
        subjects = f" fitted with {self.data.shape[0]:d} subjects," if getattr(self, "data", None) is not None else ""
        if not hasattr(self, "params_"):
            return f"<lifetimes.{type(self).__name__}>"
        told = ", ".join(f"{name}: {value:.2f}" for name, value in sorted(self.params_.items()))
        return f"<lifetimes.{type(self).__name__}:{subjects} {told}>"

    def _unload_params(self, *names):
        if not hasattr(self, "params_"):
            raise ValueError("Model has not been fit yet. Please call the .fit method first.")
        return [self.params_[name] for name in names]

    @property
    def _rapport(self):
        """The rapport model at ``params_``, which may have been set by hand."""
        names = self._names()
        return self._Model(**dict(zip(self._Model._names, map(float, self._unload_params(*names)))))

    @classmethod
    def _names(cls):
        return [cls._renamed.get(name, name) for name in cls._Model._names]

    def _fit_model(self, columns, weights, scale=1.0, free=None):
        """Fits, by rapport or with the penalty, and sets what every fitter has. ``scale``: times of the penalty are multiplied by it."""
        try:
            model = self._Model.fit(**columns, weights=weights)
        except _lib.Error as error:
            kind = ValueError if error.code == "INVALID_ARGUMENT" else ConvergenceError
            raise kind(str(error)) from error
        params, covariance = dict(model.params), model.covariance
        if self.penalizer_coef or free is not None:
            params, covariance = fit_penalized(self._Model, params, columns, weights, self._penalty(weights), {name: scale for name in self._times}, free)
        elif covariance is None:
            warnings.warn(f"{type(self).__name__}: {model.diagnosis}", stacklevel=3)
        self.model_ = model
        self._set_fit(params, covariance)

    def _penalty(self, weights):
        """The penalty as lifetimes weighs it: against the mean of the log-likelihood."""
        return float(self.penalizer_coef)

    def _set_fit(self, params, covariance):
        names = self._names()
        self.params_ = pd.Series([params[name] for name in self._Model._names], index=names)
        self.log_likelihood_, self.AIC_, self.BIC_ = self.model_.log_likelihood, self.model_.aic, self.model_.bic
        self.converged_, self.diagnosis_ = self.model_.converged, self.model_.diagnosis
        numbers = np.full((len(names), len(names)), np.nan) if covariance is None else np.asarray(covariance, dtype=float)
        self.variance_matrix_ = pd.DataFrame(numbers, index=names, columns=names)
        self.standard_errors_ = pd.Series(np.sqrt(np.diag(numbers)), index=names)
        self.confidence_intervals_ = pd.DataFrame(
            {"lower 95% bound": self.params_ - 1.96 * self.standard_errors_, "upper 95% bound": self.params_ + 1.96 * self.standard_errors_}, index=names)

    def _mean_loss(self, likelihoods, weights, added=0.0):
        """What lifetimes calls the negative log-likelihood: a mean, in time scaled by the longest age, with the penalty."""
        return -(float(np.dot(likelihoods, weights)) - added) / float(np.sum(weights)) + self._penalty_term()

    def _penalty_term(self):
        if not self.penalizer_coef:
            return 0.0
        scaled = [value * (self._scale if name in self._times else 1.0) for name, value in self.params_.items()]
        return float(self.penalizer_coef) * float(np.sum(np.square(scaled)))

    @property
    def summary(self):
        """Coefficients, standard errors and 95 % bounds."""
        return pd.DataFrame({"coef": self.params_, "se(coef)": self.standard_errors_,
                             "lower 95% bound": self.confidence_intervals_["lower 95% bound"],
                             "upper 95% bound": self.confidence_intervals_["upper 95% bound"]}, index=self.params_.index)

    def save_model(self, path, save_data=True, save_generate_data_method=True, values_to_save=None):
        """Saves the model as JSON text: parameters, errors, and with ``save_data`` the customers. Loading runs no code."""
        told = {"fitter": type(self).__name__, "penalizer_coef": self.penalizer_coef, "params": dict(self.params_.astype(float))}
        if hasattr(self, "model_"):
            told["model"] = json.loads(self.model_.to_json())
            told["variance"] = np.where(np.isnan(self.variance_matrix_), None, self.variance_matrix_).tolist()
            told["loss"], told["scale"] = self._negative_log_likelihood_, getattr(self, "_scale", 1.0)
        if save_data and getattr(self, "data", None) is not None:
            told["data"] = {name: self.data[name].tolist() for name in self.data.columns}
            told["index"] = self.data.index.tolist()
        with open(path, "w", encoding="utf-8") as file:
            json.dump(told, file, default=str)

    def load_model(self, path):
        """Loads what ``save_model`` wrote. Files of lifetimes itself (dill) run code when they are read, and are refused."""
        with open(path, "rb") as file:
            raw = file.read()
        try:
            told = json.loads(raw.decode("utf-8"))
        except (UnicodeDecodeError, ValueError):
            raise ValueError(f"{path}: found no JSON, expected what save_model of rapport.lifetimes wrote; fit again what lifetimes saved") from None
        if not isinstance(told, dict) or told.get("fitter") != type(self).__name__:
            raise ValueError(f"{path}: found the model of another fitter, expected a {type(self).__name__}")
        self.penalizer_coef = told["penalizer_coef"]
        self.params_ = pd.Series(told["params"])[self._names()]
        if "model" in told:
            self.model_ = self._Model.from_json(json.dumps(told["model"]))
            variance = None if told["variance"][0][0] is None else told["variance"]
            self._set_fit(dict(zip(self._Model._names, self.params_)), variance)
            self._negative_log_likelihood_, self._scale = told["loss"], told["scale"]
        if "data" in told:
            self.data = pd.DataFrame(told["data"], index=told["index"])
            self._set_generator()
        if hasattr(type(self), "predict") is False and hasattr(self, "conditional_expected_number_of_purchases_up_to_time"):
            self._set_predict()

    def _set_generator(self):
        pass

    def _set_predict(self):
        pass


def rows_of(*columns):
    """Columns that broadcast, as flat float arrays, with the shape and the pandas index of what was asked (either may be None)."""
    index = next((column.index for column in columns if isinstance(column, pd.Series)), None)
    arrays = np.broadcast_arrays(*[np.asarray(column, dtype=float) for column in columns])
    return [np.ascontiguousarray(array).ravel() for array in arrays], arrays[0].shape, index


def shaped(values, shape, index):
    """Answers in the shape of what was asked; a pandas Series where a Series asked."""
    if index is not None:
        return pd.Series(values.reshape(shape), index=index)
    return values.reshape(shape) if shape else values.reshape(())[()]


def at_each_time(times, ask):
    """Answers of a question that takes one time, ``ask(time, rows)``, where each row has its own: asked once for each time there is."""
    if times.size and (times == times[0]).all():
        return ask(times[0], slice(None))
    answers = np.empty(len(times))
    known, place = np.unique(times, return_inverse=True)
    for i, one in enumerate(known):
        rows = np.ravel(place) == i
        answers[rows] = ask(one, rows)
    return answers


def customers_by_row(weights, size):
    """How many customers each row stands for."""
    return np.ones(size, dtype=np.int64) if weights is None else np.asarray(weights)


def valid(frequency, recency):
    """Who bought once has recency 0, whatever a grid of frequencies and recencies says."""
    return np.where(frequency == 0, 0.0, recency)
