//! The loss of a logistic regression with its derivatives, in one pass over the rows.
//!
//! One block of 32 rows after the other is copied into the fastest cache, column by column, so that the
//! compiler works on several rows at once. Everything that is needed of the block is computed while it is
//! there: the scores, the loss, the gradient and, if asked for, the matrix of second derivatives, of which
//! only one triangle is summed.

use crate::exp::exp_of_at_most_zero;
use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2, CowArray, Ix2};

/// How many rows a block holds.
pub(super) const ROWS: usize = 32;
/// How many sums grow side by side.
const LANES: usize = 8;
/// After this many blocks the logarithm of the product is taken: each factor is at most 2, and 2^512 does not
/// overflow.
const BLOCKS_IN_PRODUCT: usize = 512;

/// One column of a block.
type Column = [f64; ROWS];
/// The parts of a sum.
type Parts = [f64; LANES];

/// The rows and their labels.
pub(super) struct Blocks<'a> {
    /// In row-major order.
    x: CowArray<'a, f64, Ix2>,
    /// 1 for label 1, −1 for label 0, and 0 where the last block has no row.
    signs: Vec<Column>,
}

/// The sum of the losses log(1 + exp(−s z)) and its derivatives by the parameters.
pub(super) struct Losses {
    pub(super) sum: f64,
    pub(super) gradient: Array1<f64>,
    /// Empty if not asked for.
    pub(super) hessian: Array2<f64>,
}

impl<'a> Blocks<'a> {
    pub(super) fn new(x: &'a ArrayRef2<f64>, y: &ArrayRef1<usize>) -> Self {
        let mut signs = vec![[0.0; ROWS]; y.len().div_ceil(ROWS)];
        for (sign, &label) in signs.as_flattened_mut().iter_mut().zip(y) {
            *sign = 2.0 * label as f64 - 1.0;
        }
        Blocks {
            x: x.as_standard_layout(),
            signs,
        }
    }

    /// How many parameters there are: one for each feature, and last the intercept.
    pub(super) fn parameters(&self) -> usize {
        self.x.ncols() + 1
    }

    /// How many blocks there are.
    pub(super) fn len(&self) -> usize {
        self.signs.len()
    }

    /// The losses of each `every`-th block at these parameters. O(rows · columns² / every), without second
    /// derivatives O(rows · columns / every).
    pub(super) fn losses(&self, parameters: &[f64], every: usize, hessian: bool) -> Losses {
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("avx2") {
            // SAFETY: the processor has AVX2, which is all that the function asks for.
            return unsafe { self.losses_with_avx2(parameters, every, hessian) };
        }
        self.losses_plainly(parameters, every, hessian)
    }

    /// The same code, compiled for processors with AVX2.
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2")]
    fn losses_with_avx2(&self, parameters: &[f64], every: usize, hessian: bool) -> Losses {
        self.losses_plainly(parameters, every, hessian)
    }

