//! Transfer learning that really transfers (question 21).
//!
//! Inputs are points of 16 normal dimensions, and only a plane in them matters. The source task tells in
//! which of eight sectors of the plane a point lies, with plenty of examples. The target task has two
//! classes, opposite quadrants against the others (XOR), turned so that its borders are nobody's borders
//! in the source task, with few examples. Who starts from scratch has to find the plane first; who has
//! learned the source task knows it.
//!
//! `similarity` is the cosine of the angle between the two planes: 1 is the same plane, 0 another one, for
//! which the learned features are useless and freezing them does harm (negative transfer).
//!
//! After Yosinski, Clune, Bengio and Lipson, "How transferable are features in deep neural networks?",
//! 2014, in the small.

use super::activation::Activation;
use super::initial::InitialWeights;
use super::layer::Layer;
use super::loss::Loss;
use super::mlp::Mlp;
use super::mlp_checks::check_target;
use super::optimizer::Optimizer;
use crate::checks::room_for;
use crate::random::RandomState;
use crate::{Error, Result};
use ndarray::{Array1, Array2, Zip};
use std::f64::consts::PI;

const INPUTS: usize = 16;
const SECTORS: usize = 8;
const HIDDEN: usize = 32;
/// How many layers are taken over from the source task: all but the head.
const FEATURES: usize = 2;
const SOURCE_ROWS: usize = 3000;
const TEST_ROWS: usize = 1000;

/// Rows and their classes.
#[derive(Debug, Clone, PartialEq)]
pub struct TaskExamples {
    /// The inputs, rows×16.
    pub x: Array2<f64>,
    /// A 1 in the column of the class, 0 elsewhere; rows×classes.
    pub target: Array2<f64>,
}

/// How a network for the target task starts, and what is trained.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TransferStrategy {
    /// Random weights, all trained.
    Scratch,
    /// The source task's features, frozen; only the new head is trained.
    Frozen,
    /// The source task's features to start with; all is trained, at a lower rate.
    FineTuned,
}

/// The accuracy on the target task over the number of its examples.
#[derive(Debug, Clone, PartialEq)]
pub struct TransferCurves {
    /// The numbers of target examples.
    pub sizes: Vec<usize>,
    /// The mean test accuracy from scratch, from 0 to 1, one for each size.
    pub scratch: Vec<f64>,
    /// With frozen features.
    pub frozen: Vec<f64>,
    /// With fine-tuned features.
    pub fine_tuned: Vec<f64>,
}

/// `rows` examples of the source task: which of eight sectors of the plane of the first two inputs?
///
/// # Errors
/// [`Error::OutOfRange`] if memory can't hold so many.
///
/// # Examples
/// ```
/// use dsprep_core::{neural::source_task, random::RandomState};
/// let examples = source_task(5, &mut RandomState::seed(1))?;
/// assert_eq!((examples.x.dim(), examples.target.dim()), ((5, 16), (5, 8)));
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn source_task(rows: usize, rng: &mut RandomState) -> Result<TaskExamples> {
    room_for("`rows`", rows, 2 * INPUTS)?;
    let x = rng.randn((rows, INPUTS))?;
    let sector = |row: usize| {
        let angle = x[[row, 1]].atan2(x[[row, 0]]) + PI;
        (angle / (2.0 * PI) * SECTORS as f64) as usize % SECTORS
    };
    let target = one_hot((0..rows).map(sector).collect(), SECTORS);
    Ok(TaskExamples { x, target })
}

/// `rows` examples of the target task: is the point, turned by 22.5°, in the first or third quadrant of a
/// plane at the cosine `similarity` to that of the source task?
///
/// # Errors
/// [`Error::OutOfRange`] if `similarity` is not between 0 and 1, or memory can't hold so many rows.
///
/// # Examples
/// ```
/// use dsprep_core::{neural::target_task, random::RandomState};
/// let examples = target_task(5, 1.0, &mut RandomState::seed(1))?;
/// assert_eq!((examples.x.dim(), examples.target.dim()), ((5, 16), (5, 2)));
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn target_task(rows: usize, similarity: f64, rng: &mut RandomState) -> Result<TaskExamples> {
    if !(0.0..=1.0).contains(&similarity) {
        return Err(Error::OutOfRange {
            what: "`similarity`".to_owned(),
            found: similarity.to_string(),
            expected: "between 0 (unrelated) and 1 (the same plane)",
        });
    }
    room_for("`rows`", rows, 2 * INPUTS)?;
    let x = rng.randn((rows, INPUTS))?;
    let other = (1.0 - similarity * similarity).sqrt();
    let (sin, cos) = (PI / 8.0).sin_cos();
    let class = |row: usize| {
        let along = |axis: usize| similarity * x[[row, axis]] + other * x[[row, axis + 2]];
        let (u, v) = (along(0), along(1));
        usize::from((u * cos - v * sin) * (u * sin + v * cos) > 0.0)
    };
    let target = one_hot((0..rows).map(class).collect(), 2);
    Ok(TaskExamples { x, target })
}

