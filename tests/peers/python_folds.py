"""Executes what the notebooks fold away as "The same in Python", and the tasks of `dsprep cards --mock`.

Every block has to run by itself; each function is then compared with a peer (scikit-learn, SciPy, SQLite), with the
definition, or with a case done by hand.

    python tests/peers/python_folds.py      needs numpy, pandas, scipy and scikit-learn
"""

import contextlib
import io
import json
import re
import sqlite3
import sys
from pathlib import Path

import numpy as np
from scipy import stats
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, ndcg_score, roc_auc_score

ROOT = Path(__file__).resolve().parents[2]
TASKS = ROOT / "dsprep-core/src/interview/cards/deck/opening/tasks"
rng = np.random.default_rng(23)


def blocks():
    """All folded blocks: where they stand, and their source."""
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            text = "".join(cell["source"])
            for fold in text.split("<summary>The same in Python")[1:]:
                # Blocks that say what they print are run by same_in_python.py, which lets them share their names.
                for code in re.findall(r"```python\n((?:(?!```).)*)```(?!\n\n```text)", fold.split("</details>")[0], re.S):
                    yield f"{path.stem}, cell {cell['id']}", code
    for path in sorted(TASKS.glob("*.py")):
        yield f"task {path.name}", path.read_text(encoding="utf-8")


def close(a, b, tolerance=1e-9):
    assert np.allclose(a, b, rtol=tolerance, atol=tolerance), (a, b)


# Question 23


def recall_of(f):
    assert f([4, 8, 15, 16, 23, 42], {8, 23, 99}, 4) == 1 / 3


def ndcg_of(f):
    for _ in range(20):
        items = list(rng.permutation(12))
        relevant = set(rng.choice(12, 4, replace=False))
        truth = [[float(item in relevant) for item in items]]
        close(f(items, relevant, 5), ndcg_score(truth, [list(range(12, 0, -1))], k=5))


def next_item(f):
    similarity = [[1, 0.95, 0.2, 0], [0.95, 1, 0.1, 0.1], [0.2, 0.1, 1, 0.4], [0, 0.1, 0.4, 1]]
    assert f([1, 0.9, 0.6, 0.3], similarity, [0], 0.5) == 2
    assert f([1, 0.9, 0.6, 0.3], similarity, [0], 1.0) == 1


def machines(f):
    assert f(7000, 0.005, 20, 32, 0.6) == 40


def sampled_softmax_loss(f):
    users, items, q = rng.normal(size=(5, 3)), rng.normal(size=(5, 3)), rng.random(5)
    logits = users @ items.T - np.log(q)
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    close(f(users, items, q), -np.mean(np.log(np.diag(shares))))


def item_item(f):
    chosen = np.array([[1, 1, 0, 0], [1, 0, 0, 1], [1, 1, 0, 0], [0, 0, 1, 1]], dtype=float)
    lists = f(chosen, k=2)
    assert lists.shape == (4, 2)
    assert lists[1][0] == 1, "who chose item 0 also chose item 1"


def ivf_search(f):
    items, centres, query = rng.normal(size=(200, 8)), rng.normal(size=(10, 8)), rng.normal(size=8)
    exact = np.argsort(-(items @ query))[:10]
    assert list(f(items, centres, query, 10)) == list(exact), "all lists probed: exact"
    assert set(f(items, centres, query, 2)) <= set(range(200))


def rates(f):
    item = rng.integers(0, 2, 200_000)
    place = np.where(item == 0, 0, 4)
    clicked = (rng.random(200_000) < 0.3 / (place + 1)).astype(float)
    by_impressions, weighted = f(item, place, clicked, 2)
    assert by_impressions[0] > 4 * by_impressions[1]
    close(weighted, [0.3, 0.3], 0.03)


# Question 24


def velocity(f):
    assert f([0, 1, 3600, 3601], 3600) == 2


def stop_from(f):
    assert f(1, 99) == 0.01


def counts_in_hour(f):
    times = np.sort(rng.integers(0, 20_000, 300))
    slow = [sum(1 for before in times[:i] if now - before < 3600) for i, now in enumerate(times)]
    assert f(list(times)) == slow


def robust_z(f):
    amounts = np.exp(rng.normal(3, 0.5, 100_000)) - 1
    close(f(amounts, np.exp(4) - 1), 2.0, 0.02)


