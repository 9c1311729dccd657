//! Training-serving skew: the same feature, computed in two ways (question 28).
//!
//! [`row_parity`] sends the same raw rows through both pipelines and compares what comes out:
//! exact, and the test to have in CI. [`feature_skew`] compares the features logged while serving
//! with those of the training data: it finds skew without the raw rows, but can't tell it from a
//! change in the world, except by its shape: a changed unit is a factor. After Zinkevich, "Rules of
//! machine learning", rules 29 and 37, and Breck et al., "The ML test score", 2017.

use super::{check_names, same_columns};
use crate::alternative::Alternative;
use crate::checks::finite_matrix;
use crate::error::count;
use crate::evaluate::drift::{KsMethod, ks_two_sample};
use crate::{Error, Result};
use ndarray::{ArrayRef1, ArrayRef2, ArrayView1};
use std::fmt;

/// Factors between units that are often confused.
const UNITS: [(f64, &str); 9] = [
    (100.0, "cents or percent"),
    (1000.0, "thousandths, such as milliseconds"),
    (60.0, "sixtieths, such as seconds for minutes"),
    (3600.0, "seconds for hours"),
    (24.0, "hours for days"),
    (1.609344, "kilometres for miles"),
    (2.54, "centimetres for inches"),
    (3.280839895013123, "feet for metres"),
    (2.2046226218487757, "pounds for kilograms"),
];

/// One value on which the two pipelines do not agree.
#[derive(Debug, Clone, PartialEq)]
pub struct ParityFault {
    /// The row, from 0.
    pub row: usize,
    /// The feature, by name.
    pub feature: String,
    /// What the training pipeline makes of the row.
    pub training: f64,
    /// What the serving pipeline makes of it.
    pub serving: f64,
}

impl fmt::Display for ParityFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (training, serving) = told_apart(self.training, self.serving);
        write!(
            f,
            "row {}, `{}`: {training} in training, {serving} when serving",
            self.row, self.feature
        )
    }
}

/// Both numbers with six significant digits, or with as many as tell them apart.
fn told_apart(a: f64, b: f64) -> (f64, f64) {
    let rounded = |value: f64, digits: usize| {
        let text = format!("{value:.*e}", digits - 1);
        text.parse().unwrap_or(value)
    };
    let pairs = (6..17).map(|digits| (rounded(a, digits), rounded(b, digits)));
    let mut different = pairs.filter(|(a, b)| a != b);
    different.next().unwrap_or((a, b))
}

/// Where the two pipelines' outputs for the same raw rows differ; nothing if they agree.
///
/// `training` and `serving` are rows × features, `names` has a name for each feature. Values agree
/// if they differ by at most `tolerance` times the larger of the two; 0 demands that they are
/// equal. NaN agrees with NaN. O(rows · features).
///
/// # Errors
/// [`Error::Shape`] if the shapes or names do not fit, [`Error::OutOfRange`] if `tolerance` is
/// negative.
///
/// # Examples
/// ```
/// use dsprep_core::{ndarray::array, triage::row_parity};
/// let training = array![[12.5, 1.0], [80.0, 0.0]];
/// let serving = array![[12.5, 1.0], [8000.0, 0.0]];
/// let faults = row_parity(&["amount", "new_device"], &training, &serving, 0.0)?;
/// assert_eq!(faults[0].to_string(), "row 1, `amount`: 80 in training, 8000 when serving");
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn row_parity(
    names: &[&str],
    training: &ArrayRef2<f64>,
    serving: &ArrayRef2<f64>,
    tolerance: f64,
) -> Result<Vec<ParityFault>> {
    same_columns(training, "`serving`", serving, "training")?;
    check_names(names, training)?;
    if training.nrows() != serving.nrows() {
        return Err(Error::Shape {
            what: "`serving`",
            found: count(serving.nrows(), "row"),
            expected: format!(
                "{}, the same ones as `training`",
                count(training.nrows(), "row")
            ),
        });
    }
    if tolerance.is_nan() || tolerance < 0.0 {
        return Err(Error::OutOfRange {
            what: "`tolerance`".to_owned(),
            found: tolerance.to_string(),
            expected: "0 (equal) or greater",
        });
    }
    let agree = |a: f64, b: f64| {
        let finite = a.is_finite() && b.is_finite();
        let near = || (a - b).abs() <= tolerance * a.abs().max(b.abs());
        a == b || (a.is_nan() && b.is_nan()) || (finite && near())
    };
    let pairs = training.indexed_iter().zip(serving);
    Ok(pairs
        .filter(|((_, a), b)| !agree(**a, **b))
        .map(|(((row, column), &training), &serving)| ParityFault {
            row,
            feature: names[column].to_owned(),
            training,
            serving,
        })
        .collect())
}

