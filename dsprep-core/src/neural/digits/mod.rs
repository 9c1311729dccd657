//! Real pixels: handwritten digits (question 21).
//!
//! The first 60 images of each digit in the test set of *Optical Recognition of Handwritten Digits* (E. Alpaydin and
//! C. Kaynak, UCI Machine Learning Repository, 1998, CC BY 4.0), as scikit-learn's `load_digits` has them.

use crate::Result;
use crate::checks::room_for;
use ndarray::Array2;
use std::fmt::Write as _;

/// One line for each image: its digit, and 64 numbers from 0 to 16 as digits of base 17.
const PIXELS: &str = include_str!("pixels.txt");
/// How wide and high an image is.
const SIDE: usize = 8;

/// Handwritten digits of 8 × 8 grey pixels; see [`digits`].
#[derive(Debug, Clone, PartialEq)]
pub struct Digits {
    /// Images × 64 pixels, row by row from the top, from 0 (white) to 1 (ink).
    pub pixels: Array2<f64>,
    /// What each image shows, from 0 to 9.
    pub labels: Vec<usize>,
}

/// 600 handwritten digits, 60 of each, in the order in which they were collected.
///
/// # Examples
/// ```
/// use dsprep_core::neural::digits;
///
/// let digits = digits();
/// assert_eq!(digits.pixels.dim(), (600, 64));
/// assert_eq!(digits.labels[..5], [0, 1, 2, 3, 4]);
/// ```
pub fn digits() -> Digits {
    let mut pixels = Vec::with_capacity(600 * SIDE * SIDE);
    let mut labels = Vec::with_capacity(600);
    for line in PIXELS.lines() {
        let mut numbers = line.chars().filter_map(|digit| digit.to_digit(17));
        labels.extend(numbers.next().map(|label| label as usize));
        pixels.extend(numbers.map(|grey| f64::from(grey) / 16.0));
    }
    let pixels = Array2::from_shape_vec((labels.len(), SIDE * SIDE), pixels);
    Digits {
        pixels: pixels.unwrap_or_default(),
        labels,
    }
}

impl Digits {
    /// The images that show one of `classes`, and for each the place of its label in `classes`.
    ///
    /// # Examples
    /// ```
    /// let odd = dsprep_core::neural::digits().only(&[1, 3, 5]);
    /// assert_eq!(odd.pixels.nrows(), 180);
    /// assert_eq!(odd.labels[..3], [0, 1, 2]);
    /// ```
    #[must_use]
    pub fn only(&self, classes: &[usize]) -> Digits {
        let place = |label: &usize| classes.iter().position(|class| class == label);
        let kept: Vec<usize> = (0..self.labels.len().min(self.pixels.nrows()))
            .filter(|row| place(&self.labels[*row]).is_some())
            .collect();
        Digits {
            pixels: self.pixels.select(ndarray::Axis(0), &kept),
            labels: kept
                .iter()
                .filter_map(|row| place(&self.labels[*row]))
                .collect(),
        }
    }

    /// The labels as rows with a single 1, in `classes` columns; a larger label is a row of zeros.
    ///
    /// # Errors
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) if memory can't hold so many.
    pub fn targets(&self, classes: usize) -> Result<Array2<f64>> {
        let shape = (self.labels.len(), classes);
        room_for("the number of labels and `classes`", shape.0, shape.1)?;
        Ok(Array2::from_shape_fn(shape, |(row, class)| {
            f64::from(u8::from(self.labels[row] == class))
        }))
    }

    /// The images of `rows` side by side, drawn with characters; rows that there are not are left out.
    ///
    /// # Examples
    /// ```
    /// let drawn = dsprep_core::neural::digits().drawn(&[0, 1]);
    /// assert_eq!(drawn.lines().count(), 8);
    /// ```
    pub fn drawn(&self, rows: &[usize]) -> String {
        let shades = [' ', '░', '▒', '▓', '█'];
        let mut text = String::new();
        for line in 0..SIDE {
            for row in rows.iter().filter(|row| **row < self.labels.len()) {
                for column in 0..SIDE {
                    let pixel = self.pixels.get([*row, SIDE * line + column]);
                    let ink = pixel.copied().unwrap_or_default();
                    let shade = shades[((ink * 4.0).round() as usize).min(shades.len() - 1)];
                    let _ = write!(text, "{shade}{shade}");
                }
                text.push_str("  ");
            }
            text.truncate(text.trim_end().len());
            text.push('\n');
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_sixty_images_of_each_digit_with_ink_from_0_to_1() {
        let digits = digits();
        for digit in 0..10 {
            let number = digits
                .labels
                .iter()
                .filter(|label| **label == digit)
                .count();
            assert_eq!(number, 60, "{digit}");
        }
        assert_eq!(digits.pixels.dim(), (600, 64));
        assert!(digits.pixels.iter().all(|ink| (0.0..=1.0).contains(ink)));
        // The first image of scikit-learn's `load_digits`, its first two rows.
        let first: Vec<f64> = digits
            .pixels
            .row(0)
            .iter()
            .take(16)
            .map(|ink| ink * 16.0)
            .collect();
        assert_eq!(
            first,
            [
                0., 0., 5., 13., 9., 1., 0., 0., 0., 0., 13., 15., 10., 15., 5., 0.
            ]
        );
    }

    #[test]
    fn some_classes_are_numbered_anew() -> Result<()> {
        let some = digits().only(&[7, 2]);
        assert_eq!(some.labels.len(), 120);
        assert_eq!(
            some.targets(2)?.sum_axis(ndarray::Axis(0)).to_vec(),
            [60.0, 60.0]
        );
        assert_eq!(digits().only(&[]).pixels.nrows(), 0);
        Ok(())
    }

    #[test]
    fn what_is_drawn_has_eight_lines_whatever_is_asked_for() {
        let all = digits();
        assert_eq!(all.drawn(&[0, 599, 600]).lines().count(), 8);
        assert_eq!(all.drawn(&[]).trim(), "");
        assert!(all.drawn(&[0]).contains("▓▓"));
    }
}
