"""Prints what SciPy gives for the constants in distribution/, and mpmath where SciPy is less exact.
pip install scipy==1.17.1 mpmath==1.3.0"""
import mpmath as mp
from scipy import stats

mp.mp.dps = 40
print("t quantiles")
for confidence in (0.5, 0.9, 0.95, 0.999999):
    for df in (1, 2.5, 10, 200, 999, 1000, 1e4, 1e6, 3e6, 4e6, 7e6, 1e7, 2e7, 1e8, 1e9):
        print(f"({confidence!r}, {float(df)!r}, {float(stats.t.isf((1 - confidence) / 2, df))!r}),")

def at_least(k, n, p):
    """P(X >= k) for a k above the mean, with 40 digits."""
    term = mp.exp(mp.loggamma(n + 1) - mp.loggamma(k + 1) - mp.loggamma(n - k + 1) + k * mp.log(p) + (n - k) * mp.log(1 - p))
    total, j = term, k
    while j < n and term > total * mp.mpf(10) ** -25:
        term *= (n - j) * p / ((j + 1) * (1 - p))
        j, total = j + 1, total + term
    return total


def at_most(k, n, p):
    """P(X <= k) for a k below the mean, with 40 digits."""
    term = mp.exp(mp.loggamma(n + 1) - mp.loggamma(k + 1) - mp.loggamma(n - k + 1) + k * mp.log(p) + (n - k) * mp.log(1 - p))
    total, j = term, k
    while j > 0 and term > total * mp.mpf(10) ** -25:
        term *= j * (1 - p) / ((n - j + 1) * p)
        j, total = j - 1, total + term
    return total


def exact(near, is_below):
    low, high = mp.mpf(near) * 0.99, mp.mpf(near) * 1.01
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if is_below(middle) else (low, middle)
    return mp.nstr(low, 16)


print("binomial bounds at 99 %")
for bad, n in [(0, 10), (1, 30), (2, 10), (10, 10), (3, 5000), (200, 50_000), (30, 1_000_000), (0, 10**7), (1, 10**7), (3, 10**7),
               (20, 10**7), (10**7 - 1, 10**7), (1000, 10**8), (10_000, 10**9), (1, 10**9), (123_456_789, 10**9), (5 * 10**8, 10**9)]:
    low = 0.0 if bad == 0 else float(stats.beta.ppf(0.01, bad, n - bad + 1))
    high = 1.0 if bad == n else float(stats.beta.ppf(0.99, bad + 1, n - bad))
    print(f"({bad}, {n}, {low!r}, {high!r}),")
    if 0 < bad <= 10_000:
        tail = mp.mpf(1) / 100
        print("    by mpmath:", exact(low, lambda p: at_least(bad, n, p) < tail), end=" ")
        print(exact(high, lambda p: at_most(bad, n, p) > tail) if bad < n else "")