    #[inline(always)]
    fn losses_plainly(&self, parameters: &[f64], every: usize, hessian: bool) -> Losses {
        let (features, size) = (self.x.ncols(), self.parameters());
        let mut gradient = vec![Parts::default(); size];
        let pairs = size * (size + 1) / 2;
        let mut triangle = vec![Parts::default(); if hessian { pairs } else { 0 }];
        let (mut logs, mut linear) = (0.0, [0.0; ROWS]);
        let mut products_less_one = [0.0; ROWS];
        let mut columns = vec![[0.0; ROWS]; size];
        let numbers = self.x.as_slice().unwrap_or_default();
        let blocks = numbers.chunks(ROWS * features).zip(&self.signs);
        for (at, (rows, signs)) in blocks.step_by(every).enumerate() {
            let filled = copy_by_columns(rows, &mut columns).next_multiple_of(LANES);
            let mut z = [0.0; ROWS];
            for (parameter, column) in parameters.iter().zip(&columns) {
                for (z, number) in z.iter_mut().zip(column) {
                    *z += parameter * number;
                }
            }
            let (mut slopes, mut curvatures) = ([0.0; ROWS], [0.0; ROWS]);
            for row in 0..ROWS {
                let sign = signs[row];
                let margin = sign * z[row];
                let e = exp_of_at_most_zero(-margin.abs());
                let share = 1.0 / (1.0 + e);
                let wrong = if margin >= 0.0 { e * share } else { share };
                slopes[row] = -sign * wrong;
                curvatures[row] = e * share * share;
                // log(1 + e^−m) = log(1 + e^−|m|) + max(−m, 0), and a sum of logs is the log of a product.
                linear[row] += if margin < 0.0 { -margin } else { 0.0 };
                let product = products_less_one[row];
                products_less_one[row] = product + sign * sign * e * (1.0 + product);
            }
            for (sum, column) in gradient.iter_mut().zip(&columns) {
                add_products(sum, &slopes[..filled], &column[..filled]);
            }
            if hessian {
                let mut sums = triangle.iter_mut();
                for (j, column) in columns.iter().enumerate() {
                    let mut weighted = [0.0; ROWS];
                    for ((weighted, curvature), number) in
                        weighted.iter_mut().zip(&curvatures).zip(column)
                    {
                        *weighted = curvature * number;
                    }
                    for (other, sum) in columns[..=j].iter().zip(&mut sums) {
                        add_products(sum, &weighted[..filled], &other[..filled]);
                    }
                }
            }
            if at % BLOCKS_IN_PRODUCT == BLOCKS_IN_PRODUCT - 1 {
                logs += sum_of_logs(&mut products_less_one);
            }
        }
        logs += sum_of_logs(&mut products_less_one);
        let triangle: Vec<f64> = triangle.iter().map(|parts| parts.iter().sum()).collect();
        let size = if hessian { size } else { 0 };
        let hessian = Array2::from_shape_fn((size, size), |(i, j)| {
            let (low, high) = (i.min(j), i.max(j));
            triangle[high * (high + 1) / 2 + low]
        });
        Losses {
            sum: logs + linear.iter().sum::<f64>(),
            gradient: gradient.iter().map(|parts| parts.iter().sum()).collect(),
            hessian,
        }
    }
}

/// Copies the rows of a block; after them a column of ones. Where there is no row, there is 0. Returns how many
/// rows there are.
#[inline(always)]
fn copy_by_columns(rows: &[f64], columns: &mut [Column]) -> usize {
    let features = columns.len() - 1;
    let found = rows.len() / features;
    if found < ROWS {
        columns.fill([0.0; ROWS]);
    }
    for (place, row) in rows.chunks_exact(features).enumerate() {
        for (column, &number) in columns.iter_mut().zip(row) {
            column[place] = number;
        }
    }
    columns[features][..found].fill(1.0);
    found
}

/// Adds the products of two columns.
#[inline(always)]
fn add_products(sum: &mut Parts, a: &[f64], b: &[f64]) {
    let (a, _) = a.as_chunks::<LANES>();
    let (b, _) = b.as_chunks::<LANES>();
    let mut parts = *sum;
    for (a, b) in a.iter().zip(b) {
        for lane in 0..LANES {
            parts[lane] += a[lane] * b[lane];
        }
    }
    *sum = parts;
}

