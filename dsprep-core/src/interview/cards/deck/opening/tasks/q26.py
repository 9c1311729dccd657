import numpy as np

def ratio_of(clicks, views):
    rate = clicks.sum() / views.sum()
    linear = clicks - rate * views               # one number for each user
    return rate, np.sqrt(linear.var(ddof=1) / len(views)) / views.mean()
