use super::*;
use crate::evaluate::{mae, mase};

fn told(answer: Mase) -> String {
    check_q30_mase(answer).told()
}

#[test]
fn the_right_mase_passes() {
    let verdict = check_q30_mase(|y, f, history, season| {
        let steps = history.iter().skip(season).zip(history);
        let errors: Vec<f64> = steps.map(|(now, before)| (now - before).abs()).collect();
        let scale = errors.iter().sum::<f64>() / errors.len() as f64;
        (scale > 0.0).then(|| mae(y, f).unwrap_or(f64::NAN) / scale)
    });
    assert!(verdict.has_passed(), "{verdict}");
}

#[test]
fn each_typical_mistake_of_mase_is_named() {
    assert!(told(|y, f, _, _| mae(y, f).ok()).contains("not scaled"));
    assert!(told(|y, f, _, season| mase(y, f, y, season).ok()).contains("series that is judged"));
    assert!(told(|y, f, history, _| mase(y, f, history, 1).ok()).contains("one step before"));
    let together: Mase = |y, f, history, season| {
        let all: Array1<f64> = history.iter().chain(y).copied().collect();
        mase(y, f, &all, season).ok()
    };
    assert!(told(together).contains("together"));
    let too_many: Mase = |y, f, history, season| {
        let share = (history.len() - season) as f64 / history.len() as f64;
        Some(mase(y, f, history, season).ok()? / share)
    };
    assert!(told(too_many).contains("fewer"));
    assert!(
        told(|y, f, h, season| Some(1.0 / mase(y, f, h, season).ok()?)).contains("upside down")
    );
    let signed: Mase = |y, f, h, season| Some(mean(y - f) / naive_error(h, season));
    assert!(told(signed).contains("cancel"));
    let sums: Mase = |y, f, h, season| {
        Some((y - f).mapv(f64::abs).sum() / (naive_error(h, season) * (h.len() - season) as f64))
    };
    assert!(told(sums).contains("divide means"));
}

#[test]
fn an_undefined_mase_has_to_be_none() {
    let divided: Mase = |y, f, h, season| {
        let steps = h.iter().skip(season).zip(h);
        let errors: Vec<f64> = steps.map(|(now, before)| (now - before).abs()).collect();
        Some(mae(y, f).ok()? / (errors.iter().sum::<f64>() / errors.len() as f64))
    };
    assert!(told(divided).contains("a constant history"));
    let subtracts: Mase = |y, f, h, season| {
        let steps = h.len() - season;
        let mut sum = 0.0;
        for at in 0..steps {
            sum += (h[at + season] - h[at]).abs();
        }
        (sum > 0.0).then(|| mae(y, f).unwrap_or(f64::NAN) / (sum / steps as f64))
    };
    assert!(told(subtracts).contains("panics"));
}

#[test]
fn nonsense_for_mase_is_told_and_does_not_panic() {
    assert!(told(|_, _, _, _| None).contains("None"));
    assert!(told(|_, _, _, _| Some(f64::NAN)).contains("NaN"));
    assert!(told(|_, _, _, _| Some(f64::INFINITY)).contains("inf"));
    assert!(told(|_, _, _, _| Some(-1e300)).contains("expected"));
}

fn told_of_score(score: Winkler) -> String {
    check_q30_winkler(score).told()
}

fn outside(y: f64, low: f64, high: f64) -> f64 {
    (low - y).max(y - high).max(0.0)
}

#[test]
fn the_right_score_passes() {
    let verdict = check_q30_winkler(|y, low, high, alpha| {
        let mut score = high - low;
        if y < low {
            score += 2.0 / alpha * (low - y);
        } else if y > high {
            score += 2.0 / alpha * (y - high);
        }
        score
    });
    assert!(verdict.has_passed(), "{verdict}");
}

#[test]
fn each_typical_mistake_of_the_score_is_named() {
    assert!(told_of_score(|_, low, high, _| high - low).contains("width alone"));
    assert!(told_of_score(|y, l, h, a| h - l + outside(y, l, h) / a).contains("1/alpha with you"));
    let level: Winkler = |y, l, h, a| h - l + 2.0 / (1.0 - a) * outside(y, l, h);
    assert!(told_of_score(level).contains("the level"));
    let inverse: Winkler = |y, l, h, a| h - l + a / 2.0 * outside(y, l, h);
    assert!(told_of_score(inverse).contains("alpha/2 is upside down"));
    let flat: Winkler = |y, l, h, a| h - l + if outside(y, l, h) > 0.0 { 2.0 / a } else { 0.0 };
    assert!(told_of_score(flat).contains("grow with the distance"));
    assert!(told_of_score(|y, l, h, a| 2.0 / a * outside(y, l, h)).contains("width is missing"));
    let discount: Winkler = |y, l, h, a| h - l + 2.0 / a * (l - y).max(y - h);
    assert!(told_of_score(discount).contains("discount"));
    let free: Winkler = |y, l, h, _| if outside(y, l, h) > 0.0 { 0.0 } else { h - l };
    assert!(told_of_score(free).contains("costs nothing"));
}

#[test]
fn a_score_that_looks_at_one_side_only_is_told_where() {
    let above: Winkler = |y, l, h, a| h - l + 2.0 / a * (y - h).max(0.0);
    assert!(told_of_score(above).contains("y = -3"));
}

#[test]
fn nonsense_for_the_score_is_told_and_does_not_panic() {
    assert!(told_of_score(|_, _, _, _| f64::NAN).contains("NaN"));
    assert!(told_of_score(|_, _, _, _| f64::INFINITY).contains("inf"));
    assert!(told_of_score(|_, _, _, _| -1.0).contains("-1"));
}