def cheapest(f):
    y = rng.integers(0, 2, 400)
    p = np.clip(0.3 * y + rng.random(400) * 0.7, 0, 1)
    cut, cost = f(y, p, 1, 5)
    others = [np.sum((p >= c) & (y == 0)) + 5 * np.sum((p < c) & (y == 1)) for c in np.linspace(0, 1, 200)]
    assert cost <= min(others)


# Question 25


def psi_of(f):
    assert f([100, 100], [10, 10]) == 0
    r, c = np.array([50.5, 50.5]) / 101, np.array([90.5, 10.5]) / 101
    close(f([50, 50], [90, 10]), stats.entropy(c, r) + stats.entropy(r, c))


def drifted(f):
    # Holm: 0.01 × 4, then 0.02 × 3 = 0.06.
    assert list(f([0.01, 0.02, 0.5, 0.6], [0.2, 0.2, 0.2, 0.2])) == [True, False, False, False]
    assert list(f([0.01, 0.01], [0.2, 0.05])) == [True, False]


def what_to_do(f):
    assert f(True, True, (0.2, 0.01)) == "repair"
    assert f(False, False, (0.1, 0.01)) == "retrain"
    assert f(False, True, (0.03, 0.01)) == "investigate"
    assert f(False, False, None) == "keep"


def promote(f):
    y = rng.integers(0, 2, 1500)
    poor, good = y + rng.normal(0, 2.0, 1500), y + rng.normal(0, 0.7, 1500)
    assert f(y, good, poor) and not f(y, poor, good) and not f(y, poor, poor)


# Question 26


def users_per_arm(f):
    close(f(0.10, 0.20), 3838, 0.001)
    close(f(0.10, 0.02), 356_059, 0.003)


def read(f):
    assert f((1000, 10_000), (1020, 10_000)) == "unclear"
    assert f((1000, 10_000), (1200, 10_000)) == "better"
    assert f((1200, 10_000), (1000, 10_000)) == "worse"
    assert f((5000, 50_000), (6000, 51_200)) == "mismatch"


def ratio_of(f):
    views = rng.integers(1, 30, 3000).astype(float)
    clicks = rng.binomial(views.astype(int), rng.uniform(0.05, 0.4, 3000)).astype(float)
    rate, error = f(clicks, views)
    close(rate, clicks.sum() / views.sum())
    draws = [(lambda rows: clicks[rows].sum() / views[rows].sum())(rng.integers(0, 3000, 3000)) for _ in range(2000)]
    close(error, np.std(draws), 0.06)


def cuped(f):
    x = rng.normal(20, 8, 50_000)
    y = 0.8 * x + rng.normal(0, 4.8, 50_000)
    close(np.var(f(y, x)) / np.var(y), 1 - np.corrcoef(x, y)[0, 1] ** 2)


def mixture_sprt_p(f):
    # The ratio is a density of N(0, v + τ²) over one of N(0, v).
    d, e, tau = 0.03, 0.012, 0.01
    ratio = stats.norm.pdf(d, 0, np.hypot(e, tau)) / stats.norm.pdf(d, 0, e)
    close(f(d, e, tau), min(1, 1 / ratio))
    assert f(0.0, e, tau) == 1


# Question 27


def metrics(f):
    precision, recall, f2 = f(90, 495, 10, 2)
    close((precision, recall), (90 / 585, 0.9))
    close(f2, 5 * precision * recall / (4 * precision + recall))
    assert f(0, 0, 10, 1) == (None, 0, 0) and f(0, 0, 0, 1) == (None, None, None)


def precision_at(f):
    close(f(0.01, 0.9, 0.05), 0.009 / (0.009 + 0.0495))


def average_precision_of(f):
    y = rng.integers(0, 2, 300)
    scores = np.round(y + rng.normal(0, 1, 300), 1)
    close(f(y, scores), average_precision_score(y, scores))
    assert f(np.zeros(3), np.arange(3)) is None


def repaired(f):
    odds = 0.02 / 0.98 / 0.1
    close(f(odds / (1 + odds), 0.1), 0.02)


def expected_cost(f):
    y, p = np.array([1, 1, 0, 0]), np.array([0.9, 0.2, 0.8, 0.1])
    assert f(y, p, 0.5) == (1 + 100) / 4


