"""Prints what scikit-learn gives for the constants in classify/, cluster/, calibrate/, imbalance/, linear/ and evaluate/.
pip install numpy scikit-learn==1.9.1"""
import numpy as np
from sklearn.calibration import _sigmoid_calibration
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import PredefinedSplit, cross_val_score
from sklearn.naive_bayes import GaussianNB, MultinomialNB
from sklearn.neighbors import KNeighborsClassifier, NearestNeighbors

r = np.random.RandomState(14)
x = r.randn(60, 3)
y = np.where(x[:, 0] < -0.5, 2, (x[:, 0] > 0.5).astype(int))
new = r.randn(3, 3)
print("KNN", KNeighborsClassifier(5, algorithm="brute").fit(x, y).predict_proba(new).tolist())
print("GAUSS", GaussianNB().fit(x, y).predict_proba(new).tolist())
counts = np.array([[2, 0, 1], [1, 3, 0], [0, 1, 4], [1, 0, 2], [0, 2, 1.0]])
print("MULTI", MultinomialNB(alpha=0.5).fit(counts, [4, 9, 4, 4, 9]).predict_proba([[1, 1, 1], [0, 3, 0]]).tolist())
binary = (x[:, 0] > 0.5).astype(int)
model = LogisticRegression(tol=1e-10, max_iter=1000)
print("CV", (-cross_val_score(model, x, binary, scoring="neg_log_loss", cv=PredefinedSplit(np.arange(60) % 4))).tolist())
model = LogisticRegression(tol=1e-12, max_iter=10_000, class_weight="balanced").fit(x, binary)
print("BALANCED", model.coef_[0].tolist(), float(model.intercept_[0]))

r = np.random.RandomState(14)
x = r.randn(50, 3) @ np.array([[3, 1, 0], [0, 2, -1], [0.5, 0, 0.3]])
pca = PCA(2).fit(x)
print("PCA", pca.components_.ravel().tolist() + pca.explained_variance_.tolist())

x = np.random.RandomState(14).randn(60, 2)
x[20:40, 0] += 4
x[40:, 1] += 4
k = KMeans(3, init=x[:3], n_init=1, tol=0).fit(x)
print("KMEANS", k.cluster_centers_.ravel().tolist() + [float(k.inertia_)])

r = np.random.RandomState(14)
scores = r.randn(200)
labels = (scores + r.randn(200) > 0.4).astype(int)
a, b = _sigmoid_calibration(scores, labels)
print("PLATT", -float(a), -float(b))
r = np.random.RandomState(14)
x = np.round(5 * r.randn(80)) / 5
z = x + r.randn(80)
curve = IsotonicRegression(out_of_bounds="clip").fit(x, z)
print("ISOTONIC", curve.predict([-9, -1.1, -0.25, 0, 0.33, 1.07, 9]).tolist())
x = np.random.RandomState(14).randn(8, 2)
print("NEIGHBOURS", NearestNeighbors(n_neighbors=4).fit(x).kneighbors(x)[1][:, 1:].tolist())

from sklearn.utils.class_weight import compute_sample_weight

print("WEIGHTS", compute_sample_weight("balanced", [7, 7, 7, 0, 0, 1000000]).tolist())

# 2 w² var(x); scikit-learn's mean of 2000 repeats beside it.
from sklearn.inspection import permutation_importance
from sklearn.linear_model import LinearRegression

x = np.random.RandomState(14).randn(40, 3)
z = 3 * x[:, 0] - x[:, 1]
print("IMPORTANCE", (2 * np.array([3, -1, 0]) ** 2 * x.var(0)).tolist(),
      permutation_importance(LinearRegression().fit(x, z), x, z, scoring="neg_mean_squared_error", n_repeats=2000,
                             random_state=0).importances_mean)

# Boosting with missing values: trees/boosting. x as `coarse()` of trees/sample.rs, every fifth value missing.
if __name__ == "__main__":
    r = np.random.RandomState(14)
    x = np.round(2 * r.randn(300, 3)) / 2
    z = np.where(x[:, 0] > 0, 2.0, -1.0) + x[:, 1] + 0.3 * r.randn(300)
    x[::5, 0] = np.nan
    z[::5] += 3
    x[3::7, 2] = np.nan
    new = np.array([[np.nan, 0.5, 0.5], [1.0, -0.5, np.nan], [-1.0, 1.5, 0.0]])
    m = HistGradientBoostingRegressor(max_iter=30, max_depth=3, max_leaf_nodes=None, min_samples_leaf=10, l2_regularization=1.0)
    print("MISSING", m.fit(x, z).predict(new).tolist())
    c = HistGradientBoostingClassifier(max_iter=30, max_depth=3, max_leaf_nodes=None, min_samples_leaf=10, l2_regularization=1.0)
    print("MISSING CLASSES", c.fit(x, (z > 1).astype(int)).predict_proba(new)[:, 1].tolist())
