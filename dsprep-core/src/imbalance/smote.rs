//! SMOTE: positives made up between positives.
//!
//! Each new row lies on the way from a row of the small class to one of its k nearest of the same class. After
//! Chawla, Bowyer, Hall and Kegelmeyer, "SMOTE: synthetic minority over-sampling technique", 2002. It asks for
//! numbers whose mean has a meaning: half a postcode has none.

use crate::checks::{finite_matrix, room_for};
use crate::random::RandomState;
use crate::{Error, Result};
use ndarray::{Array2, ArrayRef2};

/// `number` new rows between those of `x`, which are the rows of one class (rows × features), each on the way to
/// one of the `k` nearest. Standardise the features first. With NumPy's seed the same rows as imbalanced-learn's `SMOTE` makes
/// for two classes. O(rows² · features).
///
/// # Errors
/// [`Error::Empty`] without rows or columns; [`Error::OutOfRange`] if a value is not finite or `k` is not from 1
/// to one less than the rows.
///
/// # Examples
/// ```
/// use dsprep_core::{imbalance::smote, ndarray::array, random::RandomState};
/// let positives = array![[0.0, 0.0], [1.0, 1.0]];
/// let new = smote(&positives, 10, 1, &mut RandomState::seed(1))?;
/// assert!(new.rows().into_iter().all(|row| row[0] == row[1] && (0.0..=1.0).contains(&row[0])));
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn smote(
    x: &ArrayRef2<f64>,
    number: usize,
    k: usize,
    rng: &mut RandomState,
) -> Result<Array2<f64>> {
    finite_matrix("`x`", x)?;
    if k == 0 || k >= x.nrows() {
        return Err(Error::OutOfRange {
            what: "`k`".to_owned(),
            found: k.to_string(),
            expected: "from 1 to one less than the number of rows; 5 is usual",
        });
    }
    room_for("the new rows", number, x.ncols())?;
    let neighbours: Vec<Vec<usize>> = (0..x.nrows()).map(|row| nearest(x, row, k)).collect();
    let mut new = Array2::zeros((number, x.ncols()));
    // First all pairs of a row and a neighbour, then how far each new row is on its way: as imbalanced-learn draws them.
    let pairs = rng.choice(x.nrows() * k, number)?;
    let shares = rng.rand(number)?;
    for ((mut made, &pair), &share) in new.rows_mut().into_iter().zip(&pairs).zip(&shares) {
        let row = pair / k;
        let other = neighbours[row][pair % k];
        for ((made, a), b) in made.iter_mut().zip(x.row(row)).zip(x.row(other)) {
            *made = (1.0 - share) * a + share * b;
        }
    }
    Ok(new)
}

/// The k rows nearest to `row`, itself left out.
fn nearest(x: &ArrayRef2<f64>, row: usize, k: usize) -> Vec<usize> {
    crate::cell::check_interrupt();
    let distance = |other: usize| -> f64 {
        let pairs = x.row(row).into_iter().zip(x.row(other));
        pairs.map(|(a, b)| (a - b).powi(2)).sum()
    };
    let mut far: Vec<(f64, usize)> = (0..x.nrows())
        .filter(|&other| other != row)
        .map(|other| (distance(other), other))
        .collect();
    far.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    far.into_iter().take(k).map(|(_, other)| other).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array1, array};

    #[test]
    fn each_new_row_lies_between_a_row_and_one_of_its_nearest() -> Result<()> {
        let mut rng = RandomState::seed(5);
        let x = rng.randn((20, 3))?;
        let new = smote(&x, 200, 4, &mut rng)?;
        for made in new.rows() {
            let on_the_way = |row: usize, other: usize| {
                let way = &x.row(other) - &x.row(row);
                let share = (&made - &x.row(row)).dot(&way) / way.dot(&way);
                let rest: Array1<f64> = &made - &x.row(row) - share * &way;
                (0.0..=1.0).contains(&share) && rest.dot(&rest) < 1e-20
            };
            let found = (0..20).any(|row| {
                nearest(&x, row, 4)
                    .into_iter()
                    .any(|other| on_the_way(row, other))
            });
            assert!(found, "{made}");
        }
        Ok(())
    }

    /// `NearestNeighbors(n_neighbors=4).fit(x).kneighbors(x)`, which is what imbalanced-learn's SMOTE draws from,
    /// scikit-learn 1.9.1: `tests/peers/learning.py`.
    #[test]
    fn the_neighbours_equal_those_of_the_peer() {
        let x = RandomState::seed(14).randn((8, 2)).unwrap();
        let found: Vec<Vec<usize>> = (0..8).map(|row| nearest(&x, row, 3)).collect();
        assert_eq!(found, NEIGHBOURS);
    }

    /// `SMOTE(k_neighbors=3, random_state=5).fit_resample(x, y)` for 20 rows of one class among 32 of the other,
    /// imbalanced-learn 0.14.2: `tests/peers/resampling.py`.
    #[test]
    fn the_new_rows_equal_those_of_imbalanced_learn() -> Result<()> {
        let x = RandomState::seed(14).randn((52, 2))?;
        let few = x.slice(ndarray::s![..20, ..]);
        let new = smote(&few, 12, 3, &mut RandomState::seed(5))?;
        for (found, expected) in new.iter().zip(NEW) {
            assert!((found - expected).abs() < 1e-12, "{found} {expected}");
        }
        assert_eq!(new.len(), NEW.len());
        Ok(())
    }

    #[test]
    fn equal_rows_make_the_same_row_and_too_few_rows_are_said() -> Result<()> {
        let mut rng = RandomState::seed(6);
        let same = Array2::from_elem((3, 2), 4.35);
        let new = smote(&same, 5, 2, &mut rng)?;
        assert!(new.iter().all(|value| (value - 4.35).abs() < 1e-15));
        assert_eq!(smote(&same, 0, 2, &mut rng)?.dim(), (0, 2));
        assert!(smote(&same, 5, 3, &mut rng).is_err() && smote(&same, 5, 0, &mut rng).is_err());
        assert!(smote(&array![[f64::NAN], [0.0]], 1, 1, &mut rng).is_err());
        Ok(())
    }

    const NEW: [f64; 24] = [
        1.2902900154826988,
        0.6637848516524506,
        -0.7117590729669525,
        0.9532610322182387,
        -1.1840979772235818,
        -0.19718447003713693,
        -0.531239384786116,
        -1.048244525566679,
        -0.2604468879172648,
        -1.8693688049262251,
        -0.31149915180064225,
        -0.05775918773952358,
        -1.477098798701893,
        0.14472580197562362,
        -1.187079144022082,
        0.5825118312401976,
        -0.5359116246614389,
        -0.8674373880702686,
        0.8717172395444985,
        0.8336623319332732,
        -0.26347674355815953,
        -1.8663935447328104,
        1.4678910690039189,
        -0.2903357910322383,
    ];

    const NEIGHBOURS: [[usize; 3]; 8] = [
        [1, 5, 7],
        [5, 7, 4],
        [3, 6, 4],
        [2, 6, 4],
        [7, 6, 5],
        [1, 7, 6],
        [3, 4, 7],
        [4, 5, 1],
    ];
}