/// A network that has learned the source task, on 3000 examples; about 92 % accurate on others.
///
/// # Errors
/// [`Error::NotConverged`] if the loss does not stay finite.
pub fn pretrain(rng: &mut RandomState) -> Result<Mlp> {
    let examples = source_task(SOURCE_ROWS, rng)?;
    let mut network = new_network(SECTORS, rng)?;
    let mut adam = Optimizer::adam(0.005)?;
    network.train_in_batches(&examples.x, &examples.target, &mut adam, 25, 50, rng)?;
    Ok(network)
}

/// A network for the target task, trained on `examples` by `strategy`, beginning with `pretrained`.
///
/// With [`TransferStrategy::Frozen`] all layers but the head are bit for bit those of `pretrained`.
///
/// # Errors
/// As [`Mlp::train`]; [`Error::OutOfRange`] if `pretrained` has fewer than three layers.
///
/// # Examples
/// ```
/// use dsprep_core::neural::{TransferStrategy, pretrain, target_task, transfer};
/// use dsprep_core::random::RandomState;
///
/// let mut rng = RandomState::seed(2);
/// let pretrained = pretrain(&mut rng)?;
/// let examples = target_task(40, 1.0, &mut rng)?;
/// let network = transfer(&pretrained, &examples, TransferStrategy::Frozen, &mut rng)?;
/// assert_eq!(network.layers()[0].weights, pretrained.layers()[0].weights);
/// assert_eq!(network.trainable_parameters(), 32 * 2 + 2);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn transfer(
    pretrained: &Mlp,
    examples: &TaskExamples,
    strategy: TransferStrategy,
    rng: &mut RandomState,
) -> Result<Mlp> {
    let classes = examples.target.ncols();
    let mut network = match strategy {
        TransferStrategy::Scratch => new_network(classes, rng)?,
        TransferStrategy::Frozen | TransferStrategy::FineTuned => {
            let mut network = pretrained.clone();
            let weights = InitialWeights::Glorot.draw(HIDDEN, classes, rng)?;
            network.replace_head(Layer::new(
                weights,
                Array1::zeros(classes),
                Activation::Softmax,
            ))?;
            network
        }
    };
    let rate = match strategy {
        TransferStrategy::Scratch => 0.01,
        TransferStrategy::Frozen => {
            network.freeze_first(FEATURES)?;
            0.01
        }
        TransferStrategy::FineTuned => 0.003,
    };
    network.train(
        &examples.x,
        &examples.target,
        &mut Optimizer::adam(rate)?,
        150,
    )?;
    Ok(network)
}

/// The share of `examples` whose most probable class is the right one, from 0 to 1.
///
/// # Errors
/// As [`Mlp::loss`].
pub fn transfer_accuracy(network: &Mlp, examples: &TaskExamples) -> Result<f64> {
    let predicted = network.predict(&examples.x)?;
    check_target(&examples.target, predicted.dim())?;
    let mut right = 0;
    Zip::from(predicted.rows())
        .and(examples.target.rows())
        .for_each(|p, y| right += usize::from(largest_at(&p.to_vec()) == largest_at(&y.to_vec())));
    Ok(right as f64 / predicted.nrows() as f64)
}

/// Pretrains once, and for each of `sizes` learns the target task in all three ways from that many
/// examples, `repeats` times with other examples; measured on 1000 new ones.
///
/// One to two seconds for six sizes up to 320 and five repeats.
///
/// # Errors
/// [`Error::OutOfRange`] if `similarity` is not between 0 and 1, `repeats` is 0 or a size is 0.
///
/// # Examples
/// ```
/// use dsprep_core::{neural::transfer_curves, random::RandomState};
/// let curves = transfer_curves(1.0, &[40], 2, &mut RandomState::seed(0))?;
/// assert!(curves.frozen[0] > curves.scratch[0] + 0.1);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn transfer_curves(
    similarity: f64,
    sizes: &[usize],
    repeats: usize,
    rng: &mut RandomState,
) -> Result<TransferCurves> {
    check_counts(sizes, repeats)?;
    let pretrained = pretrain(rng)?;
    let test = target_task(TEST_ROWS, similarity, rng)?;
    let mut curves = TransferCurves {
        sizes: sizes.to_vec(),
        scratch: Vec::new(),
        frozen: Vec::new(),
        fine_tuned: Vec::new(),
    };
    for &size in sizes {
        let mut sums = [0.0; 3];
        for _ in 0..repeats {
            crate::cell::check_interrupt();
            let examples = target_task(size, similarity, rng)?;
            let strategies = [
                TransferStrategy::Scratch,
                TransferStrategy::Frozen,
                TransferStrategy::FineTuned,
            ];
            for (sum, strategy) in sums.iter_mut().zip(strategies) {
                let network = transfer(&pretrained, &examples, strategy, rng)?;
                *sum += transfer_accuracy(&network, &test)?;
            }
        }
        let [scratch, frozen, fine_tuned] = sums.map(|sum| sum / repeats as f64);
        curves.scratch.push(scratch);
        curves.frozen.push(frozen);
        curves.fine_tuned.push(fine_tuned);
    }
    Ok(curves)
}

