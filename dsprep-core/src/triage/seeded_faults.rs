//! Five systems that are good offline and poor in production, each for one reason (question 28).
//!
//! Each is simulated, and then measured as a real one would be: [`Symptoms`] holds what a dashboard shows, and
//! the learner says which [`PipelineFault`] it is. Some symptoms mislead: a changed unit looks like a changed world.

use super::{TargetEncoder, calibration_in_the_large, domain_auc, row_parity, shared_rows};
use crate::Result;
use crate::evaluate::roc_auc;
use crate::linear::ScaledLogistic;
use crate::random::RandomState;
use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2, Axis, concatenate, s};

/// The rows of each part of a system, except where a fault needs other numbers. The standard error of an AUC is
/// below 0.01 then.
const ROWS: usize = 4000;
/// Where the features lie, and the boundary between the classes.
const CENTRE: f64 = 3.0;
/// From here on, more of the first feature makes a positive less likely again; few training rows are beyond it.
const BEND: f64 = 4.5;
/// How far production's rows move under covariate shift.
const MOVED: f64 = 1.25;

/// Why a model is poor in production.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PipelineFault {
    /// A feature is computed in another way when serving: kilometres for miles.
    Skew,
    /// Rows of the test are also in the training data.
    SharedRows,
    /// A category was encoded by the labels of all rows, those of the test among them.
    TargetLeak,
    /// Rows come of which the training data held few, and there the model was wrong all along; what follows from a
    /// row is as before.
    CovariateShift,
    /// Rows as before come, and something else follows from them.
    ConceptShift,
}

impl PipelineFault {
    /// All five, in the order in which they are to be looked for.
    pub const ALL: [PipelineFault; 5] = [
        PipelineFault::Skew,
        PipelineFault::SharedRows,
        PipelineFault::TargetLeak,
        PipelineFault::CovariateShift,
        PipelineFault::ConceptShift,
    ];
}

/// What is measured of a system.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Symptoms {
    /// The AUC on the test data, before the launch.
    pub offline_auc: f64,
    /// The AUC on new rows of the same months, through the training pipeline.
    pub fresh_auc: f64,
    /// The AUC in production.
    pub production_auc: f64,
    /// How many of the served rows the training pipeline would have given other values.
    pub parity_faults: usize,
    /// How many rows of the test are also in the training data.
    pub shared_rows: usize,
    /// How well served rows can be told from training rows: 0.5 is not at all.
    pub domain_auc: f64,
    /// By how many standard errors more positives came than were predicted.
    pub calibration_z: f64,
}

impl Symptoms {
    /// The fault that the symptoms tell of, by the decision list of the lesson; none if the system is healthy.
    pub(crate) fn diagnose(&self) -> Option<PipelineFault> {
        if self.parity_faults > 0 {
            Some(PipelineFault::Skew)
        } else if self.shared_rows > 0 {
            Some(PipelineFault::SharedRows)
        } else if self.offline_auc - self.fresh_auc > 0.05 {
            Some(PipelineFault::TargetLeak)
        } else if self.domain_auc > 0.65 {
            Some(PipelineFault::CovariateShift)
        } else if self.calibration_z.abs() > 6.0 {
            Some(PipelineFault::ConceptShift)
        } else {
            None
        }
    }

    /// Simulates a system with `fault`, or a healthy one, and measures it.
    ///
    /// # Errors
    /// As [`ScaledLogistic::fit`].
    ///
    /// # Examples
    /// ```
    /// use dsprep_core::{random::RandomState, triage::{PipelineFault, Symptoms}};
    /// let skewed = Symptoms::of(Some(PipelineFault::Skew), &mut RandomState::seed(1))?;
    /// assert_eq!((skewed.parity_faults, skewed.shared_rows), (4000, 0));
    /// assert!(skewed.domain_auc > 0.7);                         // but the world is the same
    /// # Ok::<(), dsprep_core::Error>(())
    /// ```
    pub fn of(fault: Option<PipelineFault>, rng: &mut RandomState) -> Result<Symptoms> {
        match fault {
            None => usual(0.0, 0.0, 1.0, rng),
            Some(PipelineFault::Skew) => usual(0.0, 0.0, 1.609344, rng),
            Some(PipelineFault::CovariateShift) => usual(MOVED, 0.0, 1.0, rng),
            Some(PipelineFault::ConceptShift) => usual(0.0, -1.0, 1.0, rng),
            Some(PipelineFault::SharedRows) => with_shared_rows(rng),
            Some(PipelineFault::TargetLeak) => with_target_leak(rng),
        }
    }
}

