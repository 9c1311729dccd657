//! A stream of weeks in which something happens (question 25).
//!
//! Each row has standard normal features, and its label is 1 with probability σ(β·x − 1). Four things can
//! happen, alone or together: P(x) moves (covariate drift), β changes (concept drift), a feature is served
//! wrong (a data fault, which the labels know nothing of), and P(x) swings with the season. After
//! Moreno-Torres et al., "A unifying view on dataset shift in classification", 2012, and Gama et al., "A
//! survey on concept drift adaptation", 2014, for abrupt, gradual and recurring changes.

use crate::Result;
use crate::checks::{finite_number, numbers, room_for};
use crate::error::out_of_range;
use crate::random::RandomState;
use crate::sigmoid::sigmoid;
use ndarray::{Array1, Array2};
use std::f64::consts::TAU;

/// When a change begins, how many weeks it takes, and whether it ends.
///
/// # Examples
/// ```
/// use dsprep_core::monitor::Change;
/// let change = Change::gradual(10, 4).until(20);
/// let shares = [9, 10, 11, 13, 19, 20].map(|week| change.share(week));
/// assert_eq!(shares, [0.0, 0.25, 0.5, 1.0, 1.0, 0.0]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    from: u32,
    over: u32,
    until: Option<u32>,
}

impl Change {
    /// All of it, from week `from` on.
    pub fn abrupt(from: u32) -> Self {
        Change::gradual(from, 1)
    }

    /// In equal steps over `over` weeks, from week `from` on.
    pub fn gradual(from: u32, over: u32) -> Self {
        Change {
            from,
            over: over.max(1),
            until: None,
        }
    }

    /// The same change, gone again from week `until` on.
    pub fn until(self, until: u32) -> Self {
        Change {
            until: Some(until),
            ..self
        }
    }

    /// How much of the change has come about in `week`, from 0 to 1.
    pub fn share(self, week: u32) -> f64 {
        if week < self.from || self.until.is_some_and(|until| week >= until) {
            return 0.0;
        }
        ((f64::from(week - self.from) + 1.0) / f64::from(self.over)).min(1.0)
    }
}

/// What a broken feature is served as.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Fault {
    /// Always this value: a join that finds nothing, a default that fills the gap.
    Stuck(f64),
    /// Its value times this: cents for euros, milliseconds for seconds.
    Scaled(f64),
}

/// One week: the features as they were served, and the labels as they will be known later.
#[derive(Debug, Clone, PartialEq)]
pub struct Week {
    /// Its number, from 0.
    pub week: u32,
    /// The features, rows × features.
    pub x: Array2<f64>,
    /// The labels, 0 or 1, one for each row.
    pub y: Array1<usize>,
}

/// Weeks of data, each drawn from the stream's key and its own number, so that they can be had in any order.
///
/// # Examples
/// ```
/// use dsprep_core::monitor::{Change, WeekStream};
/// use dsprep_core::random::RandomState;
/// let stream = WeekStream::stable(500, &mut RandomState::seed(7))
///     .with_covariate_drift(Change::abrupt(10), 1.0);
/// assert!(stream.week(9)?.x.column(0).sum() / 500.0 < 0.2);
/// assert!(stream.week(10)?.x.column(0).sum() / 500.0 > 0.8);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct WeekStream {
    rows: usize,
    features: usize,
    /// What tells this stream's weeks from another's.
    seed: u32,
    covariate: Option<(Change, f64)>,
    concept: Option<Change>,
    broken: Option<(usize, Fault, Change)>,
    season: Option<(u32, f64)>,
    label_delay: u32,
}

impl WeekStream {
    /// Weeks of `rows` rows with six features, in which nothing happens and labels are known at once. One number is drawn from
    /// `rng`; with it each week's own drawing begins.
    pub fn stable(rows: usize, rng: &mut RandomState) -> Self {
        WeekStream {
            rows,
            features: 6,
            seed: rng.key(),
            covariate: None,
            concept: None,
            broken: None,
            season: None,
            label_delay: 0,
        }
    }

