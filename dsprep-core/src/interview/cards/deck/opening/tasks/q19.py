import numpy as np

def cross_entropy(logits, classes):
    z = logits - logits.max(axis=1, keepdims=True)
    e = np.exp(z)
    rows, n = np.arange(len(classes)), len(classes)
    loss = (np.log(e.sum(axis=1)) - z[rows, classes]).mean()
    gradient = e / e.sum(axis=1, keepdims=True)
    gradient[rows, classes] -= 1                 # A - Y
    return loss, gradient / n
