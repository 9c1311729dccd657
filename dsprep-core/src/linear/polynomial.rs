//! Polynomials of rising degree: underfitting and overfitting (reference card).
//!
//! With a low degree both errors are high: the model can't follow the data (underfitting). With a high
//! degree the training error goes to 0 and the validation error rises: the model follows the noise
//! (overfitting). After Bishop, "Pattern recognition and machine learning", 2006, section 1.1.

use super::LinearRegression;
use crate::checks::{beyond_numbers, finite, number, numbers};
use crate::moments::Moments;
use crate::saved::{checked, unless_consistent};
use crate::{Error, Result};
use ndarray::{Array1, Array2, ArrayRef1};
use serde::{Deserialize, Serialize};

/// A polynomial fitted by least squares.
///
/// # Examples
/// ```
/// use dsprep_core::{linear::Polynomial, ndarray::array};
/// let parabola = Polynomial::fit(&array![0.0, 1.0, 2.0, 3.0], &array![0.0, 1.0, 4.0, 9.0], 2)?;
/// assert!((parabola.predict(&array![10.0])?[0] - 100.0).abs() < 1e-9);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct Polynomial {
    /// The range of `x` in the fit is moved to [−1, 1], where powers differ most.
    middle: f64,
    half_width: f64,
    degree: usize,
    /// The polynomial of degree 0.
    mean: f64,
    /// None for degree 0.
    model: Option<LinearRegression>,
}

checked!(Polynomial);

impl Polynomial {
    /// The polynomial of this `degree` that is closest to the points (`x`, `y`). O(points · degree²).
    ///
    /// # Errors
    /// [`Error::Empty`] without points; [`Error::Shape`] if the lengths differ;
    /// [`Error::OutOfRange`] if a value is not finite; [`Error::Undefined`] if there are not more
    /// distinct `x` than `degree`, or the degree is so high that the powers can't be told apart.
    pub fn fit(x: &ArrayRef1<f64>, y: &ArrayRef1<f64>, degree: usize) -> Result<Self> {
        check_points(x, y)?;
        let low = x.iter().copied().fold(f64::INFINITY, f64::min);
        let high = x.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let mut polynomial = Polynomial {
            middle: low + (high - low) / 2.0,
            half_width: if high > low { (high - low) / 2.0 } else { 1.0 },
            degree,
            mean: Moments::of(y.view()).mean,
            model: None,
        };
        numbers("the polynomial", &[polynomial.half_width, polynomial.mean])?;
        if polynomial.half_width < f64::MIN_POSITIVE {
            return Err(beyond_numbers("the polynomial"));
        }
        if degree > 0 {
            if degree >= x.len() {
                return Err(too_high(degree));
            }
            let powers = polynomial.powers(x);
            let model = LinearRegression::fit(&powers, y);
            polynomial.model = Some(model.map_err(|error| match error {
                Error::Undefined { .. } => too_high(degree),
                other => other,
            })?);
        }
        Ok(polynomial)
    }

    /// The value at each of `x`.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] if a value is not finite, [`Error::Empty`] without values.
    pub fn predict(&self, x: &ArrayRef1<f64>) -> Result<Array1<f64>> {
        if x.is_empty() {
            return Err(Error::Empty {
                what: "`x`",
                item: "value",
            });
        }
        finite("x", x)?;
        match &self.model {
            None => Ok(Array1::from_elem(x.len(), self.mean)),
            Some(model) => model.predict(&self.powers(x)),
        }
    }

    /// The highest power.
    pub fn degree(&self) -> usize {
        self.degree
    }

    /// The coefficients of 1, u, u², ..., where u = (x − [`middle`](Self::middle)) / [`half_width`](Self::half_width).
    pub fn coefficients(&self) -> Array1<f64> {
        match &self.model {
            None => Array1::from_elem(1, self.mean),
            Some(model) => std::iter::once(model.intercept())
                .chain(model.coefficients().iter().copied())
                .collect(),
        }
    }

    /// The middle of the range of `x` in the fit.
    pub fn middle(&self) -> f64 {
        self.middle
    }

    /// Half the width of the range of `x` in the fit; 1 if all points were at one place.
    pub fn half_width(&self) -> f64 {
        self.half_width
    }

