//! Bias and variance, by training again and again (reference card).
//!
//! For y = f(x) + ε and a model f̂ trained on random data, the expected squared error at x is
//!
//! E (y − f̂(x))² = (E f̂(x) − f(x))² + Var f̂(x) + Var ε: bias² + variance + noise.
//!
//! Here f is known, so all three can be measured: the model is trained on many data sets, and its
//! predictions at fixed points are compared with f and with each other. After Geman, Bienenstock and
//! Doursat, "Neural networks and the bias/variance dilemma", 1992, and Bishop, "Pattern recognition and
//! machine learning", 2006, section 3.2.

use crate::checks::{at_least_one, finite, not_negative, numbers, room_for};
use crate::error::count;
use crate::random::RandomState;
use crate::{Error, Result};
use ndarray::{Array1, Array2, Axis};

/// At how many points a model is looked at.
const POINTS: usize = 50;

/// The data that are drawn: `rows` points with x equally spaced in (0, 1) and y = truth(x) + normal
/// noise. The x are the same in each training set: with random x, a model that underfits would have some
/// of its bias counted as variance, since it depends on where the points happen to lie.
#[derive(Debug, Clone, Copy)]
pub struct NoisyFunction {
    /// f.
    pub truth: fn(f64) -> f64,
    /// The standard deviation of the noise.
    pub noise: f64,
    /// How many points a training set has.
    pub rows: usize,
}

impl NoisyFunction {
    /// Draws a training set: x and y.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] if the noise is negative or not finite, there are no rows, or f is not a finite number at one
    /// of the points.
    pub fn draw(&self, rng: &mut RandomState) -> Result<(Array1<f64>, Array1<f64>)> {
        self.check()?;
        let x = equally_spaced(self.rows);
        let truth = x.mapv(self.truth);
        finite("truth", &truth)?;
        let y = truth + &rng.normal(0.0, self.noise, self.rows)?;
        Ok((x, y))
    }

    fn check(&self) -> Result<()> {
        at_least_one("`rows`", self.rows)?;
        room_for("`rows`", self.rows, 3)?;
        not_negative("`noise`", self.noise)
    }
}

/// The parts of the expected squared error, in the unit of y², as means over the points.
#[derive(Debug, Clone, PartialEq)]
pub struct BiasVariance {
    /// (E f̂ − f)²: what the model can't follow, however many data there are.
    pub bias_squared: f64,
    /// How much the prediction changes from one training set to another.
    pub variance: f64,
    /// Var ε: what no model can foresee.
    pub noise: f64,
    /// The squared error on new noisy values, measured by itself; about the sum of the others.
    pub error: f64,
    /// The points, 50 equally spaced.
    pub points: Array1<f64>,
    /// The predictions, training sets × points.
    pub predictions: Array2<f64>,
}

impl BiasVariance {
    /// bias² + variance + noise.
    pub fn sum(&self) -> f64 {
        self.bias_squared + self.variance + self.noise
    }
}

/// Measures bias and variance of a model from `repeats` training sets. `learn(x, y, points)` trains it on x
/// and y and returns its predictions at the points.
///
/// # Errors
/// As [`NoisyFunction::draw`]; [`Error::OutOfRange`] if there are fewer than two repeats or a prediction is
/// not finite; [`Error::Shape`] if there is not one prediction for each point; and what `learn` returns.
///
/// # Examples
/// ```
/// use dsprep_core::{evaluate::{NoisyFunction, bias_variance}, linear::Polynomial, random::RandomState};
/// let data = NoisyFunction { truth: |x| (6.28 * x).sin(), noise: 0.3, rows: 30 };
/// let of_degree = |degree| {
///     bias_variance(&data, |x, y, points| {
///         Polynomial::fit(x, y, degree)?.predict(points)
///     }, 100, &mut RandomState::seed(1))
/// };
/// let (line, quintic) = (of_degree(1)?, of_degree(5)?);
/// assert!(line.bias_squared > 10.0 * quintic.bias_squared); // underfits
/// assert!(line.variance < quintic.variance);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn bias_variance(
    data: &NoisyFunction,
    learn: impl Fn(&Array1<f64>, &Array1<f64>, &Array1<f64>) -> Result<Array1<f64>>,
    repeats: usize,
    rng: &mut RandomState,
) -> Result<BiasVariance> {
    measure(data, &learn, repeats, rng)
}