/// The logarithms of the products, which begin anew. Their distance from 1 is kept, so that none of it is
/// lost when it is small.
fn sum_of_logs(products_less_one: &mut Column) -> f64 {
    let sum = products_less_one
        .iter()
        .map(|product| product.ln_1p())
        .sum();
    *products_less_one = [0.0; ROWS];
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::RandomState;
    use crate::sigmoid::sigmoid;
    use ndarray::{Axis, concatenate};

    /// The formulas as written, each by itself.
    struct Plain {
        /// With a last column of ones.
        x: Array2<f64>,
        y: Array1<f64>,
    }

    impl Plain {
        fn sum(&self, parameters: &Array1<f64>) -> f64 {
            let margins = (2.0 * &self.y - 1.0) * self.x.dot(parameters);
            margins
                .mapv(|m| (-m.abs()).exp().ln_1p() + (-m).max(0.0))
                .sum()
        }

        fn gradient(&self, parameters: &Array1<f64>) -> Array1<f64> {
            self.x
                .t()
                .dot(&(self.x.dot(parameters).mapv(sigmoid) - &self.y))
        }

        fn hessian(&self, parameters: &Array1<f64>) -> Array2<f64> {
            let z = self.x.dot(parameters);
            let weights = z.mapv(|z| sigmoid(z) * sigmoid(-z)).insert_axis(Axis(1));
            self.x.t().dot(&(&self.x * &weights))
        }
    }

    fn problem(rows: usize, features: usize) -> (Array2<f64>, Array1<usize>, Plain) {
        let mut rng = RandomState::seed(13);
        let x = rng.randn((rows, features)).unwrap();
        let y = rng.rand(rows).unwrap().mapv(|u| usize::from(u < 0.4));
        let plain = Plain {
            x: concatenate![Axis(1), x.view(), Array2::ones((rows, 1))],
            y: y.mapv(|label| label as f64),
        };
        (x, y, plain)
    }

    fn assert_close(found: &[f64], expected: &[f64]) {
        assert_eq!(found.len(), expected.len());
        for (found, expected) in found.iter().zip(expected) {
            let difference = (found - expected).abs();
            assert!(
                difference <= 1e-12 * (1.0 + expected.abs()),
                "{found} {expected}"
            );
        }
    }

    #[test]
    fn one_pass_gives_what_the_formulas_give() {
        let mut rng = RandomState::seed(1);
        for (rows, features) in [(1, 1), (31, 2), (32, 5), (70, 20), (20_000, 3)] {
            let (x, y, plain) = problem(rows, features);
            let blocks = Blocks::new(&x, &y);
            for scale in [0.0, 1.0, 300.0] {
                let at: Array1<f64> = rng.randn(features + 1).unwrap() * scale;
                let parameters = at.to_vec();
                let found = blocks.losses(&parameters, 1, true);
                assert_close(&[found.sum], &[plain.sum(&at)]);
                assert_close(&found.gradient.to_vec(), &plain.gradient(&at).to_vec());
                let flat = |matrix: Array2<f64>| matrix.iter().copied().collect::<Vec<_>>();
                assert_close(&flat(found.hessian), &flat(plain.hessian(&at)));
                let without = blocks.losses(&parameters, 1, false);
                assert_eq!((without.sum, without.gradient), (found.sum, found.gradient));
                let plainly = blocks.losses_plainly(&parameters, 1, false);
                assert_eq!(plainly.sum, found.sum, "the same bits on every processor");
            }
        }
    }

    #[test]
    fn a_sample_is_each_so_many_th_block() {
        let (x, y, plain) = problem(200, 2);
        let blocks = Blocks::new(&x, &y);
        let at = Array1::from_elem(3, 0.5);
        let rows: Vec<usize> = (0..200)
            .filter(|row| (row / ROWS).is_multiple_of(3))
            .collect();
        let sample = Plain {
            x: plain.x.select(Axis(0), &rows),
            y: plain.y.select(Axis(0), &rows),
        };
        let found = blocks.losses(&at.to_vec(), 3, false);
        assert_close(&[found.sum], &[sample.sum(&at)]);
        assert_close(&found.gradient.to_vec(), &sample.gradient(&at).to_vec());
    }

    #[test]
    fn the_loss_of_rows_that_are_right_by_far_is_not_rounded_away() {
        let x = Array2::from_elem((3, 1), 40.0);
        let y = Array1::ones(3);
        let blocks = Blocks::new(&x, &y);
        let found = blocks.losses(&[1.0, 0.0], 1, false);
        assert_close(&[found.sum / (3.0 * (-40_f64).exp())], &[1.0]);
    }

    #[test]
    fn the_gradient_is_that_of_the_loss_and_the_matrix_that_of_the_gradient() {
        let (x, y, _) = problem(20, 2);
        let blocks = Blocks::new(&x, &y);
        let at = RandomState::seed(2).randn(3).unwrap();
        let here = blocks.losses(&at.to_vec(), 1, true);
        for i in 0..3 {
            let moved = |by: f64| {
                let mut moved = at.to_vec();
                moved[i] += by;
                blocks.losses(&moved, 1, false)
            };
            let (up, down) = (moved(1e-5), moved(-1e-5));
            assert!(((up.sum - down.sum) / 2e-5 - here.gradient[i]).abs() < 1e-7);
            let slopes = (up.gradient - down.gradient) / 2e-5;
            assert!(
                (slopes - here.hessian.row(i))
                    .iter()
                    .all(|d| d.abs() < 1e-7)
            );
        }
    }
}
