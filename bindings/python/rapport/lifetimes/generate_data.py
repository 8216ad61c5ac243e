"""Customers made by chance, with what is hidden of them; the functions of lifetimes.generate_data. Chance is numpy's own: ``numpy.random.seed`` before a call repeats it."""

import numpy as np
import pandas as pd


def _ages(T, size):
    if np.ndim(T) == 0:
        return np.full(size, float(T))
    ages = np.asarray(T, dtype=float)
    if ages.shape[0] < size:
        raise ValueError(f"T: found {ages.shape[0]} ages, expected {size}, one a customer, or a single number")
    return ages[:size]


def _buy(rate, until, stops):
    """Purchases of each customer: at exponential distances before `until`, each followed by a stop where `stops` says so. How many, when the last, who goes on."""
    size = len(rate)
    count, last, clock = np.zeros(size, dtype=int), np.zeros(size), np.zeros(size)
    going, open_rows = np.ones(size, dtype=bool), np.arange(size)
    while open_rows.size:
        clock[open_rows] += np.random.exponential(size=open_rows.size) / rate[open_rows]
        open_rows = open_rows[clock[open_rows] < until[open_rows]]
        count[open_rows] += 1
        last[open_rows] = clock[open_rows]
        stopped = stops(open_rows)
        going[open_rows[stopped]] = False
        open_rows = open_rows[~stopped]
    return count, last, going


def _table(columns, size):
    return pd.DataFrame({**columns, "customer_id": np.arange(size)}).set_index("customer_id")


def beta_geometric_nbd_model(T, r, alpha, a, b, size=1):
    """Customers of the BG/NBD: frequency, recency, T, lambda, p, alive; index customer_id."""
    ages = _ages(T, size)
    p, rate = np.random.beta(a, b, size=size), np.random.gamma(r, scale=1.0 / alpha, size=size)
    count, last, alive = _buy(rate, ages, lambda rows: np.random.random(rows.size) < p[rows])
    return _table({"frequency": count.astype(float), "recency": last, "T": ages, "lambda": rate, "p": p, "alive": alive}, size)


def modified_beta_geometric_nbd_model(T, r, alpha, a, b, size=1):
    """Customers of the MBG/NBD, who may stop after the first purchase: frequency, recency, T, lambda, p, alive."""
    ages = _ages(T, size)
    p, rate = np.random.beta(a, b, size=size), np.random.gamma(r, scale=1.0 / alpha, size=size)
    stayed = np.random.random(size) >= p
    count, last, alive = _buy(rate, np.where(stayed, ages, 0.0), lambda rows: np.random.random(rows.size) < p[rows])
    return _table({"frequency": count.astype(float), "recency": last, "T": ages, "lambda": rate, "p": p, "alive": alive & stayed}, size)


def pareto_nbd_model(T, r, alpha, s, beta, size=1):
    """Customers of the Pareto/NBD: frequency, recency, T, lambda, mu, alive; index customer_id."""
    ages = _ages(T, size)
    rate, mu = np.random.gamma(r, scale=1.0 / alpha, size=size), np.random.gamma(s, scale=1.0 / beta, size=size)
    death = np.random.exponential(size=size) / mu
    count, last, _ = _buy(rate, np.minimum(ages, death), lambda rows: np.zeros(rows.size, dtype=bool))
    return _table({"frequency": count.astype(float), "recency": last, "T": ages, "lambda": rate, "mu": mu, "alive": death > ages}, size)


def beta_geometric_beta_binom_model(N, alpha, beta, gamma, delta, size=1):
    """Customers of the BG/BB: frequency, recency, n_periods, p, theta, alive, customer_id."""
    opportunities = _ages(N, size).astype(int)
    p, theta = np.random.beta(alpha, beta, size=size), np.random.beta(gamma, delta, size=size)
    lived = np.random.geometric(np.clip(theta, 1e-300, 1.0)) - 1                       # opportunities before the stop
    count, last = np.zeros(size, dtype=int), np.zeros(size, dtype=int)
    for period in range(1, int(opportunities.max(initial=0)) + 1):
        bought = (period <= opportunities) & (period <= lived) & (np.random.random(size) < p)
        count[bought] += 1
        last[bought] = period
    return pd.DataFrame({"frequency": count.astype(float), "recency": last.astype(float), "n_periods": opportunities.astype(float), "p": p, "theta": theta,
                         "alive": lived > opportunities, "customer_id": np.arange(size)})


def beta_geometric_nbd_model_transactional_data(T, r, alpha, a, b, observation_period_end="2019-1-1", freq="D", size=1):
    """Purchases of customers of the BG/NBD, a row a purchase: customer_id, date."""
    ages = _ages(T, size)
    unit, end = pd.Timedelta(1, unit=freq), pd.to_datetime(observation_period_end)
    rows = []
    for customer in range(size):
        p, rate = np.random.beta(a, b), np.random.gamma(r, scale=1.0 / alpha)
        start, clock, alive = end - unit * ages[customer], 0.0, True
        rows.append((customer, start))
        while alive:
            clock += np.random.exponential() / rate
            if not clock < ages[customer]:
                break
            rows.append((customer, start + unit * clock))
            alive = np.random.random() >= p
    return pd.DataFrame(rows, columns=["customer_id", "date"])
