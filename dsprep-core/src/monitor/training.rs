//! A challenger is trained on the weeks that have their labels (question 25).

use super::drift::DriftReference;
use super::lifecycle::{ModelLifecycle, WeekRecord};
use super::model::{LinearScorer, ModelVersion, Status};
use crate::evaluate::roc_auc_interval;
use crate::{Error, Result};
use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2, Axis, concatenate};

/// One row in so many is held out.
const HOLD_OUT: usize = 5;

impl ModelLifecycle {
    /// A challenger, trained in `week` on four of five rows of `training` (weeks with labels); the fifth is
    /// held out for its first baseline.
    pub(super) fn train(&self, training: &[u32], week: u32) -> Result<ModelVersion> {
        let records = training.iter().filter_map(|at| self.weeks.get(at));
        let (x, y) = stack(&records.collect::<Vec<_>>())?;
        let (held_out, learnt): (Vec<usize>, Vec<usize>) =
            (0..y.len()).partition(|row| row % HOLD_OUT == HOLD_OUT - 1);
        let part = |rows: &[usize]| (x.select(Axis(0), rows), y.select(Axis(0), rows));
        let (x, y) = part(&learnt);
        let model = LinearScorer::fit(&x, &y, self.policy.c)?;
        let reference = append_column(&x, &model.score(&x)?);
        let (x, y) = part(&held_out);
        let confidence = self.policy.performance.confidence;
        Ok(ModelVersion {
            version: self.versions.len() as u32 + 1,
            trained_in: week,
            trained_to: training.last().copied().unwrap_or(week),
            status: Status::Shadow,
            baseline: roc_auc_interval(&y, &model.score(&x)?, confidence)?,
            model,
            reference: DriftReference::new(&reference)?,
        })
    }
}

/// `x` with one more column.
pub(super) fn append_column(x: &ArrayRef2<f64>, last: &ArrayRef1<f64>) -> Array2<f64> {
    Array2::from_shape_fn((x.nrows(), x.ncols() + 1), |(row, column)| {
        if column < x.ncols() {
            x[[row, column]]
        } else {
            last[row]
        }
    })
}

/// The rows and labels of several weeks as one.
fn stack(records: &[&WeekRecord]) -> Result<(Array2<f64>, Array1<usize>)> {
    let parts: Vec<_> = records.iter().map(|record| record.x.view()).collect();
    let labels = records.iter().flat_map(|record| record.y.iter().flatten());
    let x = concatenate(Axis(0), &parts).map_err(|_| Error::Shape {
        what: "`x`",
        found: "weeks with different numbers of columns".to_owned(),
        expected: "the same columns in each week".to_owned(),
    })?;
    Ok((x, labels.copied().collect()))
}
