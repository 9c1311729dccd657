//! Eigenvalues and eigenvectors of a symmetric matrix, by Jacobi rotations.
//!
//! Each rotation makes one pair of entries beside the diagonal 0; going over all pairs a few times leaves the
//! eigenvalues on the diagonal. After Golub and Van Loan, "Matrix computations", 4th edition, section 8.5.

use ndarray::{Array1, Array2};

pub(super) const MOST_SWEEPS: usize = 60;

/// The eigenvalues, the greatest first, and the eigenvectors as rows, or none if the rotations do not converge.
/// O(n³) for each sweep, of which there are about ten.
pub(super) fn eigen(mut a: Array2<f64>) -> Option<(Array1<f64>, Array2<f64>)> {
    let n = a.nrows();
    let mut vectors = Array2::eye(n);
    for _ in 0..MOST_SWEEPS {
        let mut rotated = false;
        for p in 0..n {
            for q in p + 1..n {
                let small = f64::EPSILON * 0.5 * (a[[p, p]].abs() * a[[q, q]].abs()).sqrt();
                if a[[p, q]].abs() > small.max(f64::MIN_POSITIVE) {
                    rotate(&mut a, &mut vectors, p, q);
                    rotated = true;
                }
            }
        }
        if !rotated {
            let mut order: Vec<usize> = (0..n).collect();
            order.sort_by(|&i, &j| a[[j, j]].total_cmp(&a[[i, i]]));
            let values = order.iter().map(|&at| a[[at, at]]).collect();
            return Some((values, vectors.select(ndarray::Axis(0), &order)));
        }
    }
    None
}

fn rotate(a: &mut Array2<f64>, vectors: &mut Array2<f64>, p: usize, q: usize) {
    let tau = (a[[q, q]] - a[[p, p]]) / (2.0 * a[[p, q]]);
    // The smaller angle of the two that make the entry 0.
    let t = tau.signum() / (tau.abs() + tau.hypot(1.0));
    let c = 1.0 / t.hypot(1.0);
    let s = t * c;
    for k in 0..a.nrows() {
        let (x, y) = (a[[k, p]], a[[k, q]]);
        (a[[k, p]], a[[k, q]]) = (c * x - s * y, s * x + c * y);
    }
    for k in 0..a.nrows() {
        let (x, y) = (a[[p, k]], a[[q, k]]);
        (a[[p, k]], a[[q, k]]) = (c * x - s * y, s * x + c * y);
        let (x, y) = (vectors[[p, k]], vectors[[q, k]]);
        (vectors[[p, k]], vectors[[q, k]]) = (c * x - s * y, s * x + c * y);
    }
    (a[[p, q]], a[[q, p]]) = (0.0, 0.0);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::RandomState;
    use ndarray::array;

    #[test]
    fn a_matrix_is_put_together_again_from_its_eigenvectors() {
        let (values, vectors) = eigen(array![[2.0, 1.0], [1.0, 2.0]]).unwrap();
        assert!((values[0] - 3.0).abs() < 1e-15 && (values[1] - 1.0).abs() < 1e-15);
        assert!((vectors[[0, 0]] - vectors[[0, 1]]).abs() < 1e-15);
        let mut rng = RandomState::seed(3);
        for n in [1, 2, 7, 40] {
            let x = rng.randn((n + 3, n)).unwrap();
            let a = x.t().dot(&x);
            let (values, vectors) = eigen(a.clone()).unwrap();
            let again = vectors.t().dot(&(Array2::from_diag(&values).dot(&vectors)));
            assert!(
                (&again - &a)
                    .iter()
                    .all(|rest| rest.abs() < 1e-11 * values[0]),
                "{n}"
            );
            let unit = vectors.dot(&vectors.t()) - Array2::<f64>::eye(n);
            assert!(unit.iter().all(|rest| rest.abs() < 1e-12), "{n}");
        }
    }

    #[test]
    fn zeros_and_repeated_eigenvalues_come_to_an_end() {
        assert_eq!(
            eigen(Array2::zeros((3, 3))).unwrap().0,
            Array1::<f64>::zeros(3)
        );
        let (values, _) = eigen(Array2::ones((4, 4))).unwrap();
        assert!((values[0] - 4.0).abs() < 1e-14 && values[3].abs() < 1e-14);
    }
}
