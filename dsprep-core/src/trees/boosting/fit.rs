//! How a boosted model is fitted.

use super::bins::Bins;
use super::builder::{GradientBoosting, SplitSearch};
use super::early_stopping::{Validation, Watch, log_loss_of};
use super::exact::ExactGrower;
use super::gaps::Columns;
use super::growth::{Gradient, Grow};
use super::histogram::HistogramGrower;
use super::{BoostedClassifier, BoostedTrees};
use crate::Result;
use crate::checks::{at_least_one, check, number, numbers};
use crate::random::RandomState;
use crate::sigmoid::sigmoid;
use crate::trees::checks::{check_binary, check_length, check_room, check_targets};
use crate::trees::ensemble::Ensemble;
use crate::trees::{Classification, Regression};
use ndarray::{Array1, ArrayRef1, ArrayRef2};

impl<Task> GradientBoosting<Task> {
    /// Adds the trees one by one. `gradients_at` gives the derivatives at the scores.
    fn boost(
        &self,
        x: &ArrayRef2<f64>,
        (base, start): (f64, f64),
        columns: &Columns,
        watch: Option<Watch<'_>>,
        gradients_at: GradientsAt<'_>,
    ) -> Result<BoostedTrees> {
        if watch.is_none() {
            check_room(self.trees, 1, 0)?;
        }
        let x = columns.of(x)?;
        let mut watch = watch;
        let mut grower: Box<dyn Grow + '_> = match self.search {
            SplitSearch::Histogram { bins } => {
                Box::new(HistogramGrower::new(Bins::new(&x, bins), self.limits))
            }
            SplitSearch::Exact => Box::new(ExactGrower::new(&x, self.limits)),
        };
        let mut rng = RandomState::seed(self.seed);
        let mut scores = Array1::from_elem(x.nrows(), start);
        let mut gradients = Vec::with_capacity(x.nrows());
        let mut ensemble = Ensemble::new(x.ncols(), 1);
        let all: Vec<u32> = (0..x.nrows() as u32).collect();
        for _ in 0..self.trees {
            crate::cell::check_interrupt();
            gradients.clear();
            gradients_at(&scores, &mut gradients)?;
            if self.subsample < 1.0 {
                let mut drawn = self.draw(x.nrows(), &mut rng)?;
                let (sample, rest) = drawn.split_at_mut(self.sample_size(x.nrows()));
                sample.sort_unstable();
                grower.grow(sample, &gradients, &mut ensemble);
                for &row in rest.iter() {
                    let tree = ensemble.trees() - 1;
                    let leaf = ensemble.leaf(tree, row_of(&x, row as usize));
                    scores[row as usize] += ensemble.values(leaf)[0];
                }
            } else {
                grower.grow(&all, &gradients, &mut ensemble);
            }
            for (places, value) in grower.leaves() {
                for &row in &grower.rows()[places.clone()] {
                    scores[row as usize] += value;
                }
            }
            numbers("a score", &scores)?;
            if watch.as_mut().is_some_and(|watch| watch.is_over(&ensemble)) {
                break;
            }
        }
        if let Some(watch) = watch {
            ensemble.truncate(watch.best_trees());
        }
        Ok(BoostedTrees::new(base, columns.named(ensemble)))
    }

    fn sample_size(&self, rows: usize) -> usize {
        ((rows as f64 * self.subsample).round() as usize).max(1)
    }

    fn draw(&self, rows: usize, rng: &mut RandomState) -> Result<Vec<u32>> {
        let order = rng.order_of(rows);
        Ok(order.iter().map(|&row| row as u32).collect())
    }
}

/// Rows and their targets.
type Examples<'a> = (&'a ArrayRef2<f64>, &'a ArrayRef1<f64>);

impl GradientBoosting<Classification> {
    /// For labels 0 and 1, by the log loss: −y ln p − (1 − y) ln(1 − p), p = σ(F), whose derivatives
    /// by F are p − y and p (1 − p).
    pub fn classifier() -> Self {
        Self::new()
    }

