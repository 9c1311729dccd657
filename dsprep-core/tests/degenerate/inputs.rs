//! Inputs at the edges of what can be computed: each with the name by which a failure tells it.

use dsprep_core::prelude::*;

/// Values of one feature, metric or series.
pub fn vectors() -> Vec<(&'static str, Array1<f64>)> {
    let ramp = |n: usize| Array1::from_shape_fn(n, |i| i as f64);
    let mut nearly = Array1::from_elem(40, 0.3);
    nearly[7] = 0.1 + 0.2;
    let mut gap = ramp(12);
    gap[5] = f64::NAN;
    let mut above = ramp(12);
    above[11] = f64::INFINITY;
    let mut below = ramp(12);
    below[0] = f64::NEG_INFINITY;
    vec![
        ("nothing", Array1::zeros(0)),
        ("one value", array![1.5]),
        ("two values", array![1.0, 4.0]),
        ("0 and 1", Array1::from_shape_fn(30, |i| (i % 2) as f64)),
        ("all 0", Array1::zeros(25)),
        ("all 19.99", Array1::from_elem(300, 19.99)),
        ("0.3, and 0.1 + 0.2 once", nearly),
        (
            "95 % zeros",
            Array1::from_shape_fn(300, |i| f64::from(u8::from(i % 20 == 0))),
        ),
        (
            "90 % zeros, amounts",
            Array1::from_shape_fn(60, |i| {
                if i % 10 == 0 {
                    (i * i) as f64 + 0.5
                } else {
                    0.0
                }
            }),
        ),
        ("offset 1e12", ramp(40).mapv(|x| 1e12 + (7.0 * x) % 11.0)),
        (
            "offset 1e15 and hardly a spread",
            ramp(40).mapv(|x| 1e15 + x % 2.0),
        ),
        (
            "greatest numbers",
            array![f64::MAX, -f64::MAX, f64::MAX, 1.0, -f64::MAX],
        ),
        ("1e200", ramp(20).mapv(|x| (x - 9.0) * 1e200)),
        (
            "smallest numbers",
            array![5e-324, 0.0, 1e-308, 5e-324, 2e-308, 0.0],
        ),
        (
            "of all sizes",
            Array1::from_shape_fn(30, |i| {
                10_f64.powi(i as i32 * 2 - 30) * if i % 2 == 0 { 1.0 } else { -1.0 }
            }),
        ),
        ("a ramp", ramp(50)),
        ("all 0.5", Array1::from_elem(40, 0.5)),
        (
            "0 and 0 with a sign",
            ramp(20).mapv(|x| if x % 2.0 == 0.0 { 0.0 } else { -0.0 }),
        ),
        (
            "all different by rounding",
            ramp(30).mapv(|x| 1.0 + x * f64::EPSILON),
        ),
        ("a gap", gap),
        ("infinity", above),
        ("minus infinity", below),
    ]
}

/// `vector` again and again, or cut, to `n` values.
pub fn cycled(vector: &Array1<f64>, n: usize) -> Array1<f64> {
    Array1::from_shape_fn(if vector.is_empty() { 0 } else { n }, |i| {
        vector[i % vector.len()]
    })
}

/// Two vectors: of the same length, and some that are not.
pub fn pairs() -> Vec<(String, Array1<f64>, Array1<f64>)> {
    let mut pairs = Vec::new();
    for (one, a) in vectors() {
        for (other, b) in vectors() {
            pairs.push((format!("{one} | {other}"), a.clone(), cycled(&b, a.len())));
        }
        pairs.push((
            format!("{one} | one more"),
            a.clone(),
            cycled(&array![1.0, 2.0], a.len() + 1),
        ));
    }
    pairs
}

/// Two samples, of lengths of their own.
pub fn samples() -> Vec<(String, Array1<f64>, Array1<f64>)> {
    let all = vectors();
    let mut samples = Vec::new();
    for (one, a) in &all {
        for (other, b) in &all {
            samples.push((format!("{one} | {other}"), a.clone(), b.clone()));
        }
    }
    samples
}

/// Labels, and class numbers far apart, of `n` rows.
pub fn labels(n: usize) -> Vec<(&'static str, Array1<usize>)> {
    let at = |of: fn(usize) -> usize| Array1::from_shape_fn(n, of);
    vec![
        ("all class 0", at(|_| 0)),
        ("all class 1", at(|_| 1)),
        ("one positive", at(|i| usize::from(i == 0))),
        ("two positives", at(|i| usize::from(i < 2))),
        ("by turns", at(|i| i % 2)),
        ("three classes", at(|i| i % 3)),
        ("classes 0 and 1,000,000", at(|i| i % 2 * 1_000_000)),
        (
            "the greatest number",
            at(|i| if i % 2 == 0 { usize::MAX } else { 1 }),
        ),
        ("each its own class", at(|i| i)),
    ]
}

