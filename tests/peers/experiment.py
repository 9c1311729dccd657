"""Prints what SciPy and statsmodels give for the constants in experiment/.
pip install scipy==1.17.1 statsmodels==0.15.0"""
import numpy as np
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import NormalIndPower, normal_power_het, normal_sample_size_one_tail
from statsmodels.stats.proportion import (
    confint_proportions_2indep, power_proportions_2indep, proportions_ztest, samplesize_proportions_2indep_onetail,
)

# Sample sizes. statsmodels: nobs1 is the treatment, ratio = control / treatment.
for p, d, power, r, alpha, alt in [(0.1, 0.02, 0.8, 1, 0.05, "two-sided"), (0.1, 0.002, 0.9, 1 / 99, 0.01, "two-sided"),
                                   (0.3, -0.05, 0.8, 2, 0.05, "smaller")]:
    n = samplesize_proportions_2indep_onetail(d, p, power, ratio=1 / r, alpha=alpha, alternative=alt)
    print("pooled", p, d, power, r, alpha, alt, "treatment", repr(float(n)), "control", repr(float(n / r)))
print("power pooled", repr(float(power_proportions_2indep(0.02, 0.1, 2000, ratio=1.5, alpha=0.05).power)),
      "treatment 2000, control 3000")
print("power pooled small", repr(float(power_proportions_2indep(0.005, 0.1, 500, ratio=1, alpha=0.05).power)))
print("means", repr(float(NormalIndPower().solve_power(0.25, power=0.9, alpha=0.05, ratio=1.0))),
      repr(float(NormalIndPower().solve_power(0.25, power=0.9, alpha=0.05, ratio=0.5, alternative="larger"))), "nobs1 = control")
print("means het", repr(float(normal_sample_size_one_tail(1.5, 0.8, 0.025, np.sqrt(9 + 16 / 0.5)))), "control, sd 3 and 4, ratio 0.5")
print("power means", repr(float(normal_power_het(1.5, 50, 0.05, np.sqrt(9 + 16 / 2)))), "50 control, 100 treatment, sd 3, 4")
# z-test
z, p = proportions_ztest([130, 100], [1000, 1200])
print("z", repr(float(z)), repr(float(p)), [repr(float(x)) for x in confint_proportions_2indep(130, 1000, 100, 1200, method="wald")])
# Welch
a = np.array([27.5, 21.0, 19.0, 23.6, 17.0, 17.9, 16.9, 20.1, 21.9, 22.6, 23.1, 19.6, 19.0, 21.7, 21.4])
b = np.array([27.1, 22.0, 20.8, 23.4, 23.4, 23.5, 25.8, 22.0, 24.8, 20.2, 21.9, 22.1, 22.9, 30.5, 31.3])
t = stats.ttest_ind(b, a, equal_var=False)
ci = t.confidence_interval(0.95)
print("welch", [repr(float(x)) for x in (t.statistic, t.df, t.pvalue, ci.low, ci.high)])
for o, e in [([50000, 50600], [.5, .5]), ([8200, 1000, 800], [.8, .1, .1])]:
    c = stats.chisquare(o, np.array(e) * sum(o))
    print("srm", o, e, repr(float(c.statistic)), repr(float(c.pvalue)))
ps = [0.01, 0.04, 0.03, 0.005, 0.2, 0.04, 0.9, 0.0004]
for m in ["bonferroni", "holm", "fdr_bh"]:
    print(m, [float(x) for x in multipletests(ps, method=m)[1]])
# Bootstrap with the legacy generator
x = np.array([2.1, 3.4, 1.2, 8.9, 4.4, 2.8, 3.9, 15.2, 1.1, 2.2, 5.0, 3.3])
for name, f in [("mean", np.mean), ("median", np.median), ("std", lambda v, axis=-1: np.std(v, axis=axis, ddof=1))]:
    for m in ["percentile", "BCa"]:
        r = stats.bootstrap((x,), f, n_resamples=999, confidence_level=0.9, method=m, random_state=np.random.RandomState(26), vectorized=True)
        print("bootstrap", name, m, [repr(float(v)) for v in r.confidence_interval])


