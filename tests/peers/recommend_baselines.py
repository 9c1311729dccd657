"""Prints what NumPy, SciPy and scikit-learn give for the constants in recommend/matrix_factorisation.rs, off_policy.rs and
first_hit.rs. pip install numpy scipy scikit-learn==1.9.1"""
import numpy as np
from scipy import stats
from sklearn.metrics import label_ranking_average_precision_score

histories = [[0, 1], [0, 1, 2], [1, 2], [3, 4, 5], [3, 5], []]
p = np.zeros((6, 6))
for user, items in enumerate(histories):
    p[user, items] = 1
c, d = 1 + 40 * p, 2
y = np.random.RandomState(23).randn(6, d) / np.sqrt(d)
for _ in range(3):
    x = np.array([np.linalg.solve(y.T @ np.diag(c[u]) @ y + np.eye(d), y.T @ (c[u] * p[u])) for u in range(6)])
    y = np.array([np.linalg.solve(x.T @ np.diag(c[:, i]) @ x + np.eye(d), x.T @ (c[:, i] * p[:, i])) for i in range(6)])
s = x @ y.T
print("ALS", [s[0, 2], s[3, 4], s[0, 3], (c * (p - s) ** 2).sum() + (x ** 2).sum() + (y ** 2).sum()])
r, old, new = np.array([1, 0, 3, 0.5, 2]), np.array([0.5, 0.2, 0.1, 0.7, 0.9]), np.array([0.1, 0.3, 0.4, 0.0, 1.0])
w = new / old
print("OFF", [(w * r).mean(), stats.sem(w * r), np.average(r, weights=w), w.sum() ** 2 / (w ** 2).sum()])
scores = [[3, 1, 4, 2, 5]]
print("RANK", [label_ranking_average_precision_score(np.eye(5, dtype=int)[[item]], scores) for item in [4, 2, 0, 3, 1]])