/// How one feature's distribution while serving compares with the one in training.
#[derive(Debug, Clone, PartialEq)]
pub struct FeatureSkew {
    /// The feature, by name.
    pub feature: String,
    /// The Kolmogorov-Smirnov statistic: the effect size, from 0 to 1.
    pub statistic: f64,
    /// Its p-value times the number of features, at most 1 (Bonferroni).
    pub p_value: f64,
    /// The mean in the training data.
    pub training_mean: f64,
    /// The mean while serving.
    pub serving_mean: f64,
    /// The factor that turns the training data into what is served, if a known one does, and which
    /// units that would be. If it is below 1, they are the other way round.
    pub unit: Option<(f64, &'static str)>,
}

/// Compares the features logged while serving (rows × features) with those of the training data
/// (rows × features): one entry per feature, the most different first.
///
/// Another unit is suspected if the p-value, before the correction for the number of features, is below 0.01, and no longer is once
/// the training data are multiplied by a factor such as 100 (cents), 60 or 1.609. O(features · rows log rows), or rows²
/// where the test is exact.
///
/// # Errors
/// [`Error::Shape`] if columns or names do not fit; [`Error::Empty`], [`Error::OutOfRange`] if
/// there are no rows or a value is not finite.
///
/// # Examples
/// ```
/// use dsprep_core::{ndarray::Array2, triage::feature_skew};
/// let training = Array2::from_shape_fn((200, 1), |(row, _)| 1.0 + row as f64);
/// let served = &training * 100.0; // somebody logs cents
/// let skew = feature_skew(&["amount"], &training, &served)?;
/// assert_eq!(skew[0].unit, Some((100.0, "cents or percent")));
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn feature_skew(
    names: &[&str],
    training: &ArrayRef2<f64>,
    serving: &ArrayRef2<f64>,
) -> Result<Vec<FeatureSkew>> {
    same_columns(training, "`serving`", serving, "training")?;
    check_names(names, training)?;
    finite_matrix("`training`", training)?;
    finite_matrix("`serving`", serving)?;
    let mut skews = Vec::with_capacity(names.len());
    let columns = training.columns().into_iter().zip(serving.columns());
    for (name, (training, serving)) in names.iter().zip(columns) {
        let test = ks_two_sample(&training, &serving, Alternative::TwoSided, KsMethod::Auto)?;
        let unit = if test.p_value < 0.01 {
            changed_unit(&training, &serving)?
        } else {
            None
        };
        skews.push(FeatureSkew {
            feature: (*name).to_owned(),
            statistic: test.statistic,
            p_value: (test.p_value * names.len() as f64).min(1.0),
            training_mean: mean(training),
            serving_mean: mean(serving),
            unit,
        });
    }
    skews.sort_by(|a, b| b.statistic.total_cmp(&a.statistic));
    Ok(skews)
}

/// The factor that makes the distributions agree best, if one does. Only those near the ratio of
/// the medians are tried.
fn changed_unit(
    training: &ArrayRef1<f64>,
    serving: &ArrayRef1<f64>,
) -> Result<Option<(f64, &'static str)>> {
    let ratio = median_size(serving) / median_size(training);
    let mut best = None;
    let mut best_p = 0.01;
    for (size, unit) in UNITS {
        for factor in [size, 1.0 / size] {
            if (0.75..1.33).contains(&(ratio / factor)) {
                let scaled = training.mapv(|value| value * factor);
                let p =
                    ks_two_sample(&scaled, serving, Alternative::TwoSided, KsMethod::Auto)?.p_value;
                if p >= best_p {
                    (best, best_p) = (Some((factor, unit)), p);
                }
            }
        }
    }
    Ok(best)
}

/// The median of the absolute values.
fn median_size(values: &ArrayRef1<f64>) -> f64 {
    let mut sizes: Vec<f64> = values.iter().map(|value| value.abs()).collect();
    sizes.sort_by(f64::total_cmp);
    crate::evaluate::drift::quantile(&sizes, 0.5)
}

fn mean(values: ArrayView1<'_, f64>) -> f64 {
    let (sum, n) = (values.sum(), values.len() as f64);
    if sum.is_finite() {
        return sum / n;
    }
    values.iter().map(|value| value / n).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::{accuracy, roc_auc};
    use crate::linear::ScaledLogistic;
    use crate::random::RandomState;
    use ndarray::{Array1, Array2, Axis, array, s, stack};

    /// Amounts in euros, hours since the last payment, and who turns out a fraud.
    fn payments(rows: usize, rng: &mut RandomState) -> Result<(Array2<f64>, Array1<usize>)> {
        let amount = rng.lognormal(4.0, 1.0, rows)?;
        let hours = rng.exponential(24.0, rows)?;
        let risk = amount.ln() - 4.5 - hours.mapv(|h| h / 24.0) + rng.randn(rows)? * 0.5;
        let y = risk.mapv(|z| usize::from(z > 0.0));
        Ok((stack![Axis(1), amount, hours], y))
    }

    #[test]
    fn a_unit_mismatch_ruins_accuracy_and_is_named() -> Result<()> {
        let mut rng = RandomState::seed(17);
        let (x, y) = payments(1000, &mut rng)?;
        let (fresh, fresh_y) = payments(600, &mut rng)?;
        let model = ScaledLogistic::fit(&x, &y, 1.0)?;
        let mut served = fresh.clone();
        served
            .slice_mut(s![.., 0])
            .mapv_inplace(|euros| euros * 100.0); // cents
        let right = accuracy(&fresh_y, &model.predict(&fresh)?)?;
        let wrong = accuracy(&fresh_y, &model.predict(&served)?)?;
        assert!(right > 0.85 && wrong < 0.5, "{right} {wrong}");
        // All are called fraud, and the probabilities are so near 1 that even the ranking suffers.
        let auc = |x: &Array2<f64>| roc_auc(&fresh_y, &model.probabilities(x)?);
        assert!(auc(&fresh)? - auc(&served)? > 0.1);

        let skew = feature_skew(&["amount", "hours"], &x, &served)?;
        assert_eq!(skew[0].feature, "amount");
        assert_eq!(skew[0].unit, Some((100.0, "cents or percent")));
        assert!(skew[0].statistic > 0.9 && skew[0].p_value < 1e-100);
        assert_eq!(skew[1].unit, None);
        assert!(skew[1].p_value > 0.05);
        let alone = ks_two_sample(
            &x.column(1),
            &served.column(1),
            Alternative::TwoSided,
            KsMethod::Auto,
        )?;
        assert_eq!(skew[1].p_value, (2.0 * alone.p_value).min(1.0));

        let faults = row_parity(&["amount", "hours"], &fresh, &served, 1e-12)?;
        assert_eq!(faults.len(), 600);
        assert!(faults.iter().all(|fault| fault.feature == "amount"));
        Ok(())
    }

    #[test]
    fn another_scaler_when_serving_is_found_row_by_row() -> Result<()> {
        use crate::linear::StandardScaler;
        let mut rng = RandomState::seed(18);
        let (x, _) = payments(300, &mut rng)?;
        let (live, _) = payments(50, &mut rng)?;
        let trained = StandardScaler::fit(&x)?.transform(&live)?;
        assert_eq!(
            row_parity(&["amount", "hours"], &trained, &trained.clone(), 0.0)?,
            []
        );
        let refitted = StandardScaler::fit(&live)?.transform(&live)?; // fitted again, on what came in
        assert_eq!(
            row_parity(&["amount", "hours"], &trained, &refitted, 1e-9)?.len(),
            100
        );
        Ok(())
    }

    #[test]
    fn a_shift_is_not_taken_for_a_unit() -> Result<()> {
        let mut rng = RandomState::seed(19);
        let skew = feature_skew(&["x"], &rng.randn((500, 1))?, &(rng.randn((500, 1))? + 2.0))?;
        assert!(skew[0].p_value < 1e-10);
        assert_eq!(skew[0].unit, None);
        Ok(())
    }

    #[test]
    fn missing_values_agree_only_with_each_other() -> Result<()> {
        let training = array![[f64::NAN, f64::NAN]];
        let faults = row_parity(&["a", "b"], &training, &array![[f64::NAN, 0.0]], 0.1)?;
        assert_eq!(faults.len(), 1);
        assert_eq!(
            faults[0].to_string(),
            "row 0, `b`: NaN in training, 0 when serving"
        );
        Ok(())
    }

    #[test]
    fn outputs_that_do_not_fit_are_refused() {
        let (one, two) = (array![[1.0]], array![[1.0], [2.0]]);
        let error = row_parity(&["a"], &one, &two, 0.0).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`serving` has 2 rows, but it must have 1 row, the same ones as `training`."
        );
        assert!(row_parity(&[], &one, &one, 0.0).is_err());
        assert!(row_parity(&["a"], &one, &one, -1.0).is_err());
    }
}
