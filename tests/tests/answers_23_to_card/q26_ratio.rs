//! The standard error of a ratio.

use super::{assert_accepts, assert_refuses};
use dsprep_core::check::check_q26_ratio as check;

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn variance(values: &[f64]) -> f64 {
    let middle = mean(values);
    let squares = values.iter().map(|value| (value - middle).powi(2));
    squares.sum::<f64>() / (values.len() - 1) as f64
}

fn rate(clicks: &[f64], views: &[f64]) -> f64 {
    mean(clicks) / mean(views)
}

fn linear(clicks: &[f64], views: &[f64]) -> Vec<f64> {
    let rate = rate(clicks, views);
    clicks
        .iter()
        .zip(views)
        .map(|(c, v)| c - rate * v)
        .collect()
}

fn error(clicks: &[f64], views: &[f64]) -> f64 {
    (variance(&linear(clicks, views)) / clicks.len() as f64).sqrt() / mean(views)
}

fn covariance(a: &[f64], b: &[f64]) -> f64 {
    let (x, y) = (mean(a), mean(b));
    let products = a.iter().zip(b).map(|(a, b)| (a - x) * (b - y));
    products.sum::<f64>() / (a.len() - 1) as f64
}

#[test]
fn ratio() {
    assert_accepts(
        "check_q26_ratio",
        &[
            ("linearised", check(|c, v| (rate(c, v), error(c, v)))),
            (
                "the formula with variances and covariance",
                check(|c, v| {
                    let (r, n) = (rate(c, v), c.len() as f64);
                    let all = variance(c) + r * r * variance(v) - 2.0 * r * covariance(c, v);
                    (r, (all / n).sqrt() / mean(v))
                }),
            ),
            (
                "divided by n instead of n − 1",
                check(|c, v| {
                    let squares: f64 = linear(c, v).iter().map(|d| d * d).sum();
                    (rate(c, v), squares.sqrt() / v.iter().sum::<f64>())
                }),
            ),
            (
                "the jackknife over users",
                check(|c, v| {
                    let (all_c, all_v) = (c.iter().sum::<f64>(), v.iter().sum::<f64>());
                    let left_out = c.iter().zip(v).map(|(c, v)| (all_c - c) / (all_v - v));
                    let left_out: Vec<f64> = left_out.collect();
                    let n = c.len() as f64;
                    (
                        rate(c, v),
                        (variance(&left_out) * (n - 1.0).powi(2) / n).sqrt(),
                    )
                }),
            ),
        ],
    );
    assert_refuses(
        "check_q26_ratio",
        &[
            (
                "mean of ratios",
                "mean of the users' own ratios",
                check(|c, v| {
                    let own: Vec<f64> = c.iter().zip(v).map(|(c, v)| c / v).collect();
                    (mean(&own), error(c, v))
                }),
            ),
            (
                "turned round",
                "views per click",
                check(|c, v| (1.0 / rate(c, v), error(c, v))),
            ),
            (
                "clicks per user",
                "clicks per user",
                check(|c, v| (mean(c), error(c, v))),
            ),
            ("no number", "Divide the sum", check(|_, _| (f64::NAN, 0.0))),
            (
                "views as independent",
                "takes the views as independent",
                check(|c, v| {
                    let r = rate(c, v);
                    (r, (r * (1.0 - r) / v.iter().sum::<f64>()).sqrt())
                }),
            ),
            (
                "the error of the mean of ratios",
                "mean of the users' own ratios",
                check(|c, v| {
                    let own: Vec<f64> = c.iter().zip(v).map(|(c, v)| c / v).collect();
                    (rate(c, v), (variance(&own) / own.len() as f64).sqrt())
                }),
            ),
            (
                "not divided by the views",
                "mean number of views",
                check(|c, v| (rate(c, v), error(c, v) * mean(v))),
            ),
            (
                "not divided by √n",
                "√n",
                check(|c, v| (rate(c, v), error(c, v) * (c.len() as f64).sqrt())),
            ),
            (
                "a variance",
                "Take its root",
                check(|c, v| (rate(c, v), error(c, v).powi(2))),
            ),
            (
                "√n twice",
                "once too often",
                check(|c, v| (rate(c, v), error(c, v) / (c.len() as f64).sqrt())),
            ),
            (
                "without the covariance",
                "covariance is missing",
                check(|c, v| {
                    let r = rate(c, v);
                    let all = variance(c) + r * r * variance(v);
                    (r, (all / c.len() as f64).sqrt() / mean(v))
                }),
            ),
            (
                "the covariance added",
                "The sign",
                check(|c, v| {
                    let r = rate(c, v);
                    let all = variance(c) + r * r * variance(v) + 2.0 * r * covariance(c, v);
                    (r, (all / c.len() as f64).sqrt() / mean(v))
                }),
            ),
            (
                "views taken as fixed",
                "as fixed",
                check(|c, v| (rate(c, v), (variance(c) / c.len() as f64).sqrt() / mean(v))),
            ),
            (
                "two per cent off",
                "Linearise",
                check(|c, v| (rate(c, v), 1.02 * error(c, v))),
            ),
            (
                "negative",
                "Linearise",
                check(|c, v| (rate(c, v), -error(c, v))),
            ),
        ],
    );
}
