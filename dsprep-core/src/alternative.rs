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
    use crate::evaluate::roc_auc_difference;
    use crate::experiment::{Conversions, two_proportion_z_test, welch_t_test};
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

    const Z: [f64; 2] = [0.99981608212801, 0.00018391787199003277];
    const T: [f64; 2] = [0.8966814662228649, 0.10331853377713507];
}