/// Labels and a score for each, also of different numbers.
pub fn scored() -> Vec<(String, Array1<usize>, Array1<f64>)> {
    let mut scored = Vec::new();
    for (one, scores) in vectors() {
        for (other, y) in labels(scores.len()) {
            scored.push((format!("{other} | {one}"), y, scores.clone()));
        }
        scored.push((
            format!("one more label | {one}"),
            Array1::from_shape_fn(scores.len() + 1, |i| i % 2),
            scores.clone(),
        ));
    }
    scored
}

/// Two lists of labels.
pub fn label_pairs() -> Vec<(String, Array1<usize>, Array1<usize>)> {
    let mut pairs = vec![
        (
            "nothing | nothing".to_owned(),
            Array1::zeros(0),
            Array1::zeros(0),
        ),
        ("two | one".to_owned(), array![0, 1], array![0]),
    ];
    for n in [1, 2, 40] {
        for (one, a) in labels(n) {
            for (other, b) in labels(n) {
                pairs.push((format!("{one} | {other}, {n}"), a.clone(), b));
            }
        }
    }
    pairs
}

/// Matrices of rows × features.
pub fn matrices() -> Vec<(&'static str, Array2<f64>)> {
    let at = |rows: usize, columns: usize, of: fn(usize, usize) -> f64| {
        Array2::from_shape_fn((rows, columns), |(r, c)| of(r, c))
    };
    let plain = |r: usize, c: usize| ((r * 7 + c * 3) % 11) as f64 - 4.0;
    let mut gap = at(12, 2, plain);
    gap[[3, 1]] = f64::NAN;
    let mut infinite = at(12, 2, plain);
    infinite[[0, 0]] = f64::INFINITY;
    vec![
        ("0 × 0", Array2::zeros((0, 0))),
        ("0 × 3", Array2::zeros((0, 3))),
        ("4 × 0", Array2::zeros((4, 0))),
        ("1 × 1", array![[2.0]]),
        ("1 × 3", array![[1.0, 2.0, 3.0]]),
        ("two rows", array![[1.0, 2.0], [3.0, -1.0]]),
        ("plain", at(40, 3, plain)),
        ("more columns than rows", at(3, 8, plain)),
        ("all 0", Array2::zeros((20, 2))),
        ("all 19.99", Array2::from_elem((30, 2), 19.99)),
        (
            "a constant column",
            at(30, 2, |r, c| if c == 0 { 0.3 } else { r as f64 }),
        ),
        ("equal columns", at(30, 2, |r, _| r as f64)),
        (
            "one row apart",
            at(30, 2, |r, c| if r == 0 { 1.0 + c as f64 } else { 0.0 }),
        ),
        (
            "offset 1e12",
            at(40, 2, |r, c| 1e12 + ((r * 5 + c) % 7) as f64),
        ),
        (
            "1e200",
            at(20, 2, |r, c| (r as f64 - 9.0) * 1e200 + c as f64),
        ),
        (
            "smallest numbers",
            at(20, 2, |r, c| 5e-324 * (r % 3 + c) as f64),
        ),
        (
            "columns of all sizes",
            at(40, 3, |r, c| {
                ((r * 3 + c) % 5) as f64 * [1e-150, 1.0, 1e150][c]
            }),
        ),
        ("a gap", gap),
        ("infinity", infinite),
    ]
}

/// Matrices with a class for each row.
pub fn classes() -> Vec<(String, Array2<f64>, Array1<usize>)> {
    let mut all = Vec::new();
    for (one, x) in matrices() {
        for (other, y) in labels(x.nrows()) {
            all.push((format!("{one} | {other}"), x.clone(), y));
        }
        all.push((
            format!("{one} | one label more"),
            x.clone(),
            Array1::from_shape_fn(x.nrows() + 1, |i| i % 2),
        ));
    }
    all
}

/// Matrices with a number for each row.
pub fn targets() -> Vec<(String, Array2<f64>, Array1<f64>)> {
    let mut all = Vec::new();
    for (one, x) in matrices() {
        for (other, y) in vectors() {
            all.push((format!("{one} | {other}"), x.clone(), cycled(&y, x.nrows())));
        }
        all.push((
            format!("{one} | one more"),
            x.clone(),
            Array1::zeros(x.nrows() + 1),
        ));
    }
    all
}

/// What a careless caller may pass as a number.
pub const NUMBERS: [f64; 20] = [
    0.0,
    -0.0,
    5e-324,
    1e-12,
    1e9,
    1.0,
    -1.0,
    0.5,
    0.05,
    0.95,
    2.0,
    100.0,
    1e-300,
    1e300,
    1e12,
    f64::NAN,
    f64::INFINITY,
    f64::NEG_INFINITY,
    f64::MAX,
    1.0 - f64::EPSILON,
];

/// What a careless caller may pass as a count that nothing is allocated for.
pub const COUNTS: [usize; 6] = [0, 1, 2, 7, 10_000, usize::MAX];

/// Texts.
pub const TEXTS: [&str; 10] = [
    "",
    " ",
    "low lower",
    "naïve café",
    "👩‍👩‍👧 família",
    "e\u{301}\u{301}",
    "한국어 中文 日本",
    "\0\u{7f}\u{feff}",
    "\r\n\t\u{2028}",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
];
