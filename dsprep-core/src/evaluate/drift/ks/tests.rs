use super::*;
use crate::random::RandomState;
use ndarray::{Array1, array};

const TWO: Alternative = Alternative::TwoSided;
const ALL: [Alternative; 3] = [TWO, Alternative::Less, Alternative::Greater];

fn assert_relative(found: f64, expected: f64, tolerance: f64) {
    let error = (found - expected).abs() / expected.abs();
    assert!(error < tolerance, "{found:e} instead of {expected:e}");
}

/// The original's draws: those of question 24 come first, from the same seed.
fn after_question_24() -> Result<RandomState> {
    let mut rng = RandomState::seed(1);
    for _ in 0..1000 {
        rng.randint(1, 50, ())?;
        rng.lognormal(4.0, 1.0, ())?;
        rng.randint(0, 7200, ())?;
        rng.rand(());
    }
    Ok(rng)
}

#[test]
fn the_formula_for_equal_sizes_counts_the_same_paths() {
    for n in [1, 2, 7, 50, 211] {
        let lattice = Lattice::new(n, n);
        for (gap, side) in (1..=n).flat_map(|gap| ALL.map(|side| (gap, side))) {
            let (formula, counted) = (
                lattice.share_by_reflection(gap, side),
                lattice.share_by_counting(gap, side),
            );
            assert_relative(formula, counted, 1e-12);
        }
    }
}

#[test]
fn the_numbers_of_the_original_are_reproduced() -> Result<()> {
    let mut rng = after_question_24()?;
    let reference = rng.normal(0.0, 1.0, 1000)?;
    let mut periods = Vec::new();
    for (mean, deviation, factor) in [(0.0, 1.0, 1.0), (1.0, 1.5, 1.0), (2.0, 2.0, 0.3)] {
        let current = rng.normal(mean, deviation, 500)?;
        periods.push((current, rng.rand(200)? * factor));
    }
    let labels = rng.rand(200)?.mapv(|u| usize::from(u > 0.5));
    // ks_2samp(ref, current, method=...), SciPy 1.17.1, and roc_auc_score(labels, preds),
    // scikit-learn 1.9.1. The original prints 0.051, 0.3475, 0.474; 0.424, 0.0000, 0.538;
    // 0.559, 0.0000, 0.511.
    let expected = [
        (
            0.051,
            0.34750516186605696,
            0.3402964672398763,
            0.47443181818181823,
        ),
        (
            0.424,
            3.155756771833575e-54,
            8.047603331362408e-55,
            0.5382508116883117,
        ),
        (
            0.559,
            1.563958641623182e-96,
            1.5277842914232542e-98,
            0.5107548701298701,
        ),
    ];
    for ((current, scores), (statistic, exact, asymptotic, auc)) in periods.iter().zip(expected) {
        let test = ks_two_sample(&reference, current, TWO, KsMethod::Auto)?;
        assert_relative(test.statistic, statistic, 1e-14);
        assert_relative(test.p_value, exact, 1e-13);
        let test = ks_two_sample(&reference, current, TWO, KsMethod::Asymptotic)?;
        assert_relative(test.p_value, asymptotic, 1e-11);
        assert_relative(crate::evaluate::roc_auc(&labels, scores)?, auc, 1e-15);
    }
    Ok(())
}

/// Pairs of several sizes, one with ties.
fn samples() -> [(Array1<f64>, Array1<f64>); 6] {
    let mut rng = RandomState::seed(4);
    let rounded = |values: Array1<f64>| values.mapv(|x| (x * 10.0).round_ties_even() / 10.0);
    [
        (rng.randn(7).unwrap(), rng.randn(5).unwrap() + 0.5),
        (rng.randn(12).unwrap(), rng.randn(12).unwrap() + 1.0),
        (
            rounded(rng.randn(60).unwrap()),
            rounded(rng.randn(45).unwrap() + 0.3),
        ),
        (rng.randn(300).unwrap(), rng.randn(200).unwrap() * 1.3),
        (rng.randn(4000).unwrap(), rng.randn(3000).unwrap() + 0.05),
        (rng.randn(12_000).unwrap(), rng.randn(9000).unwrap() + 0.02),
    ]
}

#[test]
fn it_equals_scipy_on_other_sizes_and_with_ties() -> Result<()> {
    // r = np.random.RandomState(4); ks_2samp(x, y, method=m) with m = exact and asymp, SciPy
    // 1.17.1, of r.randn(7), r.randn(5) + .5; r.randn(12), r.randn(12) + 1;
    // np.round(r.randn(60), 1), np.round(r.randn(45) + .3, 1); r.randn(300), r.randn(200) *
    // 1.3; r.randn(4000), r.randn(3000) + .05; r.randn(12000), r.randn(9000) + .02
    let samples = samples();
    let expected = [
        (0.6, 0.16666666666666663, 0.14400000000000004),
        (0.5, 0.09954677170991616, 0.06558641975308643),
        (0.14444444444444443, 0.6131203539274469, 0.5993266169935181),
        (
            0.12166666666666667,
            0.054018630390811125,
            0.05254465642983071,
        ),
        (
            0.042083333333333334,
            0.004496735434042118,
            0.00448266410942363,
        ),
        (0.010722222222222222, 0.5920404269595568, 0.5915404229676693),
    ];
    for ((x, y), (statistic, exact, asymptotic)) in samples.iter().zip(expected) {
        let test = ks_two_sample(x, y, TWO, KsMethod::Exact)?;
        assert_relative(test.statistic, statistic, 1e-14);
        assert_relative(test.p_value, exact, 1e-13);
        let by_limit = ks_two_sample(x, y, TWO, KsMethod::Asymptotic)?;
        assert_relative(by_limit.p_value, asymptotic, 1e-10);
        let automatic = ks_two_sample(x, y, TWO, KsMethod::Auto)?;
        let large = x.len() > 10_000;
        assert_eq!(automatic, if large { by_limit } else { test });
    }
    Ok(())
}

