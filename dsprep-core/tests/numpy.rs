//! The generator against NumPy 2.4.6. Each constant was made by the line of Python above it, with
//! `import numpy as np; r = np.random.RandomState`.

use dsprep_core::Error;
use dsprep_core::prelude::*;

#[test]
fn uniforms_are_equal_to_the_last_bit() -> Result<(), Error> {
    // r(42).random_sample(4)
    let expected = [
        0.3745401188473625,
        0.9507143064099162,
        0.7319939418114051,
        0.5986584841970366,
    ];
    assert_eq!(RandomState::seed(42).random_sample(4)?.to_vec(), expected);
    // r(4294967295).rand(2)
    let expected = [0.0976320289940138, 0.9123828453026218];
    assert_eq!(RandomState::seed(u32::MAX).rand(2)?.to_vec(), expected);
    // r(1).uniform(-2, 3, 4)
    let expected = [
        0.08511002351287011,
        1.6016224672107904,
        -1.9994281259132756,
        -0.48833713684080116,
    ];
    assert_eq!(
        RandomState::seed(1).uniform(-2.0, 3.0, 4)?.to_vec(),
        expected
    );
    Ok(())
}

#[test]
fn normals_are_equal_to_the_last_bit() -> Result<(), Error> {
    // r(0).randn(5)
    let expected = [
        1.764052345967664,
        0.4001572083672233,
        0.9787379841057392,
        2.240893199201458,
        1.8675579901499675,
    ];
    assert_eq!(RandomState::seed(0).randn(5)?.to_vec(), expected);
    // r(1).normal(5, 2, 3)
    let expected = [8.248690727326483, 3.7764871726998495, 3.9436564954730886];
    assert_eq!(RandomState::seed(1).normal(5.0, 2.0, 3)?.to_vec(), expected);
    // r(1).lognormal(3, 1, 3)
    let expected = [101.93602021280064, 10.894342157462795, 11.844080983593695];
    assert_eq!(
        RandomState::seed(1).lognormal(3.0, 1.0, 3)?.to_vec(),
        expected
    );
    // r(99).randn(1000000)[-1]
    let last = RandomState::seed(99).randn(1_000_000)?[999_999];
    assert_eq!(last, 1.2229779393011035);
    Ok(())
}

#[test]
fn exponentials_and_poisson_counts_are_equal() -> Result<(), Error> {
    // r(1).exponential(2.0, 4)
    let expected = [
        1.0792116745183709,
        2.5482505060266085,
        0.00022876271728617184,
        0.720025509707838,
    ];
    assert_eq!(RandomState::seed(1).exponential(2.0, 4)?.to_vec(), expected);
    // r(13).poisson(3.0, 12)
    let expected = [6, 3, 1, 4, 0, 3, 1, 1, 1, 2, 4, 3];
    assert_eq!(RandomState::seed(13).poisson(3.0, 12)?.to_vec(), expected);
    // r(14).poisson(10.0, 12)
    let expected = [10, 14, 10, 10, 13, 10, 12, 16, 14, 8, 12, 12];
    assert_eq!(RandomState::seed(14).poisson(10.0, 12)?.to_vec(), expected);
    // r(13).poisson(50.0, 12)
    let expected = [56, 52, 53, 47, 45, 66, 46, 29, 53, 57, 53, 50];
    assert_eq!(RandomState::seed(13).poisson(50.0, 12)?.to_vec(), expected);
    // r(13).poisson(0.0, 2)
    assert_eq!(RandomState::seed(13).poisson(0.0, 2)?.to_vec(), [0, 0]);
    Ok(())
}

#[test]
fn integers_of_all_widths_are_equal() -> Result<(), Error> {
    let draw = |low, high, size: usize| {
        RandomState::seed(5)
            .randint(low, high, size)
            .map(|drawn| drawn.to_vec())
    };
    // r(5).randint(0, 1000, 8)
    assert_eq!(draw(0, 1000, 8)?, [867, 206, 701, 998, 118, 400, 73, 8]);
    // r(5).randint(-7, 8, 8)
    assert_eq!(draw(-7, 8, 8)?, [-4, 7, 6, -1, -1, -7, 2, 1]);
    // r(5).randint(0, 2**32, 3)
    assert_eq!(draw(0, 1 << 32, 3)?, [953453411, 236996814, 3739766767]);
    // r(5).randint(0, 2**40, 3)
    assert_eq!(
        draw(0, 1 << 40, 3)?,
        [425438759118, 1030067709629, 989404716150]
    );
    // r(5).randint(3, 4, 2)
    assert_eq!(draw(3, 4, 2)?, [3, 3]);
    Ok(())
}

