"""What Python does with the payments of `cargo bench --bench fraud`, which asks for each step. Needs scikit-learn and pandas.

    fraud.py FOLDER        # holds payments.csv and training.csv
"""
import bisect
import csv
import math
import sys
from collections import Counter, deque
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier
from timed import serve

HISTORY = 64


class User:
    """The same features from deques, for payments in the order of time."""

    def __init__(self):
        self.records, self.logs, self.norths, self.easts = deque(), [], [], []
        self.jumped = None
        self.devices, self.merchants, self.ids = Counter(), Counter(), set()
        self.windows = {3600: deque(), 86400: deque()}
        self.cents = {3600: 0, 86400: 0}

    def features(self, p):
        for width, window in self.windows.items():
            while window and p["time"] - window[0][0] >= width:
                self.cents[width] -= window.popleft()[1]
        distance, pause = 0.0, 604800
        if self.records:
            last = self.records[-1]
            distance = haversine(last, p)
            pause = p["time"] - last["time"]
        known = bool(self.records)
        speed = distance / (max(pause, 60) / 3600)
        jumped = p["time"] if distance > 100 and speed > 900 else self.jumped
        home = {"latitude": median(self.norths), "longitude": median(self.easts)} if known else p
        return [len(self.windows[3600]), len(self.windows[86400]), self.cents[3600] / 100, self.cents[86400] / 100,
                p["log"], robust_z(p["log"], self.logs), distance, speed,
                float(known and not self.devices[p["device"]]), float(known and not self.merchants[p["merchant"]]),
                min(pause, 604800), len(self.records),
                haversine(home, p), 604800 if jumped is None else min(p["time"] - jumped, 604800)]

    def add(self, p):
        if self.records:
            distance = haversine(self.records[-1], p)
            if distance > 100 and distance / (max(p["time"] - self.records[-1]["time"], 60) / 3600) > 900:
                self.jumped = p["time"]
        self.records.append(p)
        bisect.insort(self.norths, p["latitude"])
        bisect.insort(self.easts, p["longitude"])
        bisect.insort(self.logs, p["log"])
        self.devices[p["device"]] += 1
        self.merchants[p["merchant"]] += 1
        self.ids.add(p["id"])
        for width, window in self.windows.items():
            window.append((p["time"], p["cents"]))
            self.cents[width] += p["cents"]
        if len(self.records) > HISTORY:
            old = self.records.popleft()
            del self.logs[bisect.bisect_left(self.logs, old["log"])]
            del self.norths[bisect.bisect_left(self.norths, old["latitude"])]
            del self.easts[bisect.bisect_left(self.easts, old["longitude"])]
            self.devices[old["device"]] -= 1
            self.merchants[old["merchant"]] -= 1
            self.ids.discard(old["id"])


def robust_z(value, logs):
    n = len(logs)
    if n < 5:
        return 0.0
    middle = median(logs)
    mad = median(sorted(abs(x - middle) for x in logs))
    return (value - middle) / max(1.4826 * mad, 0.2)


def median(ordered):
    return (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2


def haversine(a, b):
    north, east = math.radians(b["latitude"] - a["latitude"]), math.radians(b["longitude"] - a["longitude"])
    h = math.sin(north / 2) ** 2 + math.cos(math.radians(a["latitude"])) * math.cos(
        math.radians(b["latitude"])) * math.sin(east / 2) ** 2
    return 2 * 6371.0088 * math.asin(min(1.0, math.sqrt(h)))


def read(path):
    payments = []
    for row in csv.DictReader(path.open()):
        amount = float(row["amount"])
        payments.append({"id": int(row["id"]), "user": int(row["user"]), "time": int(row["time"]),
                         "cents": round(100 * amount), "log": math.log(amount), "device": int(row["device"]),
                         "merchant": int(row["merchant"]), "latitude": float(row["latitude"]),
                         "longitude": float(row["longitude"])})
    # In the order of time: the deques can't take late payments.
    return sorted(payments, key=lambda p: (p["time"], p["id"]))


def streamed(payments, model=None):
    users = {}
    for p in payments:
        user = users.setdefault(p["user"], User())
        if p["id"] not in user.ids:
            values = user.features(p)
            if model is not None:
                model.predict_proba(np.array([values]))
            user.add(p)
    return len(users)


def rolling(frame):
    frame = frame.drop_duplicates("id").sort_values(["user", "time", "id"])
    frame["at"] = pd.to_datetime(frame["time"], unit="s")
    grouped = frame.set_index("at").groupby("user")["amount"]
    for width in ("1h", "24h"):
        grouped.rolling(width, closed="neither").agg(["count", "sum"])
    return len(grouped)


def main():
    folder = Path(sys.argv[1])
    payments = read(folder / "payments.csv")
    frame = pd.read_csv(folder / "payments.csv")
    table = np.loadtxt(folder / "training.csv", delimiter=",")
    model = HistGradientBoostingClassifier(max_iter=60, max_depth=4, learning_rate=0.1, early_stopping=False)
    model.fit(table[:, :-1], table[:, -1])
    serve({"deques": (lambda: streamed(payments), float),
           "deques and model": (lambda: streamed(payments[:500], model), float),
           "rolling": (lambda: rolling(frame), float),
           "model": (lambda: model.predict_proba(table[:, :-1])[:, 1], np.sum)})


if __name__ == "__main__":
    main()
