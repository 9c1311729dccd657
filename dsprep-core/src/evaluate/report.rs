//! The table that scikit-learn prints as `classification_report` (question 27).

use super::checks::same_length;
use super::classification::{accuracy, check_labels};
use crate::{Error, Result};
use ndarray::ArrayRef1;
use std::fmt;

/// One line of the report.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassRow {
    /// The class, or the kind of average.
    pub name: String,
    /// The share of the predictions of this class that are right; 0 where there are none.
    pub precision: f64,
    /// The share of this class's rows that were found; 0 where there are none.
    pub recall: f64,
    /// The harmonic mean of both; 0 where it is not defined.
    pub f1: f64,
    /// How many rows are of this class.
    pub support: usize,
}

/// Precision, recall and F1 of each class, and their means. Printed, it is scikit-learn's text,
/// character by character; `{:.4}` prints four decimals instead of two.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassificationReport {
    /// One row per class, in the order of the names.
    pub classes: Vec<ClassRow>,
    /// The share of right predictions.
    pub accuracy: f64,
    /// The plain means over the classes: each class counts the same.
    pub macro_average: ClassRow,
    /// The means weighted by support: each row counts the same.
    pub weighted_average: ClassRow,
}

/// The report on `y_pred` (n labels) against `y_true` (n labels); class i has the name `names[i]`.
///
/// What is not defined is shown as 0, as scikit-learn does with a warning: a class that was never
/// predicted has a precision of "0.00", which was not measured. O(n).
///
/// # Errors
/// [`Error::Empty`] without labels or names, [`Error::Shape`] if the lengths differ,
/// [`Error::OutOfRange`] if a label has no name.
///
/// # Examples
/// ```
/// use dsprep_core::{evaluate::classification_report, ndarray::array};
/// let report = classification_report(&array![0, 0, 1], &array![0, 1, 1], &["no", "yes"])?;
/// assert_eq!(report.classes[1].precision, 0.5);
/// assert!(report.to_string().contains("         yes       0.50      1.00      0.67         1\n"));
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn classification_report(
    y_true: &ArrayRef1<usize>,
    y_pred: &ArrayRef1<usize>,
    names: &[&str],
) -> Result<ClassificationReport> {
    same_length(y_true, "`y_pred`", y_pred.len())?;
    if names.is_empty() {
        return Err(Error::Empty {
            what: "`names`",
            item: "class name",
        });
    }
    check_labels("y_true", y_true, names.len())?;
    check_labels("y_pred", y_pred, names.len())?;
    let mut right = vec![0; names.len()];
    let mut actual = right.clone();
    let mut predicted = right.clone();
    for (&label, &prediction) in y_true.iter().zip(y_pred) {
        actual[label] += 1;
        predicted[prediction] += 1;
        right[label] += usize::from(label == prediction);
    }
    let classes: Vec<ClassRow> = names
        .iter()
        .enumerate()
        .map(|(class, name)| ClassRow {
            name: (*name).to_owned(),
            precision: ratio_or_zero(right[class], predicted[class]),
            recall: ratio_or_zero(right[class], actual[class]),
            f1: ratio_or_zero(2 * right[class], predicted[class] + actual[class]),
            support: actual[class],
        })
        .collect();
    let rows = y_true.len() as f64;
    let equal = 1.0 / names.len() as f64;
    Ok(ClassificationReport {
        accuracy: accuracy(y_true, y_pred)?,
        macro_average: average("macro avg", &classes, |_| equal),
        weighted_average: average("weighted avg", &classes, |row| row.support as f64 / rows),
        classes,
    })
}

fn ratio_or_zero(part: usize, whole: usize) -> f64 {
    if whole == 0 {
        0.0
    } else {
        part as f64 / whole as f64
    }
}

fn average(name: &str, classes: &[ClassRow], weight: impl Fn(&ClassRow) -> f64) -> ClassRow {
    let mean =
        |value: fn(&ClassRow) -> f64| classes.iter().map(|row| weight(row) * value(row)).sum();
    ClassRow {
        name: name.to_owned(),
        precision: mean(|row| row.precision),
        recall: mean(|row| row.recall),
        f1: mean(|row| row.f1),
        support: classes.iter().map(|row| row.support).sum(),
    }
}