/// The five systems of the exercise, in an order that tells nothing.
///
/// # Errors
/// As [`Symptoms::of`].
///
/// # Examples
/// ```
/// let systems = dsprep_core::triage::faulty_systems()?;
/// assert!(systems.iter().all(|system| system.offline_auc > 0.75));
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn faulty_systems() -> Result<Vec<Symptoms>> {
    let mut rng = RandomState::seed(28);
    let order = [3, 0, 2, 4, 1];
    order
        .iter()
        .map(|&place| Symptoms::of(Some(PipelineFault::ALL[place]), &mut rng))
        .collect()
}

/// Rows with their labels.
type Rows = (Array2<f64>, Array1<usize>);

/// The parts of a system. Production's rows come through both pipelines.
struct System {
    train: Rows,
    offline: Rows,
    fresh: Rows,
    production: Rows,
    served: Array2<f64>,
}

impl System {
    fn measure(&self) -> Result<Symptoms> {
        let model = ScaledLogistic::fit(&self.train.0, &self.train.1, 1.0)?;
        let auc = |x: &ArrayRef2<f64>, y: &ArrayRef1<usize>| roc_auc(y, &model.probabilities(x)?);
        let names: Vec<String> = (0..self.served.ncols()).map(|i| format!("x{i}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let faults = row_parity(&names, &self.production.0, &self.served, 1e-9)?;
        let y = &self.production.1;
        let served = model.probabilities(&self.served)?;
        Ok(Symptoms {
            offline_auc: auc(&self.offline.0, &self.offline.1)?,
            fresh_auc: auc(&self.fresh.0, &self.fresh.1)?,
            production_auc: roc_auc(y, &served)?,
            parity_faults: faults.len(),
            shared_rows: shared_rows(&self.train.0, &self.offline.0)?.len(),
            domain_auc: domain_auc(&self.train.0, &self.served)?,
            calibration_z: calibration_in_the_large(y, &served)?.z,
        })
    }
}

/// Normal features around the centre; the first decides, with noise of the same size. More of it makes a positive
/// likelier up to [`BEND`], which a linear model can't express.
fn draw(rows: usize, features: usize, rng: &mut RandomState) -> Result<Rows> {
    let x = rng.randn((rows, features))? + CENTRE;
    let y = label(&x, CENTRE, rng)?;
    Ok((x, y))
}

fn label(x: &Array2<f64>, boundary: f64, rng: &mut RandomState) -> Result<Array1<usize>> {
    let bent = |x: f64| if x > BEND { 2.0 * BEND - x } else { x };
    let score = x.column(0).mapv(bent) + rng.randn(x.nrows())?;
    Ok(score.mapv(|score| usize::from(score > boundary)))
}

/// A system whose rows move by `moved`, whose boundary moves by `boundary`, and whose first feature is served
/// multiplied by `factor`.
fn usual(moved: f64, boundary: f64, factor: f64, rng: &mut RandomState) -> Result<Symptoms> {
    let (train, offline, fresh) = (
        draw(ROWS, 5, rng)?,
        draw(ROWS, 5, rng)?,
        draw(ROWS, 5, rng)?,
    );
    let x = rng.randn((ROWS, 5))? + CENTRE + moved;
    let y = label(&x, CENTRE + boundary, rng)?;
    let mut served = x.clone();
    served.column_mut(0).mapv_inplace(|value| value * factor);
    let system = System {
        train,
        offline,
        fresh,
        production: (x, y),
        served,
    };
    system.measure()
}

/// Half of the test is training data, and the model has so many features that it knows these by heart.
fn with_shared_rows(rng: &mut RandomState) -> Result<Symptoms> {
    let (rows, features) = (300, 100);
    let train = draw(rows, features, rng)?;
    let new = draw(rows / 2, features, rng)?;
    let known = s![..rows / 2];
    let x = [train.0.slice(s![..rows / 2, ..]), new.0.view()];
    let y = [train.1.slice(known), new.1.view()];
    let offline = (
        concatenate(Axis(0), &x).unwrap_or_default(),
        concatenate(Axis(0), &y).unwrap_or_default(),
    );
    let (fresh, production) = (draw(ROWS, features, rng)?, draw(ROWS, features, rng)?);
    let system = System {
        train,
        offline,
        fresh,
        served: production.0.clone(),
        production,
    };
    system.measure()
}

/// The second feature is a worthless category, encoded by the labels of training and test data.
fn with_target_leak(rng: &mut RandomState) -> Result<Symptoms> {
    let mut draw_with_category = |rows: usize| -> Result<(Rows, Array1<usize>)> {
        let category = rng
            .randint(0, ROWS as i64 / 2, rows)?
            .mapv(|category| category as usize);
        Ok((draw(rows, 2, rng)?, category))
    };
    let (mut known, category) = draw_with_category(2 * ROWS)?;
    let encoder = TargetEncoder::fit(&category, &known.1, 1.0)?;
    known.0.column_mut(1).assign(&encoder.encode(&category));
    let mut new = || -> Result<Rows> {
        let (mut rows, category) = draw_with_category(ROWS)?;
        rows.0.column_mut(1).assign(&encoder.encode(&category));
        Ok(rows)
    };
    let (fresh, production) = (new()?, new()?);
    let part = |rows: std::ops::Range<usize>| -> Rows {
        let x = known.0.slice(s![rows.clone(), ..]).to_owned();
        (x, known.1.slice(s![rows]).to_owned())
    };
    let system = System {
        train: part(0..ROWS),
        offline: part(ROWS..2 * ROWS),
        fresh,
        served: production.0.clone(),
        production,
    };
    system.measure()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_fault_shows_whatever_the_seed() -> Result<()> {
        for seed in 0..12 {
            for fault in PipelineFault::ALL.map(Some).into_iter().chain([None]) {
                let symptoms = Symptoms::of(fault, &mut RandomState::seed(seed))?;
                assert_eq!(symptoms.diagnose(), fault, "seed {seed}: {symptoms:?}");
            }
        }
        Ok(())
    }

    #[test]
    fn each_system_is_poor_in_production_in_a_way_that_its_symptoms_show() -> Result<()> {
        for seed in 0..6 {
            for fault in PipelineFault::ALL {
                let symptoms = Symptoms::of(Some(fault), &mut RandomState::seed(seed))?;
                let lower_auc = symptoms.offline_auc - symptoms.production_auc > 0.05;
                let wrong_rate = symptoms.calibration_z.abs() > 6.0;
                assert!(
                    lower_auc || wrong_rate,
                    "{fault:?}, seed {seed}: {symptoms:?}"
                );
            }
            let healthy = Symptoms::of(None, &mut RandomState::seed(seed))?;
            assert!((healthy.offline_auc - healthy.production_auc).abs() < 0.04);
        }
        Ok(())
    }

    #[test]
    fn symptoms_mislead_who_looks_in_the_wrong_order() -> Result<()> {
        let of = |fault| Symptoms::of(Some(fault), &mut RandomState::seed(3));
        let skew = of(PipelineFault::Skew)?;
        assert!(
            skew.domain_auc > 0.65 && skew.calibration_z.abs() > 6.0,
            "{skew:?}"
        );
        let shared = of(PipelineFault::SharedRows)?;
        assert!(shared.offline_auc - shared.fresh_auc > 0.05, "{shared:?}");
        // The boundary moved and the ranking is kept: the AUC need not show a concept shift.
        let concept = of(PipelineFault::ConceptShift)?;
        assert!(
            (concept.production_auc - concept.offline_auc).abs() < 0.07,
            "{concept:?}"
        );
        Ok(())
    }
}