/// What learns from points and values, and predicts at other points.
type Learn<'a> = &'a dyn Fn(&Array1<f64>, &Array1<f64>, &Array1<f64>) -> Result<Array1<f64>>;

/// [`bias_variance`] behind a pointer, so that it is compiled once and not in each cell.
fn measure(
    data: &NoisyFunction,
    learn: Learn<'_>,
    repeats: usize,
    rng: &mut RandomState,
) -> Result<BiasVariance> {
    data.check()?;
    if repeats < 2 {
        return Err(Error::OutOfRange {
            what: "`repeats`".to_owned(),
            found: repeats.to_string(),
            expected: "at least 2; the variance needs training sets to compare",
        });
    }
    room_for("`repeats`", repeats, POINTS)?;
    let points = equally_spaced(POINTS);
    let truth = points.mapv(data.truth);
    finite("truth", &truth)?;
    let mut predictions = Array2::zeros((repeats, POINTS));
    let mut error = 0.0;
    for mut row in predictions.rows_mut() {
        let (x, y) = data.draw(rng)?;
        let found = learn(&x, &y, &points)?;
        check_predictions(&found)?;
        let errors = &truth + &rng.normal(0.0, data.noise, POINTS)? - &found;
        error += errors.dot(&errors) / (repeats * POINTS) as f64;
        row.assign(&found);
    }
    let repeats = repeats as f64;
    let bias = predictions.sum_axis(Axis(0)) / repeats - &truth;
    let variance = predictions.var_axis(Axis(0), 1.0).sum() / POINTS as f64;
    // The mean of the predictions strays itself by variance / repeats, which is no bias.
    let bias_squared = bias.dot(&bias) / POINTS as f64 - variance / repeats;
    let noise = data.noise.powi(2);
    numbers(
        "the squared error of the predictions",
        &[bias_squared, variance, noise, error],
    )?;
    Ok(BiasVariance {
        bias_squared: bias_squared.max(0.0),
        variance,
        noise,
        error,
        points,
        predictions,
    })
}

fn equally_spaced(n: usize) -> Array1<f64> {
    Array1::from_shape_fn(n, |i| (i as f64 + 0.5) / n as f64)
}

