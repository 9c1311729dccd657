import numpy as np

def average_precision_of(y, scores):
    y, scores = np.asarray(y), np.asarray(scores)
    if y.sum() == 0:
        return None
    return float(np.mean([y[scores >= s].mean() for s in scores[y == 1]]))