/// `ks_2samp(x, y, alternative=..., method=...)`, SciPy 1.17.1, of the same samples: `tests/peers/drift.py`. Where SciPy
/// can't count that many paths, there is no exact value.
#[test]
fn one_sided_tests_equal_scipy() -> Result<()> {
    let samples = samples();
    for ((x, y), expected) in samples.iter().zip(ONE_SIDED) {
        for (side, (statistic, exact, asymptotic)) in ALL[1..].iter().zip(expected) {
            let test = ks_two_sample(x, y, *side, KsMethod::Asymptotic)?;
            assert!((test.statistic - statistic).abs() < 1e-14, "{test:?}");
            assert_relative(test.p_value, asymptotic, 1e-11);
            if exact > 0.0 {
                let test = ks_two_sample(x, y, *side, KsMethod::Exact)?;
                assert_relative(test.p_value, exact, 1e-12);
            }
        }
    }
    Ok(())
}

/// Less and greater: statistic, exact and asymptotic p-value.
#[rustfmt::skip]
const ONE_SIDED: [[(f64, f64, f64); 2]; 6] = [
    [(0.0, 1.0, 1.0), (0.6, 0.08333333333333333, 0.06948345122280157)],
    [(0.08333333333333333, 0.9230769230769231, 0.8464817248906141), (0.5, 0.049773755656108594, 0.030197383422318553)],
    [(0.022222222222222254, 0.9622238061297217, 0.9545064803663618), (0.14444444444444438, 0.31602357593815344, 0.2980237759530602)],
    [(0.12166666666666667, 0.02700979137165871, 0.02557289641290243), (0.095, 0.10974626785747521, 0.1049085074111545)],
    [(0.004916666666666666, 0.0, 0.9161607008708171), (0.04208333333333336, 0.0, 0.002215885514411964)],
    [(0.002555555555555533, 0.0, 0.9327589556298288), (0.010722222222222189, 0.0, 0.3033950350052498)],
];

#[test]
fn the_exact_p_value_is_the_share_of_all_orders() -> Result<()> {
    // Every way to choose which 4 of the 9 ranks belong to the first sample.
    let (n1, n2) = (4, 5);
    let mut statistics = [const { Vec::new() }; 3];
    for chosen in 0_u32..1 << (n1 + n2) {
        if chosen.count_ones() == n1 {
            let of = |bit| {
                let ranks = (0..n1 + n2).filter(move |rank| chosen >> rank & 1 == bit);
                ranks.map(f64::from).collect::<Array1<f64>>()
            };
            for (found, side) in statistics.iter_mut().zip(ALL) {
                found.push(ks_two_sample(&of(1), &of(0), side, KsMethod::Exact)?);
            }
        }
    }
    for found in &statistics {
        for test in found {
            let as_large = found.iter().filter(|s| s.statistic >= test.statistic);
            let share = as_large.count() as f64 / found.len() as f64;
            assert_relative(test.p_value, share, 1e-13);
        }
    }
    Ok(())
}

#[test]
fn the_merge_finds_the_gap_that_counting_at_every_value_finds() -> Result<()> {
    let mut rng = RandomState::seed(12);
    for _ in 0..50 {
        let x = rng.randint(0, 15, 40)?.mapv(|value| value as f64);
        let y = rng.randint(2, 18, 33)?.mapv(|value| value as f64);
        let below = |sample: &Array1<f64>, at: f64| {
            sample.iter().filter(|&&value| value <= at).count() as f64 / sample.len() as f64
        };
        let gaps = x
            .iter()
            .chain(&y)
            .map(|&at| (below(&x, at) - below(&y, at)).abs());
        let largest = gaps.fold(0.0, f64::max);
        assert!((ks_statistic(&x, &y)? - largest).abs() < 1e-15);
    }
    Ok(())
}

#[test]
fn a_sample_against_itself_has_no_gap() -> Result<()> {
    let x = array![3.0, 1.0, 2.0];
    for method in [KsMethod::Exact, KsMethod::Asymptotic] {
        let test = ks_two_sample(&x, &x, TWO, method)?;
        assert_eq!((test.statistic, test.p_value), (0.0, 1.0));
    }
    Ok(())
}

#[test]
fn missing_values_are_named() {
    let error = ks_statistic(&array![1.0, f64::NAN], &array![1.0]).unwrap_err();
    assert!(error.to_string().starts_with("`reference[1]` is NaN"));
    assert!(ks_statistic(&array![1.0], &Array1::zeros(0)).is_err());
}