    /// With another number of features, at least two. The label depends on the first five, or on all but
    /// the last.
    pub fn with_features(self, features: usize) -> Self {
        WeekStream { features, ..self }
    }

    /// P(x) moves: `shift` standard deviations are added to the first two features.
    pub fn with_covariate_drift(self, change: Change, shift: f64) -> Self {
        WeekStream {
            covariate: Some((change, shift)),
            ..self
        }
    }

    /// P(y | x) changes, and P(x) does not: the weight of the first feature goes over to the last, which had
    /// none.
    pub fn with_concept_drift(self, change: Change) -> Self {
        WeekStream {
            concept: Some(change),
            ..self
        }
    }

    /// The feature number `feature` is served wrong while any of the `change` is there.
    pub fn with_broken_feature(self, feature: usize, fault: Fault, change: Change) -> Self {
        WeekStream {
            broken: Some((feature, fault, change)),
            ..self
        }
    }

    /// The mean of the third feature (the second of two) swings by `amplitude` in `period` weeks.
    pub fn with_seasonality(self, period: u32, amplitude: f64) -> Self {
        WeekStream {
            season: Some((period.max(1), amplitude)),
            ..self
        }
    }

    /// The labels of a week are known `weeks` weeks later.
    pub fn with_label_delay(self, weeks: u32) -> Self {
        WeekStream {
            label_delay: weeks,
            ..self
        }
    }

    /// After how many weeks the labels are known.
    pub fn label_delay(&self) -> u32 {
        self.label_delay
    }

