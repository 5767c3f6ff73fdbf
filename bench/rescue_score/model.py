"""Logistic regression whose weights keep the sign of their evidence, and its calibration."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.optimize import isotonic_regression, minimize

from crawler.rescue.evidence import FEATURES, FOR

Array = np.ndarray[Any, np.dtype[np.float64]]
_PENALTY = 0.003
_LEAST = 0.0


def fit(x: Array, y: Array, weight: Array) -> tuple[float, Array]:
    """Intercept and weights; those of `FOR` are not below zero, the others not above it."""
    signs = np.array([1.0 if name in FOR else -1.0 for name in FEATURES])

    def loss(theta: Array) -> tuple[float, Array]:
        odds = theta[0] + x @ theta[1:]
        p = 1 / (1 + np.exp(-odds))
        value = -np.sum(weight * (y * np.log(p + 1e-12) + (1 - y) * np.log(1 - p + 1e-12))) / weight.sum()
        slope = weight * (p - y) / weight.sum()
        gradient = np.concatenate(([slope.sum()], x.T @ slope + 2 * _PENALTY * theta[1:] / 10))
        return value + _PENALTY * float(theta[1:] @ theta[1:]) / 10, gradient

    bounds = [(None, None), *((_LEAST, None) if sign > 0 else (None, -_LEAST) for sign in signs)]
    found = minimize(loss, np.zeros(x.shape[1] + 1), jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 500})
    return float(found.x[0]), found.x[1:]


def calibrate(odds: Array, y: Array, weight: Array, bins: int = 24) -> list[tuple[float, float]]:
    """Points of a rising line from log-odds to probability: isotonic regression over bins of as many cases each.

    Each probability has half a right and half a wrong case more than were counted, so that none is 0 or 1.
    """
    order = np.argsort(odds, kind="stable")
    groups = np.array_split(order, bins)
    centre = np.array([np.average(odds[g], weights=weight[g]) for g in groups])
    mass = np.array([weight[g].sum() for g in groups])
    right = np.array([(weight[g] * y[g]).sum() for g in groups])
    level = isotonic_regression((right + 0.5) / (mass + 1), weights=mass).x
    points: list[tuple[float, float]] = []
    for x, p in zip(centre.tolist(), level.tolist(), strict=True):
        if not points or x - points[-1][0] > 1e-6:
            points.append((round(x, 3), round(p, 4)))
    return points