    /// points × degree: x, x², x³, ... of the moved `x`.
    fn powers(&self, x: &ArrayRef1<f64>) -> Array2<f64> {
        Array2::from_shape_fn((x.len(), self.degree), |(i, j)| {
            ((x[i] - self.middle) / self.half_width).powi(j as i32 + 1)
        })
    }

    /// Whether what was read can be a model.
    fn check_stored(&self) -> Result<()> {
        let coefficients = self
            .model
            .as_ref()
            .map_or(0, |model| model.coefficients().len());
        let fits = coefficients == self.degree && self.half_width > 0.0;
        unless_consistent(fits, "a coefficient for each power, and a range")
    }
}

/// The errors of polynomials by degree.
#[derive(Debug, Clone, PartialEq)]
pub struct DegreeCurve {
    /// 0, 1, 2, ...
    pub degrees: Vec<usize>,
    /// The mean squared error on the points of the fit.
    pub train_error: Array1<f64>,
    /// The mean squared error on the other points.
    pub validation_error: Array1<f64>,
}

impl DegreeCurve {
    /// The degree of the least validation error, the first of equals.
    pub fn best_degree(&self) -> usize {
        let mut best = 0;
        for (k, &error) in self.validation_error.iter().enumerate() {
            if error < self.validation_error[best] {
                best = k;
            }
        }
        self.degrees.get(best).copied().unwrap_or(0)
    }
}

/// Fits polynomials of the degrees 0 to `most` to the points `train` (x, y) and measures their errors on
/// these and on `validation`.
///
/// # Errors
/// As [`Polynomial::fit`].
///
/// # Examples
/// ```
/// use dsprep_core::{linear::degree_curve, ndarray::array};
/// let train = (array![-1.0, -0.5, 0.5, 1.0], array![1.0, 0.0, 0.5, 1.0]);
/// let validation = (array![-0.9, 0.0, 0.9], array![0.8, 0.0, 0.8]);
/// let curve = degree_curve((&train.0, &train.1), (&validation.0, &validation.1), 3)?;
/// assert_eq!(curve.best_degree(), 2);
/// assert!(curve.train_error[3] < 1e-20); // four points lie on a cubic, noise and all
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn degree_curve(
    train: (&ArrayRef1<f64>, &ArrayRef1<f64>),
    validation: (&ArrayRef1<f64>, &ArrayRef1<f64>),
    most: usize,
) -> Result<DegreeCurve> {
    check_points(train.0, train.1)?;
    check_points(validation.0, validation.1)?;
    if most >= train.0.len() {
        return Err(too_high(most));
    }
    let mut curve = DegreeCurve {
        degrees: (0..=most).collect(),
        train_error: Array1::zeros(most + 1),
        validation_error: Array1::zeros(most + 1),
    };
    for degree in 0..=most {
        let polynomial = Polynomial::fit(train.0, train.1, degree)?;
        let error = |(x, y): (&ArrayRef1<f64>, &ArrayRef1<f64>)| -> Result<f64> {
            let errors = polynomial.predict(x)? - y;
            number(
                "the squared error of the polynomial",
                errors.dot(&errors) / y.len() as f64,
            )
        };
        curve.train_error[degree] = error(train)?;
        curve.validation_error[degree] = error(validation)?;
    }
    Ok(curve)
}

fn too_high(degree: usize) -> Error {
    Error::Undefined {
        what: "the polynomial",
        reason: format!("the points do not determine one of degree {degree}"),
        remedy: "Use a lower degree, or points at more places.",
    }
}