    /// The week number `week`.
    ///
    /// # Errors
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) if the stream has no rows, fewer than two features,
    /// or a broken feature that it does not have.
    pub fn week(&self, week: u32) -> Result<Week> {
        self.check()?;
        let seed = self.seed.wrapping_mul(1_000_003).wrapping_add(week);
        let mut rng = RandomState::seed(seed);
        let mut x = rng.randn((self.rows, self.features))?;
        let uniforms = rng.rand(self.rows)?;
        if let Some((change, shift)) = self.covariate {
            for feature in 0..2 {
                x.column_mut(feature)
                    .mapv_inplace(|v| v + shift * change.share(week));
            }
        }
        if let Some((period, amplitude)) = self.season {
            let swing = amplitude * (TAU * f64::from(week) / f64::from(period)).sin();
            x.column_mut(2.min(self.features - 1))
                .mapv_inplace(|v| v + swing);
        }
        let log_odds = x.dot(&self.weights(week)) - 1.0;
        let y = log_odds
            .iter()
            .zip(&uniforms)
            .map(|(&z, &u)| usize::from(u < sigmoid(z)))
            .collect();
        if let Some((feature, fault, change)) = self.broken
            && change.share(week) > 0.0
        {
            x.column_mut(feature).mapv_inplace(|value| match fault {
                Fault::Stuck(at) => at,
                Fault::Scaled(factor) => value * factor,
            });
        }
        numbers("a feature of the week", &x)?;
        Ok(Week { week, x, y })
    }

    /// β in `week`.
    fn weights(&self, week: u32) -> Array1<f64> {
        const WEIGHTS: [f64; 5] = [1.5, -1.0, 0.8, 0.5, 0.3];
        let last = self.features - 1;
        let mut weights = Array1::zeros(self.features);
        for (feature, &weight) in WEIGHTS.iter().enumerate().take(last) {
            weights[feature] = weight;
        }
        let moved = self.concept.map_or(0.0, |change| change.share(week));
        weights[last] += moved * weights[0];
        weights[0] *= 1.0 - moved;
        weights
    }

    fn check(&self) -> Result<()> {
        if self.rows == 0 {
            return Err(out_of_range("`rows`", self.rows, "1 or greater"));
        }
        if self.features < 2 {
            return Err(out_of_range("`features`", self.features, "2 or greater"));
        }
        room_for("the size of a week", self.rows, self.features)?;
        let fault = self.broken.map(|(_, fault, _)| match fault {
            Fault::Stuck(value) => value,
            Fault::Scaled(factor) => factor,
        });
        let settings = [
            (
                "the shift of the features",
                self.covariate.map(|(_, shift)| shift),
            ),
            (
                "the amplitude of the season",
                self.season.map(|(_, amplitude)| amplitude),
            ),
            ("the value of the fault", fault),
        ];
        for (what, value) in settings {
            finite_number(what, value.unwrap_or_default())?;
        }
        match self.broken {
            Some((feature, ..)) if feature >= self.features => Err(out_of_range(
                "the broken feature",
                feature,
                "less than the number of features",
            )),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::drift::ks_statistic;
    use crate::evaluate::roc_auc;

    #[test]
    fn streams_of_one_generator_differ() -> Result<()> {
        let mut rng = RandomState::seed(3);
        let streams = [0, 1, 2].map(|_| WeekStream::stable(50, &mut rng));
        assert_eq!(
            streams[0],
            WeekStream::stable(50, &mut RandomState::seed(3))
        );
        assert_ne!(streams[0].week(1)?, streams[1].week(1)?);
        assert_ne!(streams[1].week(1)?, streams[2].week(1)?);
        Ok(())
    }

    #[test]
    fn the_same_week_is_the_same_whenever_it_is_asked_for() -> Result<()> {
        let stream = WeekStream::stable(50, &mut RandomState::seed(3));
        let later = stream.week(9)?;
        stream.week(2)?;
        assert_eq!(stream.week(9)?, later);
        assert_ne!(stream.week(8)?.x, later.x);
        Ok(())
    }

    #[test]
    fn concept_drift_leaves_the_features_and_changes_the_labels() -> Result<()> {
        let stable = WeekStream::stable(4000, &mut RandomState::seed(3));
        let changed = stable.clone().with_concept_drift(Change::abrupt(5));
        assert_eq!(stable.week(4)?, changed.week(4)?);
        let (before, after) = (stable.week(5)?, changed.week(5)?);
        assert_eq!(before.x, after.x);
        assert!(roc_auc(&before.y, &before.x.column(0))? > 0.7);
        assert!((roc_auc(&after.y, &after.x.column(0))? - 0.5).abs() < 0.03);
        assert!(roc_auc(&after.y, &after.x.column(5))? > 0.7);
        Ok(())
    }

    #[test]
    fn a_broken_feature_leaves_the_labels() -> Result<()> {
        let stable = WeekStream::stable(200, &mut RandomState::seed(3));
        let stuck = Fault::Stuck(0.0);
        let broken = stable
            .clone()
            .with_broken_feature(1, stuck, Change::abrupt(2).until(3));
        assert_eq!(stable.week(2)?.y, broken.week(2)?.y);
        assert!(
            broken
                .week(2)?
                .x
                .column(1)
                .iter()
                .all(|&value| value == 0.0)
        );
        assert_eq!(stable.week(3)?, broken.week(3)?);
        Ok(())
    }

    #[test]
    fn the_season_comes_back() -> Result<()> {
        let stream = WeekStream::stable(4000, &mut RandomState::seed(3)).with_seasonality(12, 1.0);
        let third = |week| -> Result<Array1<f64>> { Ok(stream.week(week)?.x.column(2).to_owned()) };
        assert!(ks_statistic(&third(3)?, &third(9)?)? > 0.5);
        assert!(ks_statistic(&third(3)?, &third(15)?)? < 0.05);
        Ok(())
    }

    #[test]
    fn a_stream_that_cannot_be_is_refused() {
        let message = |stream: WeekStream| stream.week(0).unwrap_err().to_string();
        assert_eq!(
            message(WeekStream::stable(0, &mut RandomState::seed(1))),
            "`rows` is 0, but it must be 1 or greater."
        );
        assert!(
            message(WeekStream::stable(5, &mut RandomState::seed(1)).with_features(1))
                .contains("`features` is 1")
        );
        let fault = Fault::Scaled(100.0);
        let broken = WeekStream::stable(5, &mut RandomState::seed(1)).with_broken_feature(
            6,
            fault,
            Change::abrupt(0),
        );
        assert!(message(broken).contains("the broken feature is 6"));
    }
}
