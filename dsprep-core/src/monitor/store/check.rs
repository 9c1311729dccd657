//! Whether what was read can be a lifecycle: a file can be cut short, edited by hand, or mixed from two.

use super::super::damaged;
use super::super::lifecycle::{ModelLifecycle, WeekRecord};
use super::super::model::{ModelVersion, Status};
use crate::Result;

impl ModelLifecycle {
    /// Fails, and says what, if a part can't be as it is or does not fit the others.
    pub(super) fn check_restored(&self) -> Result<()> {
        let features = self.version(self.champion)?.model.weights.len();
        for (number, version) in (1..).zip(&self.versions) {
            sound(
                version.version == number,
                "a stored version's number",
                version.version,
            )?;
            check_version(version, features)?;
        }
        let with = |status: Status| self.versions.iter().filter(move |it| it.status == status);
        let champions: Vec<u32> = with(Status::Champion).map(|it| it.version).collect();
        sound(
            champions == [self.champion],
            "the stored champion",
            self.champion,
        )?;
        let shadows = with(Status::Shadow).count();
        sound(
            shadows <= 1,
            "the stored number of versions in shadow",
            shadows,
        )?;
        if let Some(guard) = self.guard {
            self.version(guard.predecessor)?;
        }
        for (&week, record) in &self.weeks {
            sound(week <= self.last_week, "a stored week", week)?;
            self.check_week(record, features)?;
        }
        Ok(())
    }

    fn check_week(&self, record: &WeekRecord, features: usize) -> Result<()> {
        let rows = record.x.nrows();
        let numbers = record.x.iter().all(|value| value.is_finite());
        let fits = numbers && rows > 0 && record.x.ncols() == features;
        sound(
            fits,
            "the stored features of a week",
            "not as in the training",
        )?;
        if let Some(labels) = &record.y {
            let fits = labels.len() == rows && labels.iter().all(|&label| label <= 1);
            sound(fits, "the stored labels of a week", labels.len())?;
        }
        for (&version, scores) in &record.scores {
            self.version(version)?;
            let shares = scores.iter().all(|score| (0.0..=1.0).contains(score));
            sound(
                shares && scores.len() == rows,
                "the stored scores of a week",
                scores.len(),
            )?;
        }
        Ok(())
    }
}

fn check_version(version: &ModelVersion, features: usize) -> Result<()> {
    let model = &version.model;
    let mut numbers = model.weights.iter().chain([&model.intercept]);
    let fits = model.weights.len() == features && numbers.all(|w| w.is_finite());
    sound(
        fits,
        "the stored model",
        format!("version {}", version.version),
    )?;
    let baseline = &version.baseline;
    let fits = (0.0..=1.0).contains(&baseline.auc)
        && baseline.standard_error >= 0.0
        && baseline.standard_error.is_finite();
    sound(fits, "the stored baseline", baseline.auc)?;
    version.reference.check_stored()
}

fn sound(fits: bool, what: &str, found: impl ToString) -> Result<()> {
    match fits {
        true => Ok(()),
        false => Err(damaged(what, found)),
    }
}