fn check_points(x: &ArrayRef1<f64>, y: &ArrayRef1<f64>) -> Result<()> {
    if x.is_empty() {
        return Err(Error::Empty {
            what: "`x`",
            item: "point",
        });
    }
    if y.len() != x.len() {
        return Err(Error::Shape {
            what: "`y`",
            found: crate::error::count(y.len(), "value"),
            expected: format!(
                "{}, one for each of `x`",
                crate::error::count(x.len(), "value")
            ),
        });
    }
    finite("x", x)?;
    finite("y", y)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::RandomState;
    use ndarray::array;
    use std::f64::consts::TAU;

    fn noisy_sine(rng: &mut RandomState, points: usize) -> Result<(Array1<f64>, Array1<f64>)> {
        let x = rng.uniform(0.0, 1.0, points)?;
        let y = x.mapv(|x| (TAU * x).sin()) + rng.normal(0.0, 0.3, points)?;
        Ok((x, y))
    }

    #[test]
    fn the_training_error_only_falls_and_the_validation_error_is_least_in_between() -> Result<()> {
        let mut rng = RandomState::seed(1);
        let (train, validation) = (noisy_sine(&mut rng, 25)?, noisy_sine(&mut rng, 1000)?);
        let curve = degree_curve((&train.0, &train.1), (&validation.0, &validation.1), 12)?;
        let falls = curve.train_error.windows(2);
        assert!(falls.into_iter().all(|pair| pair[1] <= pair[0] + 1e-12));
        assert!((3..=6).contains(&curve.best_degree()), "{curve:?}");
        let best = curve.validation_error[curve.best_degree()];
        assert!(curve.validation_error[1] > 1.5 * best);
        assert!(curve.validation_error[12] > 1.5 * best);
        Ok(())
    }

    #[test]
    fn a_polynomial_of_the_right_degree_is_found_again_wherever_it_lies() -> Result<()> {
        let x = Array1::linspace(1000.0, 1010.0, 30);
        let y = x.mapv(|x| 1.0 + (x - 1003.0) * (x - 1005.0) * (x - 1009.0));
        let cubic = Polynomial::fit(&x, &y, 3)?;
        let errors = cubic.predict(&x)? - &y;
        assert!(errors.iter().all(|e| e.abs() < 1e-9));
        let mean = Polynomial::fit(&x, &y, 0)?.predict(&x)?;
        assert!((mean[3] - y.sum() / 30.0).abs() < 1e-12);
        Ok(())
    }

    #[test]
    fn too_few_points_are_named() {
        let message = |x: Array1<f64>, y: Array1<f64>, degree| {
            Polynomial::fit(&x, &y, degree).unwrap_err().to_string()
        };
        let expected = "the polynomial is not defined: the points do not determine one of degree 2. \
                        Use a lower degree, or points at more places.";
        assert_eq!(message(array![1.0, 2.0], array![0.0, 1.0], 2), expected);
        let (x, y) = (array![1.0, 2.0, 2.0, 1.0], array![0.0, 1.0, 1.0, 2.0]);
        assert_eq!(message(x, y, 2), expected);
        assert!(message(array![], array![], 1).contains("`x` is empty"));
        assert!(message(array![1.0], array![], 0).contains("`y` has 0 values"));
        assert!(message(array![f64::NAN], array![1.0], 0).contains("`x[0]` is NaN"));
    }

    #[test]
    fn there_is_nothing_to_predict_at_no_places_whatever_the_degree() -> Result<()> {
        for degree in [0, 1] {
            let line = Polynomial::fit(&array![1.0, 2.0], &array![0.0, 1.0], degree)?;
            let message = line.predict(&array![]).unwrap_err().to_string();
            assert!(message.contains("`x` is empty"), "{message}");
        }
        Ok(())
    }

    #[test]
    fn equal_values_have_their_value_as_the_mean() -> Result<()> {
        let (x, y) = (
            Array1::from_shape_fn(1000, |i| i as f64),
            Array1::from_elem(1000, 19.99),
        );
        assert_eq!(
            Polynomial::fit(&x, &y, 0)?.predict(&array![0.0])?,
            array![19.99]
        );
        Ok(())
    }

    #[test]
    fn a_range_without_a_half_is_an_error_that_says_so() {
        let (x, y) = (array![0.0, 5e-324], array![1.0, 2.0]);
        let error = Polynomial::fit(&x, &y, 1).unwrap_err();
        assert!(
            error.to_string().contains("too large or too small"),
            "{error}"
        );
    }

    #[test]
    fn a_curve_without_degrees_has_0_as_the_best() {
        let curve = DegreeCurve {
            degrees: Vec::new(),
            train_error: array![],
            validation_error: array![],
        };
        assert_eq!(curve.best_degree(), 0);
    }
}
