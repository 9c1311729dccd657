//! The loss of a two-tower model, over the items of a batch.

use crate::neural::row_weights;
use ndarray::{Array2, ArrayRef1, ArrayRef2};

/// The mean loss of a batch, and its gradients.
pub(super) struct BatchLoss {
    pub(super) loss: f64,
    /// With respect to the users' vectors (b×d).
    pub(super) users: Array2<f64>,
    /// With respect to the items' vectors (b×d).
    pub(super) items: Array2<f64>,
}

/// Each user of a batch should prefer the item of their own row to those of the other rows.
///
/// An item is in a batch as often as it is popular. To subtract `log_q`, the logarithm of how often, from
/// the scores makes the softmax over the batch an estimate of the softmax over all items; without it,
/// popular items are pushed down for being popular (Bengio and Senécal, "Adaptive importance sampling to
/// accelerate training of a neural probabilistic language model", 2008; Yi et al., "Sampling-bias-corrected
/// neural modeling for large corpus item recommendations", 2019). An item that is in the batch twice is
/// not held against itself.
pub(super) fn sampled_softmax(
    users: &ArrayRef2<f64>,
    items: &ArrayRef2<f64>,
    item_numbers: &[usize],
    log_q: &ArrayRef1<f64>,
) -> BatchLoss {
    let size = users.nrows();
    let mut logits = users.dot(&items.t()) - log_q;
    for ((row, column), logit) in logits.indexed_iter_mut() {
        if row != column && item_numbers[row] == item_numbers[column] {
            *logit = f64::NEG_INFINITY;
        }
    }
    let mut gradient = row_weights(&logits);
    let mut loss = 0.0;
    for row in 0..size {
        loss -= gradient[[row, row]].max(f64::MIN_POSITIVE).ln();
        gradient[[row, row]] -= 1.0;
    }
    gradient /= size as f64;
    BatchLoss {
        loss: loss / size as f64,
        users: gradient.dot(items),
        items: gradient.t().dot(users),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::RandomState;
    use ndarray::{Array1, array};

    #[test]
    fn gradients_agree_with_finite_differences() {
        let mut rng = RandomState::seed(2);
        let (users, items) = (rng.randn((5, 3)).unwrap(), rng.randn((5, 3)).unwrap());
        let (numbers, log_q) = ([4, 1, 4, 0, 2], rng.randn(5).unwrap());
        let loss = |u: &Array2<f64>, v: &Array2<f64>| sampled_softmax(u, v, &numbers, &log_q);
        let ours = loss(&users, &items);
        let step = 1e-6;
        for at in [[0, 0], [2, 1], [4, 2]] {
            let moved = |matrix: &Array2<f64>, by: f64| {
                let mut moved = matrix.clone();
                moved[at] += by;
                moved
            };
            let difference = |up: BatchLoss, down: BatchLoss| (up.loss - down.loss) / (2.0 * step);
            let by_user = difference(
                loss(&moved(&users, step), &items),
                loss(&moved(&users, -step), &items),
            );
            let by_item = difference(
                loss(&users, &moved(&items, step)),
                loss(&users, &moved(&items, -step)),
            );
            assert!((by_user - ours.users[at]).abs() < 1e-8);
            assert!((by_item - ours.items[at]).abs() < 1e-8);
        }
    }

    #[test]
    fn an_item_is_not_held_against_itself_and_log_q_is_subtracted() {
        let (users, items) = (array![[0.0], [0.0]], array![[1.0], [1.0]]);
        let same = sampled_softmax(&users, &items, &[3, 3], &Array1::zeros(2));
        assert_eq!(same.loss, 0.0);
        let log_q = array![0.75_f64.ln(), 0.25_f64.ln()];
        let two = sampled_softmax(&users, &items, &[3, 4], &log_q);
        // Scores 1/0.75 and 1/0.25: the shares are 1/4 and 3/4.
        let expected = -(0.25_f64.ln() + 0.75_f64.ln()) / 2.0;
        assert!((two.loss - expected).abs() < 1e-12);
    }
}
