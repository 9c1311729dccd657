//! A challenger is trained on the weeks that have their labels (question 25).

use super::drift::DriftReference;
use super::lifecycle::{ModelLifecycle, WeekRecord};
use super::model::{LinearScorer, ModelVersion, Status};
use crate::evaluate::roc_auc_interval;
use crate::{Error, Result};
use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2, Axis, concatenate};

/// One row in this many is held out, at the end of each week.
const HOLD_OUT: usize = 5;

impl ModelLifecycle {
    /// A challenger, trained in `week` on the first four fifths of the rows of each week of `training` (weeks with
    /// labels); the rest is held out for its baseline.
    pub(super) fn train(&self, training: &[u32], week: u32) -> Result<ModelVersion> {
        let records = training.iter().filter_map(|at| self.weeks.get(at));
        let records: Vec<&WeekRecord> = records.collect();
        let (x, y) = stack(&records)?;
        // The last rows of each week: neighbours, which may be alike, stay on the same side.
        let within = records
            .iter()
            .flat_map(|record| (0..record.x.nrows()).map(|row| (row, record.x.nrows())));
        let (mut held_out, mut learnt) = (Vec::new(), Vec::new());
        for (row, (place, rows)) in within.enumerate() {
            match place >= rows - rows / HOLD_OUT {
                true => held_out.push(row),
                false => learnt.push(row),
            }
        }
        let part = |rows: &[usize]| (x.select(Axis(0), rows), y.select(Axis(0), rows));
        let (x, y) = part(&learnt);
        let model = LinearScorer::fit(&x, &y, self.policy.c)?;
        let reference = append_column(&x, &model.probabilities(&x)?);
        let (x, y) = part(&held_out);
        let confidence = self.policy.performance.confidence;
        Ok(ModelVersion {
            version: self.versions.len() as u32 + 1,
            trained_in: week,
            trained_to: training.last().copied().unwrap_or(week),
            status: Status::Shadow,
            baseline: roc_auc_interval(&y, &model.probabilities(&x)?, confidence)?,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::monitor::{Change, MonitorPolicy, WeekStream};
    use crate::random::RandomState;
    use ndarray::s;

    /// The AUC of the weeks in shadow, for which a challenger wins, would be too good (the winner's curse); and rows held out
    /// here and there would have had their neighbours among those trained on.
    #[test]
    fn a_promoted_models_baseline_is_that_of_the_last_rows_of_the_weeks_it_was_trained_on()
    -> Result<()> {
        let stream = WeekStream::stable(1000, &mut RandomState::seed(25))
            .with_label_delay(2)
            .with_concept_drift(Change::abrupt(14));
        let mut lifecycle = ModelLifecycle::start_on(&stream, MonitorPolicy::default())?;
        let mut in_shadow = None;
        for week in 4..34 {
            lifecycle.advance(&stream, week)?;
            if let Some(challenger) = lifecycle.challenger() {
                in_shadow = Some(lifecycle.version(challenger)?.clone());
            }
        }
        let (before, promoted) = (in_shadow.unwrap(), lifecycle.version(lifecycle.champion())?);
        assert!(before.version == promoted.version && promoted.version > 1);
        assert_eq!(before.baseline, promoted.baseline);
        let first = promoted.trained_to + 1 - lifecycle.policy().training_weeks as u32;
        let held_out = (first..=promoted.trained_to).map(|week| stream.week(week));
        let held_out: Vec<_> = held_out.collect::<Result<_>>()?;
        let x: Vec<_> = held_out
            .iter()
            .map(|week| week.x.slice(s![800.., ..]))
            .collect();
        let y: Vec<_> = held_out
            .iter()
            .map(|week| week.y.slice(s![800..]))
            .collect();
        let (x, y) = (
            concatenate(Axis(0), &x).unwrap(),
            concatenate(Axis(0), &y).unwrap(),
        );
        let confidence = lifecycle.policy().performance.confidence;
        let expected = roc_auc_interval(&y, &promoted.model.probabilities(&x)?, confidence)?;
        assert_eq!(promoted.baseline, expected);
        Ok(())
    }
}