# Group-sequential boundaries: the same recursion with Gauss-Legendre quadrature and SciPy's normal distribution.
# SciPy's multivariate normal (quasi-Monte Carlo) confirms them to about 1e-4, R's ldbounds to 4 digits.
def boundaries(spend, t, alpha, nodes=400):
    from scipy.optimize import brentq
    roots, weights = np.polynomial.legendre.leggauss(nodes)
    x, mass, before, spent, z = np.array([0.0]), np.array([1.0]), 0.0, 0.0, []
    for f in t:
        sd, part = np.sqrt(f - before), spend(f, alpha) - spent
        b = brentq(lambda b: (mass * (stats.norm.cdf((-b - x) / sd) + stats.norm.sf((b - x) / sd))).sum() - part,
                   0.01, 30 * np.sqrt(f), xtol=1e-13)
        z.append(float(b / np.sqrt(f)))
        points = roots * b
        density = (mass * stats.norm.pdf((points[:, None] - x) / sd) / sd).sum(axis=1)
        x, mass, before, spent = points, density * weights * b, f, spend(f, alpha)
    return z


def obf(t, a):
    return 4 * stats.norm.sf(stats.norm.isf(a / 4) / np.sqrt(t))


def pocock(t, a):
    return a * np.log(1 + (np.e - 1) * t)


# One-sided, few users, ratios, margins, ranks, bandits.
def more():
    from scipy.integrate import quad
    from scipy.optimize import brentq
    from statsmodels.regression.linear_model import WLS
    from statsmodels.stats.proportion import proportion_confint, test_proportions_2indep, tost_proportions_2indep
    from statsmodels.stats.weightstats import ttost_ind

    sides = ["two-sided", "less", "greater"]
    print("Z", [float(proportions_ztest([130, 100], [1000, 1200], alternative=s)[1]) for s in ["smaller", "larger"]])
    a, b = [27.5, 21.0, 19.0, 23.6], [27.1, 22.0, 25.8, 24.8, 30.5]
    print("T", [float(stats.ttest_ind(b, a, equal_var=False, alternative=s).pvalue) for s in sides[1:]])
    for x, n in [(0, 100), (3, 10), (10, 10), (1, 1), (20, 1000), (123_456, 1_000_000_000), (999_999_999, 1_000_000_000)]:
        print("WILSON", (x, n), *[repr(float(v)) for v in proportion_confint(x, n, method="wilson")])
    for (x1, n1), (x2, n2) in [((0, 10), (2, 10)), ((100, 1200), (130, 1000)), ((10, 10), (9, 10))]:
        print("NEWCOMBE", ((x1, n1), (x2, n2)),
              *[repr(float(v)) for v in confint_proportions_2indep(x2, n2, x1, n1, method="newcomb", alpha=0.1)])
    y, d = np.array([1, 0, 9, 3, 2, 0, 5.0]), np.array([10, 5, 15, 8, 20, 3, 6.0])
    fit = WLS(y / d, np.ones(7), weights=d).fit(cov_type="HC1")
    print("RATIO", repr(float(fit.params[0])), repr(float(fit.bse[0])))
    for p, n1, n2 in [(0.1, 3841, 3841), (0.02, 10_000, 5_000), (0.5, 200_000_000, 200_000_000)]:
        f = lambda e: power_proportions_2indep(e, p, n2, ratio=n1 / n2, alpha=0.05).power - 0.8
        print("MDE", (p, n1, n2), repr(float(brentq(f, 1e-7, (1 - p) * 0.99, xtol=1e-15))))
    print("MDE means", repr(float(2 * NormalIndPower().solve_power(nobs1=300, power=0.8, alpha=0.05, ratio=0.5,
                                                                  alternative="larger"))))
    print("RATES", float(test_proportions_2indep(130, 1200, 100, 1000, value=-0.02, method="wald", compare="diff",
                                                 alternative="larger").pvalue),
          tost_proportions_2indep(130, 1200, 100, 1000, -0.02, 0.02, method="wald", compare="diff").pvalue)
    a, b = np.array([5.0, 5.2, 4.9, 5.1, 5.0, 5.4]), np.array([5.0, 5.1, 4.8, 5.2, 5.6])
    t = ttost_ind(b, a, -0.4, 0.4, usevar="unequal")
    print("MEANS", float(t[1][1]), float(t[0]))
    a, b = np.array([1.1, 2.3, 2.3, 0.4, 3.0]), np.array([2.3, 4.1, 1.1, 5.0])
    print("P_VALUES", [float(stats.permutation_test((b, a), lambda x, y: x.mean() - y.mean(), n_resamples=np.inf,
                                                    alternative=s).pvalue) for s in sides])
    a, b = [1.1, 2.2, 3.5, 0.4, 3.0], [2.3, 4.1, 1.0, 5.0, 6.5, 2.9]
    for s in sides:
        print("EXACT", s, stats.mannwhitneyu(b, a, alternative=s, method="exact"))
    a, b = [1, 2, 2, 5, 3, 3, 3], [2, 3, 5, 5, 8]
    for s in sides:
        print("TIED", s, stats.mannwhitneyu(b, a, alternative=s, method="asymptotic"))
    one, two = stats.beta(21, 181), stats.beta(29, 183)
    print("BETTER", quad(lambda p: two.pdf(p) * one.cdf(p), 0, 1, epsabs=1e-12)[0])
    for shape in [0.3, 1.0, 2.5, 1e9]:
        print("GAMMA", shape, np.random.RandomState(7).gamma(shape, 2.0, 3).tolist())
    for ab in [(0.5, 0.5), (1e-3, 2e-3), (1.0, 1.0), (4.0, 0.5), (1e8, 9e8)]:
        print("BETA", ab, np.random.RandomState(7).beta(*ab, 3).tolist())
    for (x1, n1), (x2, n2) in [((8, 10), (1, 6)), ((1, 10), (9, 12)), ((0, 5), (0, 7)), ((3, 10), (3, 10)),
                               ((100, 1200), (130, 1000)), ((500, 100_000), (600, 100_000))]:
        print("FISHER", ((x1, n1), (x2, n2)), [float(stats.fisher_exact([[x2, n2 - x2], [x1, n1 - x1]], s).pvalue) for s in sides])


