//! The classifier that learns nothing (question 27).

use crate::checks::room_for;
use crate::{Error, Result};
use ndarray::{Array1, ArrayRef1};
use serde::{Deserialize, Serialize};

/// Always predicts the most frequent class of the training labels: the baseline that accuracy must
/// beat.
///
/// The same as scikit-learn's `DummyClassifier(strategy="most_frequent")`; of equally frequent
/// classes it takes the smallest.
///
/// # Examples
/// ```
/// use dsprep_core::{evaluate::MostFrequent, ndarray::array};
/// let dummy = MostFrequent::fit(&array![0, 0, 0, 1])?;
/// assert_eq!(dummy.predict(2)?, array![0, 0]);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MostFrequent {
    class: usize,
}

impl MostFrequent {
    /// Finds the most frequent of the labels `y`. It takes no features: it would not look at them.
    ///
    /// # Errors
    /// [`Error::Empty`] without labels.
    pub fn fit(y: &ArrayRef1<usize>) -> Result<Self> {
        let mut sorted = y.to_vec();
        sorted.sort_unstable();
        let runs = sorted.chunk_by(|a, b| a == b);
        // `max_by_key` keeps the last of equals, and so, from the back, the smallest class.
        let longest = runs.rev().max_by_key(|run| run.len());
        match longest.and_then(|run| run.first()) {
            Some(&class) => Ok(MostFrequent { class }),
            None => Err(Error::Empty {
                what: "`y`",
                item: "label",
            }),
        }
    }

    /// The class that is predicted.
    pub fn class(&self) -> usize {
        self.class
    }

    /// The prediction for each of `rows` rows.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] if memory can't hold so many.
    pub fn predict(&self, rows: usize) -> Result<Array1<usize>> {
        room_for("`rows`", rows, 1)?;
        Ok(Array1::from_elem(rows, self.class))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn of_equally_frequent_classes_the_smallest_is_taken() -> Result<()> {
        assert_eq!(MostFrequent::fit(&array![2, 1, 2, 1, 0])?.class(), 1);
        assert!(MostFrequent::fit(&Array1::zeros(0)).is_err());
        Ok(())
    }
}