#[test]
fn choices_and_permutations_are_equal() -> Result<(), Error> {
    // r(9).choice(10, 8)
    assert_eq!(
        RandomState::seed(9).choice(10, 8)?.to_vec(),
        [5, 6, 8, 6, 1, 6, 4, 8]
    );
    // r(9).choice(4, 8, p=[0.1, 0.2, 0.3, 0.4])
    let p = [0.1, 0.2, 0.3, 0.4];
    assert_eq!(
        RandomState::seed(9).choice_weighted(&p, 8)?.to_vec(),
        [0, 2, 2, 1, 1, 1, 2, 1]
    );
    // r(9).choice(10, 5, replace=False)
    assert_eq!(
        RandomState::seed(9).sample(10, 5)?.to_vec(),
        [8, 4, 7, 2, 1]
    );
    // r(9).choice(5, 4, replace=False, p=[0.1, 0.2, 0.3, 0.35, 0.05])
    let p = [0.1, 0.2, 0.3, 0.35, 0.05];
    assert_eq!(
        RandomState::seed(9).sample_weighted(&p, 4)?.to_vec(),
        [0, 2, 1, 3]
    );
    // x = np.arange(10); r(11).shuffle(x)
    let mut x: Vec<i32> = (0..10).collect();
    RandomState::seed(11).shuffle(&mut x);
    assert_eq!(x, [7, 8, 2, 6, 4, 5, 1, 3, 0, 9]);
    // r(12).permutation(10)
    assert_eq!(
        RandomState::seed(12).permutation(10)?.to_vec(),
        [5, 8, 7, 0, 4, 9, 3, 2, 1, 6]
    );
    Ok(())
}

#[test]
fn calls_of_different_kinds_share_one_stream() -> Result<(), Error> {
    // a = r(2024); a.randn(), a.randint(10), a.randn(), a.random_sample(), a.poisson(20.0),
    // a.lognormal(0, 1), a.exponential(1.0)
    let mut rng = RandomState::seed(2024);
    assert_eq!(rng.randn(()), 1.668047321311954);
    assert_eq!(rng.randint(0, 10, ())?, 4);
    assert_eq!(rng.randn(()), 0.7373477267548951);
    assert_eq!(rng.random_sample(()), 0.043808563746864815);
    assert_eq!(rng.poisson(20.0, ())?, 16);
    assert_eq!(rng.lognormal(0.0, 1.0, ())?, 2.4994027602575435);
    assert_eq!(rng.exponential(1.0, ())?, 0.642160769731953);
    Ok(())
}

#[test]
fn a_saved_state_keeps_the_spare_normal() {
    // a = r(3); a.randn(3); a.randn(3)
    let mut rng = RandomState::seed(3);
    rng.randn(3).unwrap();
    let saved = rng.get_state();
    let expected = [
        -1.8634927033644908,
        -0.27738820251439905,
        -0.35475897926898675,
    ];
    assert_eq!(rng.randn(3).unwrap().to_vec(), expected);
    rng.set_state(&saved);
    assert_eq!(rng.randn(3).unwrap().to_vec(), expected);
}

#[test]
fn parameters_out_of_range_are_named() {
    let mut rng = RandomState::seed(0);
    let message = |result: Result<f64, Error>| result.unwrap_err().to_string();
    assert_eq!(
        message(rng.normal(0.0, -1.0, ())),
        "`scale` is -1, but it must be a finite number, 0 or greater."
    );
    assert_eq!(
        message(rng.normal(f64::NAN, 1.0, ())),
        "`loc` is NaN, but it must be a finite number."
    );
    assert!(message(rng.lognormal(0.0, f64::INFINITY, ())).contains("`sigma` is inf"));
    assert!(message(rng.uniform(0.0, f64::INFINITY, ())).contains("`high - low` is inf"));
    assert!(
        rng.randint(3, 3, ())
            .unwrap_err()
            .to_string()
            .contains("greater than `low`")
    );
    assert!(
        rng.choice(0, ())
            .unwrap_err()
            .to_string()
            .contains("is empty")
    );
    let error = rng
        .choice_weighted(&[0.5, 0.4], ())
        .unwrap_err()
        .to_string();
    assert!(error.contains("the sum of `p` is 0.9"), "{error}");
    let error = rng.sample(3, 4).unwrap_err().to_string();
    assert!(
        error.contains("has 4 numbers, but it must have at most 3"),
        "{error}"
    );
}