fn new_network(classes: usize, rng: &mut RandomState) -> Result<Mlp> {
    let sizes = [INPUTS, HIDDEN, HIDDEN, classes];
    let (hidden, output) = (Activation::Relu, Activation::Softmax);
    Mlp::new(
        &sizes,
        hidden,
        output,
        Loss::CrossEntropy,
        InitialWeights::He,
        rng,
    )
}

fn one_hot(classes: Vec<usize>, number: usize) -> Array2<f64> {
    Array2::from_shape_fn((classes.len(), number), |(row, class)| {
        f64::from(u8::from(classes[row] == class))
    })
}

fn largest_at(values: &[f64]) -> Option<usize> {
    (0..values.len()).max_by(|&a, &b| values[a].total_cmp(&values[b]))
}

fn check_counts(sizes: &[usize], repeats: usize) -> Result<()> {
    let zero_size = sizes.contains(&0).then_some("a size");
    match zero_size.or((repeats == 0).then_some("`repeats`")) {
        None => Ok(()),
        Some(what) => Err(Error::OutOfRange {
            what: what.to_owned(),
            found: "0".to_owned(),
            expected: "at least 1",
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_source_task_is_learned() -> Result<()> {
        let mut rng = RandomState::seed(0);
        let network = pretrain(&mut rng)?;
        let accuracy = transfer_accuracy(&network, &source_task(TEST_ROWS, &mut rng)?)?;
        assert!(accuracy > 0.9, "{accuracy}");
        Ok(())
    }

    #[test]
    fn frozen_features_are_bit_for_bit_the_same_afterwards_and_fine_tuned_ones_are_not()
    -> Result<()> {
        let mut rng = RandomState::seed(5);
        let pretrained = pretrain(&mut rng)?;
        let examples = target_task(30, 1.0, &mut rng)?;
        let bits = |network: &Mlp| -> Vec<u64> {
            let features = network.layers()[..FEATURES].iter();
            let numbers = features.flat_map(|layer| layer.weights.iter().chain(&layer.bias));
            numbers.map(|number| number.to_bits()).collect()
        };
        let frozen = transfer(&pretrained, &examples, TransferStrategy::Frozen, &mut rng)?;
        let tuned = transfer(
            &pretrained,
            &examples,
            TransferStrategy::FineTuned,
            &mut rng,
        )?;
        assert_eq!(bits(&frozen), bits(&pretrained));
        assert_ne!(bits(&tuned), bits(&pretrained));
        assert_eq!(frozen.trainable_parameters(), 32 * 2 + 2);
        assert_eq!(tuned.trainable_parameters(), tuned.parameters());
        assert_eq!(tuned.parameters(), 16 * 32 + 32 + 32 * 32 + 32 + 32 * 2 + 2);
        Ok(())
    }

    #[test]
    fn with_few_examples_of_a_similar_task_transfer_wins() -> Result<()> {
        let curves = transfer_curves(1.0, &[40, 320], 3, &mut RandomState::seed(0))?;
        assert!(curves.frozen[0] > curves.fine_tuned[0] + 0.03, "{curves:?}");
        assert!(curves.fine_tuned[0] > curves.scratch[0] + 0.1, "{curves:?}");
        let lead = |at: usize| curves.frozen[at] - curves.scratch[at];
        assert!(lead(0) > lead(1));
        Ok(())
    }

    #[test]
    fn an_unrelated_source_task_does_harm() -> Result<()> {
        let curves = transfer_curves(0.0, &[320], 3, &mut RandomState::seed(0))?;
        assert!(
            curves.scratch[0] > curves.fine_tuned[0] + 0.05,
            "{curves:?}"
        );
        assert!((curves.frozen[0] - 0.5).abs() < 0.05, "{curves:?}");
        Ok(())
    }

    #[test]
    fn the_same_seed_gives_the_same_curves() -> Result<()> {
        let run = || transfer_curves(0.5, &[10], 1, &mut RandomState::seed(7));
        assert_eq!(run()?, run()?);
        Ok(())
    }

    #[test]
    fn what_is_out_of_range_is_named() {
        let message = |result: Result<TransferCurves>| result.unwrap_err().to_string();
        assert!(
            message(transfer_curves(1.5, &[10], 1, &mut RandomState::seed(0)))
                .contains("`similarity` is 1.5")
        );
        assert!(
            message(transfer_curves(1.0, &[10, 0], 1, &mut RandomState::seed(0)))
                .starts_with("a size is 0")
        );
        assert!(
            message(transfer_curves(1.0, &[10], 0, &mut RandomState::seed(0)))
                .starts_with("`repeats` is 0")
        );
    }
}