    /// Fits to `x` (rows × features) and `y` (labels, 0 or 1). The scores begin at the log odds of
    /// class 1. O(trees · depth · rows · features) with histograms.
    ///
    /// # Errors
    /// [`Error::Empty`](crate::Error::Empty) without rows or columns;
    /// [`Error::Shape`](crate::Error::Shape) if the number of labels is not that of the rows;
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) if a value is NaN or infinite, or a label or a
    /// setting is not valid; [`Error::Undefined`](crate::Error::Undefined) with one class only.
    pub fn fit(&self, x: &ArrayRef2<f64>, y: &ArrayRef1<usize>) -> Result<BoostedClassifier> {
        self.fitted(x, y, None)
    }

    /// [`fit`](Self::fit) that ends when the log loss on `validation`, (rows × features, labels), has not fallen for `patience`
    /// trees, and keeps the trees up to where it was lowest: [`trees`](Self::trees) says how many there may be. The validation rows
    /// have then had a say in the model; measure it on others.
    ///
    /// # Errors
    /// As [`fit`](Self::fit), for the validation rows too; also if `patience` is 0.
    ///
    /// # Examples
    /// ```
    /// use dsprep_core::{ndarray::s, random::RandomState, trees::GradientBoosting};
    /// let mut rng = RandomState::seed(1);
    /// let x = rng.randn((400, 3))?;
    /// let y = (&x.column(0) + &rng.randn(400)?).mapv(|z| usize::from(z > 0.0));
    /// let (x_new, y_new) = (x.slice(s![300.., ..]), y.slice(s![300..]));
    /// let model = GradientBoosting::classifier()
    ///     .trees(500)
    ///     .fit_with_validation(&x.slice(s![..300, ..]), &y.slice(s![..300]), (&x_new, &y_new), 10)?;
    /// assert!(model.log_odds().trees() < 100);
    /// # Ok::<(), dsprep_core::Error>(())
    /// ```
    pub fn fit_with_validation(
        &self,
        x: &ArrayRef2<f64>,
        y: &ArrayRef1<usize>,
        validation: (&ArrayRef2<f64>, &ArrayRef1<usize>),
        patience: usize,
    ) -> Result<BoostedClassifier> {
        at_least_one("`patience`", patience)?;
        let labels = validation.1;
        check_length("the validation labels", labels.len(), validation.0.nrows())?;
        crate::evaluate::binary("y", labels)?;
        let loss = |row: usize, score: f64| log_loss_of(labels[row], score);
        self.fitted(x, y, Some((validation.0, &loss, patience)))
    }

    fn fitted(
        &self,
        x: &ArrayRef2<f64>,
        y: &ArrayRef1<usize>,
        validation: Option<Validation<'_>>,
    ) -> Result<BoostedClassifier> {
        self.check()?;
        let columns = self.columns(x)?;
        check_binary(y, x.nrows())?;
        let positives = y.sum() as f64;
        let base = (positives / (y.len() as f64 - positives)).ln();
        let watch = Watch::over(validation, &columns, base)?;
        let trees = self.boost(
            x,
            (base, base),
            &columns,
            watch,
            &mut |scores, gradients| {
                gradients.extend(scores.iter().zip(y).map(|(&score, &label)| {
                    let p = sigmoid(score);
                    [p - label as f64, p * (1.0 - p)]
                }));
                Ok(())
            },
        )?;
        Ok(BoostedClassifier::new(trees))
    }
}

impl GradientBoosting<Regression> {
    /// For numbers, by the squared loss ½ (y − F)², whose derivatives by F are F − y and 1; or, in
    /// [`fit_gradients`](Self::fit_gradients), by any loss.
    pub fn regressor() -> Self {
        Self::new()
    }

