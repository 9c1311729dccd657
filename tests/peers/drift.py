"""Prints what SciPy gives for the one-sided Kolmogorov-Smirnov tests in evaluate/drift/ks.rs.
pip install numpy==2.4.6 scipy==1.17.1"""
import warnings
import numpy as np
from scipy.stats import ks_2samp

r = np.random.RandomState(4)
samples = [
    (r.randn(7), r.randn(5) + 0.5), (r.randn(12), r.randn(12) + 1),
    (np.round(r.randn(60), 1), np.round(r.randn(45) + 0.3, 1)), (r.randn(300), r.randn(200) * 1.3),
    (r.randn(4000), r.randn(3000) + 0.05), (r.randn(12000), r.randn(9000) + 0.02),
]
warnings.simplefilter("error")
for x, y in samples:
    for alternative in ["less", "greater"]:
        asymptotic = ks_2samp(x, y, alternative=alternative, method="asymp")
        try:
            exact = ks_2samp(x, y, alternative=alternative, method="exact").pvalue
        except RuntimeWarning:
            exact = 0.0  # so many paths can't be counted
        print(len(x), alternative, *(repr(float(v)) for v in [asymptotic.statistic, exact, asymptotic.pvalue]))
