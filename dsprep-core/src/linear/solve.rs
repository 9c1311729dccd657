//! Systems of linear equations.

use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2};

/// A column counts as a combination of others if this share of its length, or less, is left beside them.
const SMALL_REST: f64 = 1e-11;

/// The solution of `matrix` · x = `right` by Cholesky's decomposition; none if the matrix is not
/// positive definite.
pub(crate) fn solve_positive_definite(
    matrix: Array2<f64>,
    right: &Array1<f64>,
) -> Option<Array1<f64>> {
    solve(matrix, right, 0.0)
}

/// [`solve_positive_definite`], but none also if a row is so nearly a combination of those before it that few digits are left.
pub(super) fn solve_unless_lost(matrix: Array2<f64>, right: &Array1<f64>) -> Option<Array1<f64>> {
    solve(matrix, right, SMALL_REST)
}

/// None unless more than the share `least` of each diagonal element is left where it becomes a pivot.
pub(super) fn solve(
    mut matrix: Array2<f64>,
    right: &Array1<f64>,
    least: f64,
) -> Option<Array1<f64>> {
    let n = right.len();
    for j in 0..n {
        let row = matrix.row(j).to_owned();
        let known = |k: usize, other: f64| row[k] * other;
        let pivot = row[j] - (0..j).map(|k| known(k, row[k])).sum::<f64>();
        if !(pivot > least * row[j] && pivot > 0.0 && pivot.is_finite()) {
            return None;
        }
        matrix[[j, j]] = pivot.sqrt();
        for i in j + 1..n {
            let sum: f64 = (0..j).map(|k| known(k, matrix[[i, k]])).sum();
            matrix[[i, j]] = (matrix[[i, j]] - sum) / matrix[[j, j]];
        }
    }
    let mut x = right.clone();
    for i in 0..n {
        let sum: f64 = (0..i).map(|k| matrix[[i, k]] * x[k]).sum();
        x[i] = (x[i] - sum) / matrix[[i, i]];
    }
    for i in (0..n).rev() {
        let sum: f64 = (i + 1..n).map(|k| matrix[[k, i]] * x[k]).sum();
        x[i] = (x[i] - sum) / matrix[[i, i]];
    }
    Some(x)
}

/// The w that makes ‖`x` · w − `y`‖ smallest, by modified Gram-Schmidt (QR, each column made orthogonal
/// twice); none if the columns are linearly dependent. Unlike the normal equations it does not square the
/// condition number.
pub(super) fn least_squares(x: &ArrayRef2<f64>, y: &ArrayRef1<f64>) -> Option<Array1<f64>> {
    let columns = x.ncols();
    let mut q = x.to_owned();
    let mut r = Array2::<f64>::zeros((columns, columns));
    for j in 0..columns {
        let mut column = q.column(j).to_owned();
        let length = column.dot(&column).sqrt();
        for _ in 0..2 {
            for i in 0..j {
                let share = q.column(i).dot(&column);
                r[[i, j]] += share;
                column.scaled_add(-share, &q.column(i));
            }
        }
        let rest = column.dot(&column).sqrt();
        if rest <= SMALL_REST * length || rest == 0.0 {
            return None;
        }
        r[[j, j]] = rest;
        q.column_mut(j).assign(&(column / rest));
    }
    let mut w = q.t().dot(y);
    for i in (0..columns).rev() {
        let sum: f64 = (i + 1..columns).map(|k| r[[i, k]] * w[k]).sum();
        w[i] = (w[i] - sum) / r[[i, i]];
    }
    Some(w)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::RandomState;
    use ndarray::array;

    #[test]
    fn what_is_left_is_orthogonal_to_each_column() {
        let mut rng = RandomState::seed(1);
        let (x, y) = (rng.randn((30, 4)).unwrap(), rng.randn(30).unwrap());
        let w = least_squares(&x, &y).unwrap_or_default();
        assert_eq!(w.len(), 4);
        let left = x.t().dot(&(y - x.dot(&w)));
        assert!(left.iter().all(|z| z.abs() < 1e-12));
    }

    #[test]
    fn dependent_columns_and_too_few_rows_have_no_solution() {
        let x = array![
            [1.0, 2.0, 3.0],
            [4.0, 5.0, 9.0],
            [7.0, 8.0, 15.0],
            [1.0, 1.0, 2.0]
        ];
        assert!(least_squares(&x, &array![1.0, 2.0, 3.0, 4.0]).is_none());
        assert!(least_squares(&array![[1.0, 2.0]], &array![1.0]).is_none());
        assert!(least_squares(&array![[0.0]], &array![1.0]).is_none());
    }

    #[test]
    fn cholesky_solves_and_refuses_what_is_not_positive_definite() {
        let matrix = array![[4.0, 2.0], [2.0, 3.0]];
        let x = solve_positive_definite(matrix, &array![8.0, 8.0]).unwrap_or_default();
        assert!((x - array![1.0, 2.0]).iter().all(|d| d.abs() < 1e-15));
        let indefinite = array![[1.0, 2.0], [2.0, 1.0]];
        assert!(solve_positive_definite(indefinite, &array![1.0, 1.0]).is_none());
    }
}
