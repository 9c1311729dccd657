//! MASE and the Winkler score.

use super::{assert_accepts, assert_refuses};
use dsprep_core::check::{check_q30_mase, check_q30_winkler};
use dsprep_core::evaluate::mase;
use dsprep_core::ndarray::{Array1, s};

type A = Array1<f64>;

fn mae(actual: &A, forecast: &A) -> f64 {
    (actual - forecast).mapv(f64::abs).sum() / actual.len() as f64
}

/// The mean step of a series over a season, none if there is none or it is 0.
fn step(series: &A, season: usize) -> Option<f64> {
    let steps: A = series
        .iter()
        .skip(season)
        .zip(series)
        .map(|(now, before)| (now - before).abs())
        .collect();
    steps.mean().filter(|mean| *mean > 0.0)
}

#[test]
fn seasonal_mase() {
    let check = |answer: fn(&A, &A, &A, usize) -> Option<f64>| check_q30_mase(answer);
    assert_accepts(
        "check_q30_mase",
        &[
            (
                "steps",
                check(|y, f, h, m| step(h, m).map(|step| mae(y, f) / step)),
            ),
            ("the core's", check(|y, f, h, m| mase(y, f, h, m).ok())),
            (
                "slices",
                check(|y, f, h, m| {
                    if h.len() <= m {
                        return None;
                    }
                    let scale = (&h.slice(s![m..]) - &h.slice(s![..h.len() - m]))
                        .mapv(f64::abs)
                        .mean()?;
                    (scale != 0.0)
                        .then(|| (y - f).mapv(f64::abs).mean().unwrap_or(f64::NAN) / scale)
                }),
            ),
        ],
    );
    assert_refuses(
        "check_q30_mase",
        &[
            (
                "MAE",
                "That is the MAE",
                check(|y, f, _, _| Some(mae(y, f))),
            ),
            (
                "judged part",
                "series that is judged",
                check(|y, f, _, m| step(y, m.min(y.len() - 1)).map(|s| mae(y, f) / s)),
            ),
            (
                "one step",
                "one step before",
                check(|y, f, h, _| step(h, 1).map(|s| mae(y, f) / s)),
            ),
            (
                "all steps",
                "fewer of them",
                check(|y, f, h, m| {
                    step(h, m).map(|s| mae(y, f) / (s * (h.len() - m) as f64 / h.len() as f64))
                }),
            ),
            (
                "upside down",
                "upside down",
                check(|y, f, h, m| step(h, m).map(|s| s / mae(y, f))),
            ),
            (
                "no absolute",
                "errors cancel",
                check(|y, f, h, m| step(h, m).map(|s| (y - f).mean().unwrap_or(0.0) / s)),
            ),
            (
                "sums",
                "sum by a sum",
                check(|y, f, h, m| {
                    step(h, m).map(|s| (y - f).mapv(f64::abs).sum() / (s * (h.len() - m) as f64))
                }),
            ),
            (
                "constant history",
                "no error there",
                check(|y, f, h, m| step(h, m).map(|s| mae(y, f) / s).or(Some(0.0))),
            ),
            (
                "infinite",
                "no error there",
                check(|y, f, h, m| {
                    let steps: A = h
                        .iter()
                        .skip(m)
                        .zip(h)
                        .map(|(now, before)| (now - before).abs())
                        .collect();
                    steps.mean().map(|step| mae(y, f) / step)
                }),
            ),
            (
                "squared",
                "was expected",
                check(|y, f, h, m| {
                    step(h, m).map(|s| (y - f).mapv(|e| e * e).mean().unwrap_or(0.0).sqrt() / s)
                }),
            ),
            (
                "never",
                "None where MASE is defined",
                check(|_, _, _, _| None),
            ),
        ],
    );
}

#[test]
fn winkler() {
    let check = |answer: fn(f64, f64, f64, f64) -> f64| check_q30_winkler(answer);
    fn away(y: f64, l: f64, u: f64) -> f64 {
        (l - y).max(y - u).max(0.0)
    }
    assert_accepts(
        "check_q30_winkler",
        &[
            (
                "largest of three",
                check(|y, l, u, a| (u - l) + 2.0 / a * away(y, l, u)),
            ),
            (
                "cases",
                check(|y, l, u, a| {
                    if y < l {
                        u - l + 2.0 * (l - y) / a
                    } else if y > u {
                        u - l + 2.0 * (y - u) / a
                    } else {
                        u - l
                    }
                }),
            ),
            (
                "distance to the nearest value inside",
                check(|y, l, u, a| (u - l) + (y - y.clamp(l, u)).abs() / (a / 2.0)),
            ),
        ],
    );
    assert_refuses(
        "check_q30_winkler",
        &[
            ("width", "width alone", check(|_, l, u, _| u - l)),
            (
                "no width",
                "width is missing",
                check(|y, l, u, a| 2.0 / a * away(y, l, u)),
            ),
            (
                "1 / alpha",
                "1/alpha",
                check(|y, l, u, a| (u - l) + away(y, l, u) / a),
            ),
            (
                "level",
                "1 − alpha",
                check(|y, l, u, a| (u - l) + 2.0 / (1.0 - a) * away(y, l, u)),
            ),
            (
                "upside down",
                "upside down",
                check(|y, l, u, a| (u - l) + a / 2.0 * away(y, l, u)),
            ),
            (
                "flat fine",
                "grow with the distance",
                check(|y, l, u, a| (u - l) + if y < l || y > u { 2.0 / a } else { 0.0 }),
            ),
            (
                "a discount inside",
                "discount",
                check(|y, l, u, a| (u - l) + 2.0 / a * (l - y).max(y - u)),
            ),
            (
                "nothing outside",
                "costs nothing",
                check(|y, l, u, _| if y < l || y > u { 0.0 } else { u - l }),
            ),
            (
                "one side",
                "was expected",
                check(|y, l, u, a| (u - l) + 2.0 / a * (y - u).max(0.0)),
            ),
            (
                "squared",
                "was expected",
                check(|y, l, u, a| (u - l) + 2.0 / a * away(y, l, u).powi(2)),
            ),
        ],
    );
}
