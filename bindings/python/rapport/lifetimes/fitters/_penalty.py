"""Maximum likelihood with lifetimes' penalty: mean of -ln L + coefficient times the sum of squared parameters, by Newton's method over their logarithms."""

import numpy as np

from ..utils import ConvergenceError

_STEP = 1e-3            # of differences of fourth order: their error is below 1e-9
_NODES = np.array([-2.0, -1.0, 1.0, 2.0])
_SHARES = np.array([1.0, -8.0, 8.0, -1.0]) / 12


def _folded(columns, weights):
    """Equal rows once, with their weights added up: the sums run over fewer."""
    names = list(columns)
    rows = np.column_stack([np.asarray(columns[name], dtype=float) for name in names])
    unique, place = np.unique(rows, axis=0, return_inverse=True)
    weight = np.ones(len(rows)) if weights is None else np.asarray(weights, dtype=float)
    return {name: np.ascontiguousarray(unique[:, j]) for j, name in enumerate(names)}, np.bincount(np.ravel(place), weights=weight, minlength=len(unique))


def _gradient(loss, point):
    slopes = np.empty(len(point))
    for i in range(len(point)):
        steps = np.zeros(len(point))
        steps[i] = _STEP
        slopes[i] = sum(share * loss(point + node * steps) for node, share in zip(_NODES, _SHARES)) / _STEP
    return slopes


def _hessian(loss, point):
    rows = np.empty((len(point), len(point)))
    for i in range(len(point)):
        steps = np.zeros(len(point))
        steps[i] = _STEP
        rows[i] = sum(share * _gradient(loss, point + node * steps) for node, share in zip(_NODES, _SHARES)) / _STEP
    return (rows + rows.T) / 2


def _direction(gradient, hessian):
    """Newton's step, downhill: eigenvalues that are not positive enough are made so."""
    values, vectors = np.linalg.eigh(hessian)
    floor = 1e-8 * max(np.abs(values).max(), 1e-12)
    return -vectors @ ((vectors.T @ gradient) / np.maximum(np.abs(values), floor))


def _minimize(loss, point):
    value = loss(point)
    for _ in range(100):
        gradient = _gradient(loss, point)
        step = _direction(gradient, _hessian(loss, point))
        step *= min(1.0, 2.0 / max(np.abs(step).max(), 1e-300))
        # On a plateau, where a parameter runs to its end, steps stay long while nothing is to be gained any more.
        if np.abs(step).max() < 1e-9 or -float(gradient @ step) < 1e-11 * (1 + abs(value)):
            return point + step
        share = 1.0
        while share > 1e-10 and not loss(point + share * step) <= value + 1e-4 * share * float(gradient @ step):
            share /= 2
        if share <= 1e-10:
            if np.abs(gradient).max() < 1e-7:
                return point
            break
        point = point + share * step
        value = loss(point)
    raise ConvergenceError("The penalised model did not converge; a larger penalizer_coef makes it rounder.")


def fit_penalized(model, start, columns, weights, penalty, scales, free=None):
    """The parameters and their covariance. ``scales``: parameters that are times, as the penalty sees them; ``free``: which may move (None: all)."""
    names = list(start)
    rows, weight = _folded(columns, weights)
    total = weight.sum()
    moves = [name for name in names if free is None or name in free]
    factor = np.array([scales.get(name, 1.0) for name in names])

    def values(point):
        params = dict(start)
        params.update(zip(moves, np.exp(point)))
        return params

    def loss(point):
        params = values(point)
        natural = np.array([params[name] for name in names])
        likelihood = float(np.dot(model(**params).log_likelihood_of(*rows.values()), weight)) / total
        return -likelihood + penalty * float(np.sum((natural * factor) ** 2))

    point = np.log([min(max(start[name] * scales.get(name, 1.0), 1e-4), 1e4) / scales.get(name, 1.0) for name in moves])
    point = _minimize(loss, point)
    params = values(point)
    covariance = np.full((len(names), len(names)), np.nan)
    curvature = _hessian(loss, point)
    if np.linalg.eigvalsh(curvature).min() > 0:
        natural = np.exp(point)
        places = [names.index(name) for name in moves]
        covariance[np.ix_(places, places)] = np.linalg.inv(curvature) * np.outer(natural, natural) / total
    return params, covariance