impl fmt::Display for ClassificationReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = f.precision().unwrap_or(2);
        let names = self.classes.iter().map(|row| row.name.chars().count());
        let width = names
            .chain(["weighted avg".len(), digits])
            .max()
            .unwrap_or(0);
        let line = |f: &mut fmt::Formatter<'_>, row: &ClassRow| {
            let [p, r, f1] = [row.precision, row.recall, row.f1];
            writeln!(
                f,
                "{:>width$}  {p:>9.digits$} {r:>9.digits$} {f1:>9.digits$} {:>9}",
                row.name, row.support
            )
        };
        writeln!(
            f,
            "{:width$}  {:>9} {:>9} {:>9} {:>9}\n",
            "", "precision", "recall", "f1-score", "support"
        )?;
        for row in &self.classes {
            line(f, row)?;
        }
        writeln!(
            f,
            "\n{:>width$}  {:>9} {:>9} {:>9.digits$} {:>9}",
            "accuracy", "", "", self.accuracy, self.macro_average.support
        )?;
        line(f, &self.macro_average)?;
        line(f, &self.weighted_average)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::MostFrequent;
    use crate::random::RandomState;
    use ndarray::{Array1, array};

    #[test]
    fn the_original_report_is_reproduced_with_its_zero_division() -> Result<()> {
        let mut y_true = Array1::from_shape_fn(10_000, |i| usize::from(i < 100));
        if let Some(labels) = y_true.as_slice_mut() {
            RandomState::seed(0).shuffle(labels);
        }
        // The first and the last of the original's positive rows.
        let positives: Vec<usize> = (0..10_000).filter(|&i| y_true[i] == 1).collect();
        assert_eq!(positives.len(), 100);
        assert_eq!(
            (positives[0], positives[1], positives[99]),
            (272, 393, 9859)
        );

        let y_pred = MostFrequent::fit(&y_true)?.predict(10_000)?;
        let report = classification_report(&y_true, &y_pred, &["majority", "minority"])?;
        // What the original notebook prints.
        let printed = "              precision    recall  f1-score   support

    majority       0.99      1.00      0.99      9900
    minority       0.00      0.00      0.00       100

    accuracy                           0.99     10000
   macro avg       0.49      0.50      0.50     10000
weighted avg       0.98      0.99      0.99     10000
";
        assert_eq!(report.to_string(), printed);
        // classification_report(..., output_dict=True), scikit-learn 1.9.1.
        assert_eq!(report.classes[0].f1, 0.9949748743718593);
        assert_eq!(report.macro_average.f1, 0.49748743718592964);
        assert!((report.weighted_average.precision - 0.9801).abs() < 1e-15);
        assert!((report.weighted_average.f1 - 0.9850251256281406).abs() < 1e-15);
        Ok(())
    }

    #[test]
    fn long_names_and_more_digits_are_laid_out_as_scikit_learn_does() -> Result<()> {
        // np.random.RandomState(3), after the draws of `sample`:
        // a = r.randint(0, 4, 300); b = np.where(r.rand(300) < 0.6, a, r.randint(0, 4, 300))
        let mut rng = RandomState::seed(3);
        rng.rand(200)?;
        rng.randn(200)?;
        let a = rng.randint(0, 4, 300)?;
        let keep = rng.rand(300)?;
        let other = rng.randint(0, 4, 300)?;
        let y_true = a.mapv(|class| class as usize);
        let y_pred = Array1::from_shape_fn(300, |i| {
            (if keep[i] < 0.6 { a[i] } else { other[i] }) as usize
        });
        let names = ["north", "east", "south", "a rather long name"];
        let report = classification_report(&y_true, &y_pred, &names)?.to_string();
        let printed = "                    precision    recall  f1-score   support

             north       0.72      0.67      0.70        70
              east       0.73      0.63      0.68        81
             south       0.66      0.78      0.71        81
a rather long name       0.64      0.65      0.64        68

          accuracy                           0.68       300
         macro avg       0.69      0.68      0.68       300
      weighted avg       0.69      0.68      0.68       300
";
        assert_eq!(report, printed);
        let report = classification_report(&y_true, &y_pred, &["north", "east", "south", "w"])?;
        let printed = "              precision    recall  f1-score   support

       north     0.7231    0.6714    0.6963        70
        east     0.7286    0.6296    0.6755        81
       south     0.6562    0.7778    0.7119        81
           w     0.6377    0.6471    0.6423        68

    accuracy                         0.6833       300
   macro avg     0.6864    0.6815    0.6815       300
weighted avg     0.6872    0.6833    0.6827       300
";
        assert_eq!(format!("{report:.4}"), printed);
        // matthews_corrcoef(a, b), balanced_accuracy_score(a, b), scikit-learn 1.9.1.
        let correlation = crate::evaluate::matthews_correlation(&y_true, &y_pred)?;
        assert!((correlation - 0.5781995633065851).abs() < 1e-15);
        let balanced = crate::evaluate::balanced_accuracy(&y_true, &y_pred)?;
        assert!((balanced - 0.6814737005913476).abs() < 1e-15);
        Ok(())
    }

    #[test]
    fn a_half_is_rounded_to_even_as_python_does() -> Result<()> {
        let (y_true, y_pred) = (
            array![0, 1, 1, 1, 1, 1, 1, 1, 1],
            array![1, 1, 0, 0, 0, 0, 0, 0, 0],
        );
        let report = classification_report(&y_true, &y_pred, &["a", "b"])?.to_string();
        assert!(report.contains("           b       0.50      0.12      0.20         8\n"));
        Ok(())
    }

    #[test]
    fn a_label_without_a_name_is_told() {
        let error = classification_report(&array![0, 2], &array![0, 1], &["a", "b"]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`y_true[1]`, with 2 class names given, is 2, but it must be less than the number of class names."
        );
    }
}
