import numpy as np

def adapted(x, w, b, a, alpha):
    update = x @ b @ a * alpha / b.shape[1]      # x B first: no d×k matrix is made
    return x @ w + update, a.size + b.size
