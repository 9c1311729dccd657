//! Numbers in order, and their median.

/// Numbers of a history, the smallest first.
///
/// A history is short, so that moving the larger ones up by one place is quicker than a tree.
#[derive(Debug, Clone, Default)]
pub(super) struct Sorted(Vec<f64>);

impl Sorted {
    pub(super) fn values(&self) -> &[f64] {
        &self.0
    }

    pub(super) fn add(&mut self, number: f64) {
        let at = self.0.partition_point(|value| *value < number);
        self.0.insert(at, number);
    }

    pub(super) fn remove(&mut self, number: f64) {
        let at = self.0.partition_point(|value| *value < number);
        if self.0.get(at) == Some(&number) {
            self.0.remove(at);
        }
    }

    pub(super) fn bytes(&self) -> usize {
        self.0.capacity() * size_of::<f64>()
    }
}

impl FromIterator<f64> for Sorted {
    fn from_iter<I: IntoIterator<Item = f64>>(numbers: I) -> Self {
        let mut values: Vec<f64> = numbers.into_iter().collect();
        values.sort_by(f64::total_cmp);
        Sorted(values)
    }
}

/// The median of `sorted` numbers, of which there must be one: the middle one, or the mean of the two.
pub(super) fn median(sorted: &[f64]) -> f64 {
    let n = sorted.len();
    (sorted[(n - 1) / 2] + sorted[n / 2]) / 2.0
}
