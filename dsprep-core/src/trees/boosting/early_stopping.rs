//! When to stop adding trees: the loss on rows that are not fitted.

use super::gaps::Columns;
use crate::Result;
use crate::trees::ensemble::Ensemble;
use ndarray::{Array1, Array2, ArrayRef2};

/// Rows that are not fitted, the loss of one of them at a score, and for how many trees it may fail to fall.
pub(super) type Validation<'a> = (&'a ArrayRef2<f64>, Loss<'a>, usize);

type Loss<'a> = &'a dyn Fn(usize, f64) -> f64;

/// The loss after each tree, and where it was lowest.
pub(super) struct Watch<'a> {
    x: Array2<f64>,
    scores: Array1<f64>,
    loss: Loss<'a>,
    patience: usize,
    lowest: f64,
    best_trees: usize,
}

impl<'a> Watch<'a> {
    /// Begins with the loss at the score `base`, without any trees.
    pub(super) fn over(
        validation: Option<Validation<'a>>,
        columns: &Columns,
        base: f64,
    ) -> Result<Option<Self>> {
        let Some((x, loss, patience)) = validation else {
            return Ok(None);
        };
        columns.check(x)?;
        let mut watch = Watch {
            x: columns.of(x)?.into_owned(),
            scores: Array1::from_elem(x.nrows(), base),
            loss,
            patience,
            lowest: 0.0,
            best_trees: 0,
        };
        watch.lowest = watch.mean_loss();
        Ok(Some(watch))
    }

    /// Looks at the tree grown last; whether enough have been added in vain.
    pub(super) fn is_over(&mut self, ensemble: &Ensemble) -> bool {
        let tree = ensemble.trees() - 1;
        for (row, score) in self.x.rows().into_iter().zip(&mut self.scores) {
            if let Some(row) = row.to_slice() {
                *score += ensemble.values(ensemble.leaf(tree, row))[0];
            }
        }
        let loss = self.mean_loss();
        if loss < self.lowest {
            (self.lowest, self.best_trees) = (loss, ensemble.trees());
        }
        ensemble.trees() - self.best_trees >= self.patience
    }

    pub(super) fn best_trees(&self) -> usize {
        self.best_trees
    }

    fn mean_loss(&self) -> f64 {
        let losses = self
            .scores
            .iter()
            .enumerate()
            .map(|(row, &score)| (self.loss)(row, score));
        losses.sum::<f64>() / self.scores.len() as f64
    }
}

/// The log loss of a label, 0 or 1, at log odds.
pub(super) fn log_loss_of(label: usize, score: f64) -> f64 {
    let margin = if label == 1 { score } else { -score };
    (-margin.abs()).exp().ln_1p() + (-margin).max(0.0)
}

#[cfg(test)]
mod tests {
    use crate::Result;
    use crate::random::RandomState;
    use crate::trees::GradientBoosting;
    use ndarray::{Array1, array, s};

    #[test]
    fn the_trees_up_to_the_lowest_validation_loss_are_kept() -> Result<()> {
        let mut rng = RandomState::seed(14);
        let x = rng.randn((300, 3))?;
        let y = &x.column(0) + &rng.randn(300)?;
        let labels = y.mapv(|y| usize::from(y > 0.0));
        let (x_new, y_new, labels_new) = (
            x.slice(s![200.., ..]),
            y.slice(s![200..]),
            labels.slice(s![200..]),
        );
        let (x, y, labels) = (
            x.slice(s![..200, ..]),
            y.slice(s![..200]),
            labels.slice(s![..200]),
        );
        let lowest = |losses: &Array1<f64>| {
            let better = |best: usize, at: usize| if losses[at] < losses[best] { at } else { best };
            (0..losses.len()).fold(0, better)
        };

        let boosting = GradientBoosting::regressor().trees(60);
        let all = boosting.fit(&x, &y)?;
        let kept = boosting.fit_with_validation(&x, &y, (&x_new, &y_new), 60)?;
        let losses = all.staged_mean_squared_error(&x_new, &y_new)?;
        assert_eq!(kept.trees(), lowest(&losses));
        assert_eq!(
            kept,
            GradientBoosting::regressor()
                .trees(kept.trees())
                .fit(&x, &y)?
        );

        let boosting = GradientBoosting::classifier().trees(60);
        let losses = boosting
            .fit(&x, &labels)?
            .staged_log_loss(&x_new, &labels_new)?;
        let kept = boosting.fit_with_validation(&x, &labels, (&x_new, &labels_new), 60)?;
        assert_eq!(kept.log_odds().trees(), lowest(&losses));
        // With little patience the search ends at the first minimum that lasts so long.
        let first = (0..60).find(|&at| losses[at + 1] >= losses[at]).unwrap();
        let hasty = boosting.fit_with_validation(&x, &labels, (&x_new, &labels_new), 1)?;
        assert_eq!(hasty.log_odds().trees(), first);
        Ok(())
    }

