//! The hypothesis that a test is to find evidence for (question 26).
//!
//! A test whose one-sided p-value is another number of the same computation takes it as an argument. A test that also gives a
//! two-sided interval has its one-sided p-values by `p_value_for`.
//!
//! One side has to be chosen before the data are seen: chosen afterwards, the test at 5 % has 10 % false
//! findings.

use crate::distribution::normal;

/// What the treatment is suspected to do to the metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alternative {
    /// To change it in either direction.
    TwoSided,
    /// To make it smaller.
    Less,
    /// To make it greater.
    Greater,
}

impl Alternative {
    /// The p-value of a statistic whose distribution under the null hypothesis is symmetric about 0, from its
    /// two-sided one.
    pub(crate) fn symmetric_p(self, statistic: f64, two_sided: f64) -> f64 {
        let along = match self {
            Alternative::TwoSided => return two_sided.min(1.0),
            Alternative::Less => statistic < 0.0,
            Alternative::Greater => statistic > 0.0,
        };
        match along {
            true => two_sided / 2.0,
            false => 1.0 - two_sided / 2.0,
        }
    }

    /// [`symmetric_p`](Self::symmetric_p) of a normal statistic.
    pub(crate) fn normal_p(self, z: f64) -> f64 {
        self.symmetric_p(z, normal::two_sided_p(z))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Result;
    use crate::evaluate::{diebold_mariano, roc_auc_difference};
    use crate::experiment::{
        Conversions, MixtureSprt, ratio_metric_test, two_proportion_z_test, welch_t_test,
    };
    use crate::triage::calibration_in_the_large;
    use ndarray::array;

    const BOTH: [Alternative; 2] = [Alternative::Less, Alternative::Greater];

    /// `proportions_ztest([130, 100], [1000, 1200], alternative=...)`, statsmodels 0.15.0, and
    /// `ttest_ind(b, a, equal_var=False, alternative=...)`, SciPy 1.17.1: `tests/peers/experiment.py`.
    #[test]
    fn one_sided_p_values_equal_the_peers() -> Result<()> {
        let arm = |converted, users| Conversions { converted, users };
        let test = two_proportion_z_test(arm(100, 1200), arm(130, 1000), 0.95)?;
        for (alternative, expected) in BOTH.into_iter().zip(Z) {
            assert!((test.p_value_for(alternative) - expected).abs() < 1e-10);
        }
        let (a, b) = (
            array![27.5, 21.0, 19.0, 23.6],
            array![27.1, 22.0, 25.8, 24.8, 30.5],
        );
        let test = welch_t_test(&a, &b, 0.95)?;
        for (alternative, expected) in BOTH.into_iter().zip(T) {
            assert!((test.p_value_for(alternative) - expected).abs() < 1e-10);
        }
        assert!((test.p_value_for(Alternative::TwoSided) - test.p_value).abs() < 1e-15);
        Ok(())
    }

    #[test]
    fn the_two_sides_of_an_auc_difference_add_up_to_1() -> Result<()> {
        let y = array![0, 1, 0, 1, 1, 0, 0, 1];
        let a = array![0.1, 0.9, 0.4, 0.6, 0.3, 0.2, 0.5, 0.7];
        let b = array![0.3, 0.4, 0.6, 0.5, 0.2, 0.7, 0.1, 0.6];
        let difference = roc_auc_difference(&y, &a, &b, 0.95)?;
        let [less, greater] = BOTH.map(|side| difference.p_value_for(side));
        assert!(greater < 0.5 && (less + greater - 1.0).abs() < 1e-12);
        assert!((2.0 * greater - difference.p_value).abs() < 1e-12);
        Ok(())
    }

    /// Two-sided, less, greater: SciPy 1.17.1 and statsmodels 0.15.0, `sides` in `tests/peers/experiment.py`.
    #[test]
    fn all_three_p_values_equal_the_peers() -> Result<()> {
        let equal = |p: &dyn Fn(Alternative) -> f64, expected: [f64; 3]| {
            let sides = [
                Alternative::TwoSided,
                Alternative::Less,
                Alternative::Greater,
            ];
            for (side, expected) in sides.into_iter().zip(expected) {
                assert!(
                    (p(side) - expected).abs() < 1e-9,
                    "{side:?}: {} {expected}",
                    p(side)
                );
            }
        };
        let clicks = array![1.0, 0.0, 9.0, 3.0, 2.0, 0.0, 5.0];
        let views = array![10.0, 5.0, 15.0, 8.0, 20.0, 3.0, 6.0];
        let (others, seen) = (
            array![4.0, 2.0, 9.0, 7.0, 2.0, 3.0],
            array![9.0, 5.0, 12.0, 8.0, 11.0, 3.0],
        );
        let test = ratio_metric_test((&clicks, &views), (&others, &seen), 0.95)?;
        equal(&|side| test.p_value_for(side), RATIO);
        let y = array![0, 1, 0, 1, 1, 0, 0, 1];
        let a = array![0.1, 0.9, 0.4, 0.6, 0.3, 0.2, 0.5, 0.7];
        let b = array![0.3, 0.4, 0.6, 0.5, 0.2, 0.7, 0.1, 0.6];
        let test = roc_auc_difference(&y, &a, &b, 0.95)?;
        equal(&|side| test.p_value_for(side), AUC);
        let first = array![1.2, 1.5, 1.9, 1.1, 0.6, 0.4, 0.6, 1.1, 2.0, 2.2, 1.4, 0.9];
        let second = array![1.0, 0.9, 1.0, 1.1, 1.0, 0.9, 0.8, 0.9, 1.1, 0.8, 0.7, 0.8];
        let p =
            |side| diebold_mariano(&first, &second, 2, side).map_or(f64::NAN, |test| test.p_value);
        equal(&p, LOSSES);
        let (seen, predicted) = (array![1, 1, 0, 1, 1], array![0.2, 0.7, 0.4, 0.9, 0.1]);
        let test = calibration_in_the_large(&seen, &predicted)?;
        equal(&|side| test.p_value_for(side), POSITIVES);
        let seen = MixtureSprt::new(0.8, 0.05)?.look(1.3, 0.5)?;
        equal(&|side| seen.p_value_for(side), MIXTURES);
        Ok(())
    }

    const RATIO: [f64; 3] = [0.1328391947985285, 0.9335804026007357, 0.06641959739926424];
    const AUC: [f64; 3] = [0.13762208579881532, 0.9311889571005924, 0.06881104289940766];
    const LOSSES: [f64; 3] = [0.25263474610600334, 0.8736826269469984, 0.12631737305300167];
    const POSITIVES: [f64; 3] = [0.05579294695553801, 0.972103526522231, 0.027896473477769006];
    const MIXTURES: [f64; 3] = [0.16601427085397952, 1.0, 0.08416304933073604];
    const Z: [f64; 2] = [0.99981608212801, 0.00018391787199003277];
    const T: [f64; 2] = [0.8966814662228649, 0.10331853377713507];
}