# Question 28


def diagnose(f):
    healthy = dict(parity_faults=0, shared_rows=0, offline_auc=0.8, fresh_auc=0.79, domain_auc=0.5, calibration_z=1)
    assert f(healthy) is None
    assert f(healthy | {"parity_faults": 3, "domain_auc": 0.9}) == "skew"
    assert f(healthy | {"offline_auc": 0.9}) == "target leak"
    assert f(healthy | {"calibration_z": -9}) == "concept shift"


def serve(f):
    close(f(1999, None, 40.0), [np.log(20.99), 40.0])
    close(f(0, 0.0, 40.0), [0.0, 0.0])


def encode(f):
    close(f([0, 0, 1, 0], [1, 0, 1, 1], [0, 1, 1, 1]), [0.5, 1.0, 1.0, 1.0])


def domain_auc(f):
    old = rng.normal(size=(600, 3))
    assert abs(f(old, rng.normal(size=(600, 3))) - 0.5) < 0.06
    assert f(old, rng.normal(2, 1, (600, 3))) > 0.9


def reweighted(f):
    rule = lambda x: np.where(x > 1, 2 - x, x)
    draw = lambda middle: rng.normal(middle, 1, (8000, 1))
    old, new, test = draw(0), draw(1.5), draw(1.5)
    labels = lambda x: (rule(x[:, 0]) + 0.7 * rng.normal(size=len(x)) > 0).astype(int)
    y, truth = labels(old), labels(test)
    plain = LogisticRegression().fit(old, y)
    auc = lambda model: roc_auc_score(truth, model.predict_proba(test)[:, 1])
    assert auc(f(old, y, new)) > auc(plain) + 0.2


def moved(f):
    odds = 0.3 / 0.7 * (0.2 / 0.8) / (0.1 / 0.9)
    close(f(0.3, 0.1, 0.2), odds / (1 + odds))


# Question 29


def effect(f):
    found = f((262, 1000), (201, 1000))
    close(found["reduction"], 1 - 201 / 262)
    close(found["points"], 6.1)
    ratio = stats.contingency.relative_risk(201, 1000, 262, 1000).confidence_interval(0.95)
    close(found["interval"], (1 - ratio.high, 1 - ratio.low), 1e-4)


def targets(f):
    assert list(f([0.9, 0.5, 0.3], [-0.1, 0.2, 0.1], 3)) == [1, 2]
    assert list(f([0.9, 0.5, 0.3], [-0.1, 0.2, 0.1], 1)) == [1]


def pilot():
    x = rng.normal(size=(20_000, 2))
    called = rng.random(20_000) < 0.5
    risk = lambda call: 1 / (1 + np.exp(0.5 - 0.8 * x[:, 0] - call * (1.4 * x[:, 1] - 0.9)))
    left = (rng.random(20_000) < risk(called)).astype(int)
    return x, called, left, risk(0) - risk(1)


def learn_uplift(f):
    x, called, left, truth = pilot()
    found = f(x, called, left, x)
    assert np.corrcoef(found, truth)[0, 1] > 0.98 and np.abs(found - truth).mean() < 0.03


def qini(f):
    x, called, left, truth = pilot()
    good, poor = f(truth, called, left), f(-truth, called, left)
    close(good[-1], poor[-1])
    assert good[4] > good[-1] / 4 > poor[4]


# Question 30


def my_mase(f):
    history, actual = np.array([1.0, 5.0, 2.0, 7.0]), np.array([3.0, 8.0])
    close(f(actual, np.array([2.0, 7.0]), history, 2), 1 / 1.5)
    assert f(actual, actual, np.ones(5), 1) is None and f(actual, actual, history, 4) is None


def interval_score(f):
    assert f(13, 0, 10, 0.05) == 130 and f(5, 0, 10, 0.05) == 10 and f(-1, 0, 10, 0.1) == 30


def my_backtest(f):
    assert f(np.array([1.0, 2, 1, 4, 3, 4]), 2, 2, 2, 2) == 1.0


def pinball(f):
    close(f(np.array([10.0]), np.array([7.0]), 0.9), 2.7)
    close(f(np.array([7.0]), np.array([10.0]), 0.9), 0.3)


def conformal_half_width(f):
    assert f(np.arange(1, 20), 0.9) == 18 and f(np.arange(5), 0.9) == np.inf


