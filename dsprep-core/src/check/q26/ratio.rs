//! A ratio of two sums over users, and its standard error.

use super::super::Verdict;
use crate::random::RandomState;

/// The answer: clicks and views of each user → clicks per view and its standard error.
type Ratio = fn(&[f64], &[f64]) -> (f64, f64);

/// Checks `ratio(clicks, views)`: clicks per view of one arm and its standard error by the delta method, with users
/// as the independent unit. Dividing by n or by n − 1 is the same here.
///
/// # Examples
/// ```
/// use dsprep_core::check::check_q26_ratio;
/// assert!(!check_q26_ratio(|_, _| (0.0, 0.0)).has_passed());
/// ```
pub fn check_q26_ratio(answer: Ratio) -> Verdict {
    Verdict::of(|| {
        for (seed, users) in [(1, 400), (2, 900), (3, 2500)] {
            let (clicks, views) = users_of(users, seed);
            let (rate, error) = answer(&clicks, &views);
            let (right_rate, right_error) = by_delta_method(&clicks, &views);
            if !near(rate, right_rate, 1e-6) {
                return Verdict::not_yet(wrong_rate(rate, &clicks, &views));
            }
            if !near(error, right_error, 0.01) {
                return Verdict::not_yet(wrong_error(error, right_error, &clicks, &views));
            }
        }
        Verdict::passed(
            "A ratio of two means moves like (clicks − ratio · views) / mean views, one number for each user, and those are \
         independent. Users with many views bring many clicks: counting views as independent makes the error too small.",
        )
    })
}

/// Users with few or many views; who looks more often also clicks at a rate of their own.
fn users_of(users: usize, seed: u32) -> (Vec<f64>, Vec<f64>) {
    let mut rng = RandomState::seed(2600 + seed);
    let (mut clicks, mut views) = (Vec::new(), Vec::new());
    for _ in 0..users {
        let looks = 1 + (30.0 * rng.rand(()).powi(2)) as usize;
        let rate = 0.05 + 0.4 * rng.rand(());
        let clicked = (0..looks).filter(|_| rng.rand(()) < rate).count();
        clicks.push(clicked as f64);
        views.push(looks as f64);
    }
    (clicks, views)
}

fn near(found: f64, right: f64, tolerance: f64) -> bool {
    (found - right).abs() <= tolerance * right.abs()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn variance(values: impl Iterator<Item = f64>) -> f64 {
    let values: Vec<f64> = values.collect();
    let middle = mean(&values);
    values
        .iter()
        .map(|value| (value - middle).powi(2))
        .sum::<f64>()
        / (values.len() - 1) as f64
}

fn by_delta_method(clicks: &[f64], views: &[f64]) -> (f64, f64) {
    let rate = mean(clicks) / mean(views);
    let linear = clicks.iter().zip(views).map(|(c, v)| c - rate * v);
    (
        rate,
        (variance(linear) / clicks.len() as f64).sqrt() / mean(views),
    )
}

fn wrong_rate(found: f64, clicks: &[f64], views: &[f64]) -> String {
    let rate = mean(clicks) / mean(views);
    let ratios: Vec<f64> = clicks.iter().zip(views).map(|(c, v)| c / v).collect();
    let reason = if near(found, mean(&ratios), 1e-6) {
        "That is the mean of the users' own ratios, in which somebody with one view counts as much as somebody with \
         thirty. Divide the sum of the clicks by the sum of the views."
    } else if near(found, 1.0 / rate, 1e-6) {
        "That is views per click."
    } else if near(found, mean(clicks), 1e-6) {
        "That is clicks per user. Divide by the views."
    } else {
        "Divide the sum of the clicks by the sum of the views."
    };
    format!("The ratio is {rate:.4}, and you return {found:.4}. {reason}")
}

fn wrong_error(found: f64, right: f64, clicks: &[f64], views: &[f64]) -> String {
    let n = clicks.len() as f64;
    let (rate, views_each, all_views) = (mean(clicks) / mean(views), mean(views), mean(views) * n);
    let pairs = || clicks.iter().zip(views);
    let spread = |sign: f64| variance(pairs().map(|(c, v)| c + sign * rate * v));
    let apart = variance(clicks.iter().copied()) + rate * rate * variance(views.iter().copied());
    let mistakes = [
        (
            (rate * (1.0 - rate) / all_views).sqrt(),
            "That takes the views as independent. Users are: one who looks thirty times brings thirty related views.",
        ),
        (
            (variance(pairs().map(|(c, v)| c / v)) / n).sqrt(),
            "That is the error of the mean of the users' own ratios, which is another number than clicks per view.",
        ),
        (
            right * views_each,
            "Still to be divided by the mean number of views: clicks − ratio · views is in clicks per user.",
        ),
        (
            right * n.sqrt(),
            "That is the standard deviation of one user. Divide by √n.",
        ),
        (right * right, "That is the variance. Take its root."),
        (
            right / n.sqrt(),
            "Divided by √n once too often: the sum of the views is n times their mean.",
        ),
        (
            (apart / n).sqrt() / views_each,
            "The covariance is missing: clicks and views go together. Take the variance of clicks − ratio · views, user by user.",
        ),
        (
            (spread(1.0) / n).sqrt() / views_each,
            "The sign: the variance of clicks *minus* ratio · views. More views explain more clicks, so the error gets smaller.",
        ),
        (
            (variance(clicks.iter().copied()) / n).sqrt() / views_each,
            "That takes the number of views as fixed. It varies between users, and with the clicks.",
        ),
    ];
    let known = mistakes.iter().find(|(value, _)| near(found, *value, 1e-6));
    let reason = known.map_or(
        "Linearise: for each user clicks − ratio · views; the standard error of its mean, divided by the mean number of views.",
        |(_, reason)| *reason,
    );
    format!("The standard error is {right:.5}, and you return {found:.5}. {reason}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mistakes_differ_from_each_other_and_from_the_right_answer() {
        assert!(check_q26_ratio(by_delta_method).has_passed());
        let told = check_q26_ratio(|clicks, views| {
            let rate = mean(clicks) / mean(views);
            (
                rate,
                (rate * (1.0 - rate) / views.iter().sum::<f64>()).sqrt(),
            )
        });
        assert!(
            told.told().contains("takes the views as independent"),
            "{told}"
        );
    }
}