# The three sides of the tests whose statistic is normal or t.
def sides():
    from scipy.integrate import quad
    from statsmodels.regression.linear_model import OLS, WLS

    normal = lambda z: [float(2 * stats.norm.sf(abs(z))), float(stats.norm.cdf(z)), float(stats.norm.sf(z))]
    ratio = lambda y, d: WLS(y / d, np.ones(len(y)), weights=d).fit(cov_type="HC1")
    control = ratio(np.array([1, 0, 9, 3, 2, 0, 5.0]), np.array([10, 5, 15, 8, 20, 3, 6.0]))
    treatment = ratio(np.array([4, 2, 9, 7, 2, 3.0]), np.array([9, 5, 12, 8, 11, 3.0]))
    print("RATIO", normal((treatment.params[0] - control.params[0]) / np.hypot(treatment.bse[0], control.bse[0])))
    y, scores = np.array([0, 1, 0, 1, 1, 0, 0, 1]), np.array([[.1, .9, .4, .6, .3, .2, .5, .7], [.3, .4, .6, .5, .2, .7, .1, .6]])
    psi = [(s[y == 1][:, None] > s[y == 0]) + 0.5 * (s[y == 1][:, None] == s[y == 0]) for s in scores]
    gap = psi[0] - psi[1]
    print("AUC", normal(gap.mean() / np.sqrt(gap.mean(1).var(ddof=1) / 4 + gap.mean(0).var(ddof=1) / 4)))
    first = np.array([1.2, 1.5, 1.9, 1.1, 0.6, 0.4, 0.6, 1.1, 2.0, 2.2, 1.4, 0.9])
    second = np.array([1.0, 0.9, 1.0, 1.1, 1.0, 0.9, 0.8, 0.9, 1.1, 0.8, 0.7, 0.8])
    fit = OLS(first - second, np.ones(12)).fit(cov_type="HAC", cov_kwds={"maxlags": 1, "kernel": "uniform"})
    t = fit.tvalues[0] * np.sqrt((12 + 1 - 4 + 2 / 12) / 12)
    print("LOSSES", [float(2 * stats.t.sf(abs(t), 11)), float(stats.t.cdf(t, 11)), float(stats.t.sf(t, 11))])
    p, seen = np.array([0.2, 0.7, 0.4, 0.9, 0.1]), np.array([1, 1, 0, 1, 1])
    print("POSITIVES", normal((seen - p).sum() / np.sqrt((p * (1 - p)).sum())))
    tau, se, x = 0.8, 0.5, 1.3
    likelihood = lambda e: stats.norm.pdf(x, e, se) / stats.norm.pdf(x, 0, se) * stats.norm.pdf(e, 0, tau)
    below, above = [quad(likelihood, *ends, epsabs=1e-13)[0] for ends in [(-8, 0), (0, 8)]]
    print("MIXTURES", [float(min(1, 1 / ratio)) for ratio in [below + above, 2 * below, 2 * above]])


if __name__ == "__main__":
    print("OBF 3", boundaries(obf, [1 / 3, 2 / 3, 1], 0.05))
    print("OBF 4 uneven", boundaries(obf, [0.3, 0.5, 0.6, 1], 0.01))
    print("Pocock 3", boundaries(pocock, [1 / 3, 2 / 3, 1], 0.05))
    print("OBF 5", boundaries(obf, [.2, .4, .6, .8, 1], 0.05))
    print("Pocock 5", boundaries(pocock, [.2, .4, .6, .8, 1], 0.05))
    more()
    sides()