    /// Fits to `x` (rows × features) and `y` (a number for each row). The scores begin at the mean
    /// of `y`. O(trees · depth · rows · features) with histograms.
    ///
    /// # Errors
    /// [`Error::Empty`](crate::Error::Empty) without rows or columns;
    /// [`Error::Shape`](crate::Error::Shape) if the number of targets is not that of the rows;
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) if a value is NaN or infinite, or a setting is
    /// not valid; [`Error::Undefined`](crate::Error::Undefined) if the squares of `y`
    /// overflow or underflow.
    ///
    /// # Examples
    /// ```
    /// use dsprep_core::{ndarray::{Array1, Array2}, trees::GradientBoosting};
    /// let x = Array2::from_shape_fn((100, 1), |(i, _)| i as f64);
    /// let y = Array1::from_shape_fn(100, |i| if i < 50 { -1.0 } else { 3.0 });
    /// let model = GradientBoosting::regressor().l2(0.0).fit(&x, &y)?;
    /// // After m trees, a share of 0.9^m of the error is left.
    /// assert!((model.predict_row(&[70.0])? - (3.0 - 2.0 * 0.9_f64.powi(100))).abs() < 1e-12);
    /// # Ok::<(), dsprep_core::Error>(())
    /// ```
    pub fn fit(&self, x: &ArrayRef2<f64>, y: &ArrayRef1<f64>) -> Result<BoostedTrees> {
        self.fitted(x, y, None)
    }

    /// [`fit`](Self::fit) that ends when the mean squared error on `validation`, (rows × features, targets), has not fallen for
    /// `patience` trees, and keeps the trees up to where it was lowest.
    ///
    /// # Errors
    /// As [`fit`](Self::fit), for the validation rows too; also if `patience` is 0.
    pub fn fit_with_validation(
        &self,
        x: &ArrayRef2<f64>,
        y: &ArrayRef1<f64>,
        validation: (&ArrayRef2<f64>, &ArrayRef1<f64>),
        patience: usize,
    ) -> Result<BoostedTrees> {
        at_least_one("`patience`", patience)?;
        check_targets(validation.1, validation.0.nrows())?;
        self.fitted(x, y, Some((validation, patience)))
    }

    fn fitted(
        &self,
        x: &ArrayRef2<f64>,
        y: &ArrayRef1<f64>,
        validation: Option<(Examples<'_>, usize)>,
    ) -> Result<BoostedTrees> {
        self.check()?;
        let columns = self.columns(x)?;
        check_targets(y, x.nrows())?;
        let base = y.sum() / y.len() as f64;
        // Measured from the mean: beside a large one, the steps would be lost to rounding.
        let y = y.mapv(|y| y - base);
        let loss = |row: usize, score: f64| match validation {
            Some(((_, targets), _)) => (targets[row] - base - score).powi(2),
            None => 0.0,
        };
        let validation =
            validation.map(|((x, _), patience)| (x, &loss as &dyn Fn(_, _) -> _, patience));
        let watch = Watch::over(validation, &columns, 0.0)?;
        self.boost(x, (base, 0.0), &columns, watch, &mut |scores, gradients| {
            gradients.extend(scores.iter().zip(&y).map(|(score, y)| [score - y, 1.0]));
            Ok(())
        })
    }

    /// Fits to `x` (rows × features) by a loss of your own. `derivatives` takes the scores (rows),
    /// which begin at 0, and returns the first and second derivatives of the loss by each score.
    ///
    /// So a ranker is trained: LambdaMART is these trees on the gradients of pairs (Burges, "From
    /// RankNet to LambdaRank to LambdaMART", 2010).
    ///
    /// # Errors
    /// As [`fit`](Self::fit); also if a derivative is NaN or infinite or a second derivative is
    /// negative.
    ///
    /// # Examples
    /// ```
    /// use dsprep_core::{ndarray::{Array1, array}, trees::GradientBoosting};
    /// // The absolute loss: the sign of the error, and 1 in place of the second derivative, which is 0.
    /// let (x, y) = (array![[1.0], [2.0], [3.0], [4.0]], array![0.0, 0.0, 8.0, 8.0]);
    /// let model = GradientBoosting::regressor().min_leaf(1).fit_gradients(&x, |scores| {
    ///     ((scores - &y).mapv(f64::signum), Array1::ones(4))
    /// })?;
    /// assert!(model.predict_row(&[4.0])? > 5.0);
    /// # Ok::<(), dsprep_core::Error>(())
    /// ```
    pub fn fit_gradients(
        &self,
        x: &ArrayRef2<f64>,
        mut derivatives: impl FnMut(&Array1<f64>) -> (Array1<f64>, Array1<f64>),
    ) -> Result<BoostedTrees> {
        self.check()?;
        let columns = self.columns(x)?;
        self.boost(x, (0.0, 0.0), &columns, None, &mut |scores, gradients| {
            let (first, second) = derivatives(scores);
            check_length("the first derivative", first.len(), scores.len())?;
            check_length("the second derivative", second.len(), scores.len())?;
            let sum: f64 = first.iter().map(|first| first.abs()).sum();
            for (row, (&first, &second)) in first.iter().zip(&second).enumerate() {
                let what = |order: &str| format!("the {order} derivative at row {row}");
                check(&what("first"), first, first.is_finite(), "a finite number")?;
                let holds = second >= 0.0 && second.is_finite();
                check(&what("second"), second, holds, "finite and not negative")?;
                gradients.push([first, second]);
            }
            // What a split compares.
            number("the square of the derivatives' sum", sum * sum)?;
            Ok(())
        })
    }
}

/// What gives the derivatives at the scores.
type GradientsAt<'a> = &'a mut dyn FnMut(&Array1<f64>, &mut Vec<Gradient>) -> Result<()>;

/// The row of a matrix in row-major order.
fn row_of(x: &ArrayRef2<f64>, row: usize) -> &[f64] {
    x.as_slice()
        .map_or(&[], |all| &all[row * x.ncols()..(row + 1) * x.ncols()])
}
