"""Prints what scikit-learn gives for the constants in trees/isolation_forest/tests.rs. pip install numpy scikit-learn==1.9.1"""
import numpy as np
from sklearn.ensemble import IsolationForest
from sklearn.ensemble._iforest import _average_path_length
from sklearn.metrics import roc_auc_score

print("USUAL", _average_path_length(np.array([1, 2, 3, 10, 256, 100_000])).tolist())
r = np.random.RandomState(24)
usual = r.normal(0, 1, (600, 3))
far = r.normal(0, 3, (30, 3))
x, y = np.vstack([usual, far]), np.repeat([0, 1], [600, 30])
fits = [IsolationForest(n_estimators=500, random_state=seed).fit(x) for seed in range(10)]
scores = np.array([-fit.score_samples(x) for fit in fits])
print("SCORES", scores.mean(0)[[0, 1, 2, 600, 601, 602]].tolist(), "spread between seeds", scores.std(0).max())
print("AUC", [roc_auc_score(y, score) for score in scores])