    /// `HistGradientBoostingRegressor` and `...Classifier` of scikit-learn 1.9.1 with `X_val`, `y_val`: their losses without any
    /// trees, with 1, 10 and 60, and the trees that a patience of 1, 5 and 60 keeps. `tests/peers/resampling.py`.
    #[test]
    fn losses_and_trees_kept_equal_scikit_learns() -> Result<()> {
        let mut rng = RandomState::seed(14);
        let x = rng
            .randn((500, 3))?
            .mapv(|z| (2.0 * z).round_ties_even() / 2.0);
        let y = &x.column(0) + &rng.randn(500)?;
        let labels = y.mapv(|y| usize::from(y > 0.0));
        let (x_new, y_new) = (x.slice(s![300.., ..]), y.slice(s![300..]));
        let labels_new = labels.slice(s![300..]);
        let (x, y) = (x.slice(s![..300, ..]), y.slice(s![..300]));
        let labels = labels.slice(s![..300]);
        let at = |losses: &Array1<f64>| [0, 1, 10, 60].map(|trees| losses[trees]);
        let close = |found: [f64; 4], expected: [f64; 4]| {
            let pairs = found.iter().zip(&expected);
            let apart = pairs.fold(0.0_f64, |most, (a, b)| most.max((a - b).abs()));
            assert!(apart < 1e-9, "{found:?} {expected:?}");
        };

        let boosting = GradientBoosting::regressor().trees(60);
        close(
            at(&boosting
                .fit(&x, &y)?
                .staged_mean_squared_error(&x_new, &y_new)?),
            [
                2.3298305792169436,
                2.126002959986956,
                1.3159129051857408,
                1.192982839781962,
            ],
        );
        for (patience, trees) in [(1, 21), (5, 25), (60, 37)] {
            let kept = boosting.fit_with_validation(&x, &y, (&x_new, &y_new), patience)?;
            assert_eq!(kept.trees(), trees, "{patience}");
        }
        let boosting = GradientBoosting::classifier().trees(60);
        let all = boosting.fit(&x, &labels)?;
        close(
            at(&all.staged_log_loss(&x_new, &labels_new)?),
            [
                0.6988610440172323,
                0.6689280051484601,
                0.5435082133259109,
                0.5060906819102697,
            ],
        );
        for (patience, trees) in [(1, 23), (5, 34), (60, 41)] {
            let new = (&*x_new, &*labels_new);
            let kept = boosting.fit_with_validation(&x, &labels, new, patience)?;
            assert_eq!(kept.log_odds().trees(), trees, "{patience}");
        }
        Ok(())
    }

    #[test]
    fn validation_rows_that_do_not_fit_are_named() {
        let (x, y) = (
            array![[1.0], [2.0], [3.0], [4.0]],
            array![0.0, 1.0, 0.0, 1.0],
        );
        let fit = |x_new: &ndarray::Array2<f64>, y_new: &Array1<f64>, patience| {
            GradientBoosting::regressor().fit_with_validation(&x, &y, (x_new, y_new), patience)
        };
        assert!(fit(&array![[1.0]], &array![0.0], 0).is_err());
        assert!(fit(&array![[1.0, 2.0]], &array![0.0], 3).is_err());
        assert!(fit(&array![[1.0]], &array![0.0, 1.0], 3).is_err());
        assert!(fit(&array![[f64::NAN]], &array![0.0], 3).is_err());
        assert!(fit(&ndarray::Array2::zeros((0, 1)), &array![], 3).is_err());
        let labels = GradientBoosting::classifier().fit_with_validation(
            &x,
            &array![0, 1, 0, 1],
            (&x, &array![0, 1, 0, 2]),
            3,
        );
        assert!(labels.is_err());
    }
}
