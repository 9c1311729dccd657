//! The population stability index of counts.

use super::super::Verdict;

/// Checks the population stability index of counts: given the rows of the reference and of the current sample in
/// each bin, with half a row added to each bin.
///
/// # Examples
/// ```
/// use dsprep_core::check::check_q25_psi;
/// assert!(!check_q25_psi(|_, _| 0.0).has_passed());
/// ```
pub fn check_q25_psi(answer: impl Fn(&[usize], &[usize]) -> f64) -> Verdict {
    Verdict::of(|| {
        let cases: [(&[usize], &[usize]); 5] = [
            (&[100, 100, 100, 100], &[40, 60, 100, 200]),
            (&[100, 100, 100, 100], &[10, 10, 10, 10]),
            (&[500, 300, 200], &[60, 30, 10]),
            (&[50, 50, 50], &[90, 60, 0]),
            (&[7, 0, 3, 12, 1], &[0, 4, 30, 2, 9]),
        ];
        let apply =
            |rule: StabilityRule| cases.map(|(reference, current)| rule(reference, current));
        let found = cases.map(|(reference, current)| answer(reference, current));
        let same = |rule: StabilityRule| {
            let mut pairs = found.iter().zip(apply(rule));
            pairs.all(
                |(found, value)| match (found.is_finite(), value.is_finite()) {
                    (true, true) => (found - value).abs() <= 1e-5 * value.abs().max(1e-3),
                    (found, value) => found == value,
                },
            )
        };
        if same(right_psi) {
            return Verdict::passed(
                "Both factors of (c − r) ln(c / r) have the same sign, so that no bin can cancel another. Without any change it is about (bins − 1)(1/m + 1/n): compare with that before you call 0.1 a shift.",
            );
        }
        if let Some((_, message)) = WRONG_PSI.iter().find(|(rule, _)| same(*rule)) {
            return Verdict::not_yet(*message);
        }
        let place = found.iter().zip(apply(right_psi));
        let place = place.enumerate().find(|(_, (found, right))| {
            let near = (*found - right).abs() <= 1e-5 * right.abs().max(1e-3);
            !near
        });
        let (place, (found, right)) = place.map_or((0, (0.0, 0.0)), |(at, (found, right))| {
            (at, (*found, right))
        });
        let (reference, current) = cases[place];
        Verdict::not_yet(format!(
            "For the counts {reference:?} and {current:?} you return {found:.4}, and it is {right:.4}: shares with half a row added to each bin, then the sum of (c − r) · ln(c / r)."
        ))
    })
}

type StabilityRule = fn(&[usize], &[usize]) -> f64;

fn psi_by(
    reference: &[usize],
    current: &[usize],
    added: f64,
    term: impl Fn(f64, f64) -> f64,
) -> f64 {
    let shares = |counts: &[usize]| -> Vec<f64> {
        let all = counts.iter().sum::<usize>() as f64 + added * counts.len() as f64;
        counts
            .iter()
            .map(|&count| (count as f64 + added) / all)
            .collect()
    };
    let (reference, current) = (shares(reference), shares(current));
    reference
        .iter()
        .zip(&current)
        .map(|(&r, &c)| term(r, c))
        .sum()
}

fn right_psi(reference: &[usize], current: &[usize]) -> f64 {
    psi_by(reference, current, 0.5, |r, c| (c - r) * (c / r).ln())
}

const WRONG_PSI: [(StabilityRule, &str); 7] = [
    (
        |r, c| psi_by(r, c, 0.5, |r, c| c * (c / r).ln()),
        "That is the Kullback-Leibler divergence of the current sample from the reference. The PSI is symmetric: the factor is c − r.",
    ),
    (
        |r, c| psi_by(r, c, 0.5, |r, c| r * (r / c).ln()),
        "That is the Kullback-Leibler divergence of the reference from the current sample. The PSI is symmetric: the factor is c − r.",
    ),
    (
        |r, c| psi_by(r, c, 0.5, |r, c| (r - c) * (c / r).ln()),
        "The sign: (c − r) · ln(c / r) is never negative, as both factors have the same sign.",
    ),
    (
        |r, c| psi_by(r, c, 0.5, |r, c| (c - r) * (c / r).log10()),
        "You take the logarithm to base 10. The limits of 0.1 and 0.25 are for the natural one, `ln`.",
    ),
    (
        |r, c| psi_by(r, c, 0.5, |r, c| (c - r).abs()),
        "That is twice the total variation distance, the sum of |c − r|. The PSI weighs it by ln(c / r).",
    ),
    (
        |r, c| psi_by(r, c, 0.0, |r, c| (c - r) * (c / r).ln()),
        "An empty bin makes yours infinite or NaN: add half a row to each bin, in both samples, before you divide.",
    ),
    (
        |r, c| {
            let pairs = r.iter().zip(c);
            pairs.map(|(&r, &c)| (c as f64 - r as f64).abs()).sum()
        },
        "You compare counts. The samples have different sizes: compare shares, count / all, and weigh by ln(c / r).",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wrong_rule_is_told_its_own_mistake() {
        assert!(check_q25_psi(right_psi).has_passed());
        for (rule, message) in WRONG_PSI {
            assert_eq!(check_q25_psi(rule).message(), message);
        }
    }
}
