//! How mixed a node is.

use ndarray::{ArrayRef1, ArrayView1};

/// What a split of a classification tree lowers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Criterion {
    /// 1 − Σ pₖ²: how often two rows, drawn at random, differ in class.
    Gini,
    /// −Σ pₖ ln pₖ: how many nats it takes to name the class.
    Entropy,
}

/// What is to be predicted.
pub(in crate::trees) enum Targets<'a> {
    Labels {
        labels: &'a ArrayRef1<usize>,
        classes: usize,
        criterion: Criterion,
    },
    Numbers(&'a ArrayRef1<f64>),
}

/// The rows of a node, summed up: for labels the number of each class, for numbers Σ y and Σ y², measured from
/// the `origin`. That is the mean of the node: far from it, a small impurity would be lost to rounding.
#[derive(Debug, Clone)]
pub(super) struct Sums {
    pub(super) rows: usize,
    origin: f64,
    totals: Vec<f64>,
    /// The sum of the squared counts of all classes, kept so that it need not be computed for each split.
    squares: f64,
}

impl Sums {
    /// No rows yet, measured from the same origin.
    pub(super) fn none(&self) -> Sums {
        Sums {
            rows: 0,
            origin: self.origin,
            totals: vec![0.0; self.totals.len()],
            squares: 0.0,
        }
    }
}

impl<'a> Targets<'a> {
    pub(in crate::trees) fn labels(labels: &'a ArrayRef1<usize>, criterion: Criterion) -> Self {
        Targets::Labels {
            labels,
            classes: labels.iter().max().map_or(0, |largest| largest + 1),
            criterion,
        }
    }

    pub(in crate::trees) fn numbers(numbers: &'a ArrayRef1<f64>) -> Self {
        Targets::Numbers(numbers)
    }

    /// How many values a node predicts.
    pub(in crate::trees) fn width(&self) -> usize {
        match self {
            Targets::Labels { classes, .. } => *classes,
            Targets::Numbers(_) => 1,
        }
    }

    pub(super) fn sum(&self, rows: &[u32]) -> Sums {
        let (width, origin) = match self {
            Targets::Labels { classes, .. } => (*classes, 0.0),
            Targets::Numbers(numbers) => {
                let count = rows.len().max(1) as f64;
                let parts = rows.iter().map(|&row| numbers[row as usize] / count);
                (2, parts.sum())
            }
        };
        let mut sums = Sums {
            rows: 0,
            origin,
            totals: vec![0.0; width],
            squares: 0.0,
        };
        for &row in rows {
            self.add(&mut sums, row);
        }
        sums
    }

    pub(super) fn add(&self, sums: &mut Sums, row: u32) {
        sums.rows += 1;
        self.change(sums, row, 1.0);
    }

    pub(super) fn take(&self, sums: &mut Sums, row: u32) {
        sums.rows -= 1;
        self.change(sums, row, -1.0);
    }

    fn change(&self, sums: &mut Sums, row: u32, by: f64) {
        match self {
            Targets::Labels { labels, .. } => {
                let count = &mut sums.totals[labels[row as usize]];
                // (k + b)² = k² + b (2k + b), as b² is 1.
                sums.squares += by * (2.0 * *count + by);
                *count += by;
            }
            Targets::Numbers(numbers) => {
                let y = numbers[row as usize] - sums.origin;
                sums.totals[0] += by * y;
                sums.totals[1] += by * y * y;
            }
        }
    }

    /// The impurity times the number of rows: for numbers Σ (y − ȳ)².
    pub(super) fn impurity(&self, sums: &Sums) -> f64 {
        let rows = sums.rows as f64;
        match self {
            Targets::Numbers(_) => sums.totals[1] - sums.totals[0] * sums.totals[0] / rows,
            Targets::Labels { criterion, .. } => match criterion {
                Criterion::Gini => rows - sums.squares / rows,
                Criterion::Entropy => sums
                    .totals
                    .iter()
                    .filter(|&&k| k > 0.0)
                    .map(|k| -k * (k / rows).ln())
                    .sum(),
            },
        }
    }

    /// What the node predicts: the shares of the classes, or the mean.
    pub(super) fn prediction(&self, sums: &Sums) -> Vec<f64> {
        let rows = sums.rows as f64;
        match self {
            Targets::Labels { .. } => sums.totals.iter().map(|k| k / rows).collect(),
            Targets::Numbers(_) => vec![sums.origin + sums.totals[0] / rows],
        }
    }

    /// Whether all rows have the same target, so that there is nothing to separate.
    pub(super) fn all_equal(&self, rows: &[u32]) -> bool {
        fn same<T: PartialEq>(values: ArrayView1<'_, T>, rows: &[u32]) -> bool {
            rows.windows(2)
                .all(|pair| values[pair[0] as usize] == values[pair[1] as usize])
        }
        match self {
            Targets::Labels { labels, .. } => same(labels.view(), rows),
            Targets::Numbers(numbers) => same(numbers.view(), rows),
        }
    }
}