fn check_predictions(found: &Array1<f64>) -> Result<()> {
    if found.len() != POINTS {
        return Err(Error::Shape {
            what: "what `learn` returns",
            found: count(found.len(), "prediction"),
            expected: format!("{POINTS} predictions, one for each point"),
        });
    }
    finite("predictions", found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::linear::Polynomial;
    use crate::trees::{DecisionTree, RandomForest};
    use ndarray::ArrayRef1;

    const SINE: NoisyFunction = NoisyFunction {
        truth: |x| (std::f64::consts::TAU * x).sin(),
        noise: 0.3,
        rows: 40,
    };

    fn of_degree(degree: usize) -> Result<BiasVariance> {
        bias_variance(
            &SINE,
            |x, y, points| Polynomial::fit(x, y, degree)?.predict(points),
            200,
            &mut RandomState::seed(1),
        )
    }

    fn column(x: &ArrayRef1<f64>) -> Array2<f64> {
        x.to_owned().insert_axis(Axis(1))
    }

    fn of_tree(depth: usize) -> Result<BiasVariance> {
        bias_variance(
            &SINE,
            |x, y, points| {
                let tree = DecisionTree::regressor().depth(depth).fit(&column(x), y)?;
                tree.predict(&column(points))
            },
            200,
            &mut RandomState::seed(1),
        )
    }

    #[test]
    fn the_measured_error_is_the_sum_of_the_parts() -> Result<()> {
        for found in [
            of_degree(1)?,
            of_degree(3)?,
            of_degree(6)?,
            of_tree(2)?,
            of_tree(6)?,
        ] {
            assert!(
                (found.error / found.sum() - 1.0).abs() < 0.05,
                "{}",
                found.error
            );
            assert_eq!(found.predictions.dim(), (200, 50));
        }
        Ok(())
    }

    #[test]
    fn bias_falls_and_variance_rises_with_the_degree_and_the_depth() -> Result<()> {
        let degrees = [of_degree(1)?, of_degree(3)?, of_degree(5)?];
        let depths = [of_tree(0)?, of_tree(1)?, of_tree(3)?, of_tree(6)?];
        for models in [&degrees[..], &depths[..]] {
            for pair in models.windows(2) {
                assert!(pair[1].variance > pair[0].variance);
                assert!(pair[1].bias_squared < pair[0].bias_squared + 1e-3);
            }
        }
        Ok(())
    }

    /// A polynomial of degree 9 has almost no bias here. The square of the mean prediction's distance alone holds a
    /// share 1 / repeats of the variance: 0.0155 with 2 repeats.
    #[test]
    fn few_repeats_do_not_make_a_bias() -> Result<()> {
        for repeats in [2, 10] {
            let mut sum = 0.0;
            for seed in 0..40 {
                let mut rng = RandomState::seed(seed);
                let found = bias_variance(
                    &SINE,
                    |x, y, points| Polynomial::fit(x, y, 9)?.predict(points),
                    repeats,
                    &mut rng,
                )?;
                sum += found.bias_squared - found.variance / (2.0 * repeats as f64);
            }
            assert!(sum < 0.0, "{repeats}: {}", sum / 40.0);
        }
        Ok(())
    }

    /// At its own points, least squares with p parameters has the variance σ² p / n.
    #[test]
    fn a_polynomials_variance_is_that_of_theory() -> Result<()> {
        let data = NoisyFunction {
            rows: POINTS,
            ..SINE
        };
        for degree in [0, 1, 4, 9] {
            let mut rng = RandomState::seed(degree as u32);
            let found = bias_variance(
                &data,
                |x, y, points| Polynomial::fit(x, y, degree)?.predict(points),
                400,
                &mut rng,
            )?;
            let theory = 0.09 * (degree + 1) as f64 / 50.0;
            // Four standard errors of the mean of p χ² variables with 399 degrees of freedom.
            let tolerance = 4.0 * (2.0 / (399.0 * (degree + 1) as f64)).sqrt();
            assert!((found.variance / theory - 1.0).abs() < tolerance);
        }
        assert!((of_degree(0)?.bias_squared - 0.5).abs() < 0.01);
        Ok(())
    }

    #[test]
    fn averaging_trees_takes_away_variance() -> Result<()> {
        let tree = of_tree(6)?;
        let forest = bias_variance(
            &SINE,
            |x, y, points| {
                let forest = RandomForest::regressor().trees(20).min_leaf(1);
                forest
                    .fit(&column(x), y, &mut RandomState::seed(0))?
                    .predict(&column(points))
            },
            50,
            &mut RandomState::seed(1),
        )?;
        assert!(forest.variance < 0.8 * tree.variance);
        Ok(())
    }

    #[test]
    fn bad_arguments_are_named() {
        let mut rng = RandomState::seed(0);
        let mut message = |data: NoisyFunction, repeats, predictions: usize, value: f64| {
            let learn = |_: &Array1<f64>, _: &Array1<f64>, _: &Array1<f64>| {
                Ok(Array1::from_elem(predictions, value))
            };
            let found = bias_variance(&data, learn, repeats, &mut rng);
            found.unwrap_err().to_string()
        };
        assert!(message(SINE, 1, 50, 0.0).contains("`repeats` is 1"));
        assert!(message(NoisyFunction { rows: 0, ..SINE }, 5, 50, 0.0).contains("`rows` is 0"));
        let noise = f64::NAN;
        assert!(message(NoisyFunction { noise, ..SINE }, 5, 50, 0.0).contains("`noise` is NaN"));
        assert!(message(SINE, 5, 3, 0.0).contains("`learn` returns has 3 predictions"));
        assert!(message(SINE, 5, 50, f64::NAN).contains("`predictions[0]` is NaN"));
        let truth = |_| f64::NAN;
        assert!(message(NoisyFunction { truth, ..SINE }, 5, 50, 0.0).contains("`truth[0]` is NaN"));
    }

    #[test]
    fn a_function_without_a_number_is_refused() {
        let data = NoisyFunction {
            truth: |_| f64::INFINITY,
            noise: 0.1,
            rows: 3,
        };
        let error = data.draw(&mut RandomState::seed(0)).unwrap_err();
        assert!(error.to_string().contains("`truth[0]`"), "{error}");
    }
}
