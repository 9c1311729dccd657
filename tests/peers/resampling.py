"""Prints what imbalanced-learn gives for the constants in imbalance/, and scikit-learn for those of
trees/boosting/early_stopping.rs. pip install numpy scikit-learn==1.9.1 imbalanced-learn==0.14.2"""
import numpy as np
from imblearn.over_sampling import SMOTE, RandomOverSampler
from imblearn.under_sampling import RandomUnderSampler
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

y = np.array([7, 0, 0, 7, 0, 1000000, 0, 7, 0, 1000000, 0, 0])
rows = np.arange(len(y)).reshape(-1, 1)
for name, sampler in ("OVER", RandomOverSampler(random_state=3)), ("UNDER", RandomUnderSampler(random_state=3)):
    sampler.fit_resample(rows, y)
    print(name, sampler.sample_indices_.tolist() if name == "OVER" else sorted(sampler.sample_indices_.tolist()))

# 20 rows of the small class among 32: SMOTE adds 12.
x = np.random.RandomState(14).randn(52, 2)
labels = np.repeat([1, 0], [20, 32])
new = SMOTE(k_neighbors=3, random_state=5).fit_resample(x, labels)[0][52:]
print("SMOTE", new.ravel().tolist())

# The loss on rows that are not fitted, for each number of trees, and where a patience of 1, 5 and 60 ends the search.
r = np.random.RandomState(14)
x = np.round(2 * r.randn(500, 3)) / 2
z = x[:, 0] + r.randn(500)
labels = (z > 0).astype(int)
options = dict(max_iter=60, max_depth=4, max_leaf_nodes=None, min_samples_leaf=20, l2_regularization=1.0, early_stopping=True,
               n_iter_no_change=60, tol=0.0, scoring="loss")
for name, model, target in ("NUMBERS", HistGradientBoostingRegressor, z), ("CLASSES", HistGradientBoostingClassifier, labels):
    fitted = model(**options).fit(x[:300], target[:300], X_val=x[300:], y_val=target[300:])
    losses = -fitted.validation_score_ * (2 if name == "NUMBERS" else 1)    # its squared loss is halved
    kept = []
    for patience in 1, 5, 60:
        best = 0
        for trees in range(1, 61):
            if losses[trees] < losses[best]:
                best = trees
            if trees - best >= patience:
                break
        kept.append(best)
    print(name, kept, losses[[0, 1, 10, 60]].tolist())
