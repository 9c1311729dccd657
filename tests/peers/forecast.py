"""Prints what NumPy and statsmodels give for the constants in evaluate/forecast_total.rs and diebold_mariano.rs.
pip install scipy==1.17.1 statsmodels==0.15.0"""
import numpy as np
from scipy import stats
from statsmodels.regression.linear_model import OLS

y, f = np.array([12.0, 0.0, 7.5, 3.0, -1.0]), np.array([10.0, 1.0, 8.0, 3.5, 0.5])
h = np.array([3.0, 8.0, 2.0, 9.0, 4.0, 7.0])
print("TOTAL", 100 * np.abs(y - f).sum() / np.abs(y).sum(), 100 * (f - y).sum() / np.abs(y).sum(),
      *[np.sqrt(((y - f) ** 2).mean() / ((h[s:] - h[:-s]) ** 2).mean()) for s in [1, 2]])
a = np.array([1.2, 1.5, 1.9, 1.1, 0.6, 0.4, 0.6, 1.1, 2.0, 2.2, 1.4, 0.9])
b = np.array([1.0, 0.9, 1.0, 1.1, 1.0, 0.9, 0.8, 0.9, 1.1, 0.8, 0.7, 0.8])
d, n = a - b, len(a)
for horizon in [1, 2]:
    fit = OLS(d, np.ones(n)).fit(cov_type="HAC", cov_kwds={"maxlags": horizon - 1, "kernel": "uniform"})
    t = fit.tvalues[0] * np.sqrt((n + 1 - 2 * horizon + horizon * (horizon - 1) / n) / n)
    print("DM", horizon, t, 2 * stats.t.sf(abs(t), n - 1))
