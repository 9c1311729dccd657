"""Prints what NumPy gives for the constants in neural/layer_norm.rs, rope.rs and transformer.rs. pip install numpy"""
import numpy as np


def norm(x, scale=1.0, shift=0.0):
    return (x - x.mean(1, keepdims=True)) / np.sqrt(x.var(1, keepdims=True) + 1e-5) * scale + shift


x = np.array([[0.5, -1.0, 2.0, 0.0], [1e-3, 2e-3, -1e-3, 0.0]])
scale, shift = np.array([1.0, 2.0, 0.5, -1.0]), np.array([0.1, 0.0, -0.1, 0.3])
print("LAYER", norm(x, scale, shift).ravel().tolist())
print("RMS", (x / np.sqrt((x ** 2).mean(1, keepdims=True) + 1e-5) * scale).ravel().tolist())
x = np.random.RandomState(20).randn(2, 4)
turn = np.exp(1j * np.outer([3, 4], 10000.0 ** (-2 * np.arange(2) / 4)))
z = (x[:, ::2] + 1j * x[:, 1::2]) * turn
print("ROPE", np.stack([z.real, z.imag], -1).ravel().tolist())

r, d, heads, n = np.random.RandomState(20), 4, 2, 3
wq, wk, wv, wo = [r.randn(d, d) / np.sqrt(d) for _ in range(4)]
up, down = r.randn(d, 4 * d) / np.sqrt(d), r.randn(4 * d, d) / np.sqrt(4 * d)
x = r.randn(n, d)
h = norm(x)
out = []
for k in range(heads):
    c = slice(k * d // heads, (k + 1) * d // heads)
    score = (h @ wq)[:, c] @ (h @ wk)[:, c].T / np.sqrt(d // heads)
    score[np.triu_indices(n, 1)] = -np.inf
    w = np.exp(score - score.max(1, keepdims=True))
    out.append(w / w.sum(1, keepdims=True) @ (h @ wv)[:, c])
x = x + np.hstack(out) @ wo
print("BLOCK", (x + np.maximum(norm(x) @ up, 0) @ down).ravel().tolist())
