import numpy as np

def psi_of(reference, current):
    r, c = (np.asarray(counts) + 0.5 for counts in (reference, current))
    r, c = r / r.sum(), c / c.sum()
    return float(np.sum((c - r) * np.log(c / r)))