# Questions 19 to 22: the tasks of the mock interview


def cross_entropy(f):
    logits, classes = rng.normal(size=(6, 4)), rng.integers(0, 4, 6)
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    mean = lambda z: f(z, classes)[0]
    loss, gradient = f(logits, classes)
    close(loss, -np.mean(np.log(shares[np.arange(6), classes])))
    for place in np.ndindex(logits.shape):
        up, down = logits.copy(), logits.copy()
        up[place] += 1e-6
        down[place] -= 1e-6
        close(gradient[place], (mean(up) - mean(down)) / 2e-6, 1e-6)
    assert np.isfinite(f(1000 * logits, classes)[0])


def causal(f):
    q, k, v = rng.normal(size=(4, 8)), rng.normal(size=(4, 8)), rng.normal(size=(4, 5))
    close(f(q, k, v)[0], v[0])
    same = np.zeros((4, 8))
    close(f(same, k, v), [v[: t + 1].mean(axis=0) for t in range(4)])
    assert np.isfinite(f(1e4 * q, k, v)).all()


def adapted(f):
    x, w, b, a = rng.normal(size=(3, 6)), rng.normal(size=(6, 4)), rng.normal(size=(6, 2)), rng.normal(size=(2, 4))
    out, trained = f(x, w, b, a, 4)
    close(out, x @ (w + 2 * b @ a))
    assert trained == 20


def train_bpe(f):
    corpus = ["low lower lowest", "newer newest new", "low low lower"]
    assert f(corpus, 3) == [("l", "o"), ("lo", "w"), ("low", "</w>")]
    assert len(f(corpus, 100)) == 15
    assert f(["aaa"], 9) == [("a", "a"), ("aa", "a"), ("aaa", "</w>")]


def tasks_in_sql():
    base = sqlite3.connect(":memory:")
    base.executescript(
        """CREATE TABLE departments (id INTEGER PRIMARY KEY, name); CREATE TABLE employees (id, name, salary, manager, department);
        INSERT INTO departments VALUES (1, 'Data'), (2, 'Sales'), (3, 'Legal');
        INSERT INTO employees VALUES (1, 'Ada', 120, NULL, 1), (2, 'Bo', 130, 1, 1), (3, 'Cy', 90, 1, 2), (4, 'Di', 95, 3, 2);
        CREATE TABLE events (id INTEGER PRIMARY KEY, email, event, ts);
        INSERT INTO events VALUES (1, 'a', 'x', '01'), (2, 'a', 'x', '02'), (3, 'a', 'x', '02'), (4, NULL, 'x', '01'),
            (5, NULL, 'x', '01'), (6, 'b', 'x', '01'), (7, 'a', 'x', '00');
        CREATE TABLE months (month); CREATE TABLE orders (order_date, customer_id, amount);
        INSERT INTO months VALUES ('2024-01'), ('2024-02'), ('2024-03');
        INSERT INTO orders VALUES ('2024-01-03', 1, 5), ('2024-03-04', 2, 7), ('2024-03-05', 1, 1);"""
    )
    of = lambda name: base.execute((TASKS / name).read_text()).fetchall()
    assert of("q16.sql") == [(1, "Data", 1), (2, "Sales", 1), (3, "Legal", 0)]
    for _ in range(2):
        base.executescript((TASKS / "q17.sql").read_text())
        assert [row[0] for row in base.execute("SELECT id FROM events ORDER BY id")] == [3, 5, 6]
    assert of("q18.sql") == [("2024-01", 5, None), ("2024-02", 0, -5), ("2024-03", 8, 8)]


def main():
    checks = {name: check for name, check in globals().items() if callable(check)}
    checked, executed, failed = set(), 0, []
    for place, code in blocks():
        names = {}
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                exec(compile(code, place, "exec"), names)
            executed += 1
            for name in re.findall(r"^def (\w+)", code, re.M):
                if name in checks:
                    checks[name](names[name])
                    checked.add(name)
        except Exception as problem:
            failed.append(f"{place}: {type(problem).__name__}: {problem}")
    try:
        tasks_in_sql()
    except Exception as problem:
        failed.append(f"tasks in SQL: {type(problem).__name__}: {problem}")
    print(f"{executed} blocks executed, {len(checked)} functions compared")
    print("\n".join(failed))
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
