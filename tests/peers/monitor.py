"""The weekly check of benches/monitor with SciPy and scikit-learn; the bench asks for each step.
pip install numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1

The peers are scipy.stats.ks_2samp and sklearn.metrics.roc_auc_score. PSI and the DeLong interval, which neither of them has,
are written with NumPy; the interval after Sun and Xu, 2014."""
import numpy as np
from scipy.stats import ks_2samp, rankdata
from sklearn.metrics import roc_auc_score
from timed import serve

ROWS, FEATURES, DRIFTED, BINS = 100_000, 50, 5, 10
rng = np.random.RandomState(25)
reference, week = rng.randn(ROWS, FEATURES), rng.randn(ROWS, FEATURES)
week[:, :DRIFTED] += 0.3
labels = (rng.rand(ROWS) < 0.2).astype(int)
scores = labels + rng.randn(ROWS)


def psi(before, after, edges):
    shares = [(np.bincount(np.searchsorted(edges, x, side="right"), minlength=BINS) + 0.5) / (len(x) + 0.5 * BINS)
              for x in (before, after)]
    return ((shares[1] - shares[0]) * np.log(shares[1] / shares[0])).sum()


def drift():
    total = 0.0
    for before, after in zip(reference.T, week.T):
        total += ks_2samp(before, after, method="asymp").statistic
        total += psi(before, after, np.quantile(before, np.arange(1, BINS) / BINS))
    return total


def auc_with_interval():
    auc = roc_auc_score(labels, scores)
    positives, negatives = scores[labels == 1], scores[labels == 0]
    ranks = rankdata(np.concatenate([positives, negatives]))
    n, m = len(positives), len(negatives)
    of_positives = (ranks[:n] - rankdata(positives)) / m
    of_negatives = 1 - (ranks[n:] - rankdata(negatives)) / n
    return auc + np.sqrt(of_positives.var(ddof=1) / n + of_negatives.var(ddof=1) / m)


if __name__ == "__main__":
    serve({"KS and PSI of 50 features": (drift, float), "AUC with DeLong interval": (auc_with_interval, float)})
