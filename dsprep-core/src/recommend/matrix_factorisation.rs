//! Matrix factorisation by alternating least squares (question 23).
//!
//! Users and items are vectors whose inner product is to be 1 where a user chose an item, and 0 elsewhere, but what was
//! chosen counts α times more than what was not: not to choose is not to dislike. With the items fixed the users are a
//! ridge regression each, and the other way round. After Hu, Koren and Volinsky, "Collaborative filtering for implicit
//! feedback datasets", 2008. All that is not chosen enters by one matrix YᵀY for all users, so that a round costs
//! O((users + items) d³ + choices d²).

use super::metrics::check_item;
use crate::checks::{not_negative, number, positive, room_for};
use crate::error::out_of_range;
use crate::linear::solve_positive_definite;
use crate::options::options;
use crate::random::RandomState;
use crate::saved::{checked, unless_consistent};
use crate::{Error, Result};
use ndarray::{Array1, Array2, ArrayRef1};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

options! {
    /// How a factorisation is fitted.
    ///
    /// Unless told otherwise: 16 numbers, 10 rounds, a weight of 40 as in the paper, a penalty of 1.
    #[derive(Debug, Clone, Copy, PartialEq)]
    pub struct FactorOptions {
        /// d, the numbers in a vector.
        pub dimensions: usize = 16,
        /// How often users and items are fitted, one after the other.
        pub rounds: usize = 10,
        /// α: by how much more a choice counts than none.
        pub weight: f64 = 40.0,
        /// λ: the penalty on the squares of all numbers.
        pub penalty: f64 = 1.0,
    }
}

/// Vectors of users and items.
///
/// # Examples
/// ```
/// use dsprep_core::{random::RandomState, recommend::{FactorOptions, MatrixFactorisation}};
/// // Two tastes: items 0 to 2 and items 3 to 5. The first user has not seen item 2.
/// let histories = [vec![0, 1], vec![0, 1, 2], vec![1, 2], vec![3, 4, 5], vec![3, 5]];
/// let options = FactorOptions::default().dimensions(2);
/// let model = MatrixFactorisation::fit(&histories, 6, options, &mut RandomState::seed(23))?;
/// assert_eq!(model.recommend(0, 1, &histories[0])?, [2]);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct MatrixFactorisation {
    #[serde(with = "crate::saved::array")]
    users: Array2<f64>,
    #[serde(with = "crate::saved::array")]
    items: Array2<f64>,
    losses: Vec<f64>,
}

checked!(MatrixFactorisation);

impl MatrixFactorisation {
    /// Fits vectors to the items of each user.
    ///
    /// # Errors
    /// [`Error::Empty`] without users; [`Error::OutOfRange`] if `n_items` is 0, an item's number is not below it, or an option
    /// makes no sense or asks for more than memory holds; [`Error::Undefined`] if the factors overflow.
    pub fn fit(
        histories: &[Vec<usize>],
        n_items: usize,
        options: FactorOptions,
        rng: &mut RandomState,
    ) -> Result<Self> {
        if histories.is_empty() {
            return Err(Error::Empty {
                what: "`histories`",
                item: "user",
            });
        }
        for (what, count) in [
            ("`n_items`", n_items),
            ("`dimensions`", options.dimensions),
            ("`rounds`", options.rounds),
        ] {
            crate::checks::at_least_one(what, count)?;
        }
        not_negative("`weight`", options.weight)?;
        positive("`penalty`", options.penalty)?;
        // A list for each item, and its factors.
        room_for("`n_items`", n_items, options.dimensions.saturating_add(4))?;
        room_for("the users' factors", histories.len(), options.dimensions)?;
        let d = options.dimensions;
        room_for("`dimensions`, squared,", d, d)?;
        let mut chosen_by: Vec<Vec<usize>> = vec![Vec::new(); n_items];
        let mut chosen = Vec::with_capacity(histories.len());
        for (user, history) in histories.iter().enumerate() {
            for (at, &item) in history.iter().enumerate() {
                check_item(|| format!("`histories[{user}][{at}]`"), item, n_items)?;
            }
            let history: BTreeSet<usize> = history.iter().copied().collect();
            history.iter().for_each(|&item| chosen_by[item].push(user));
            chosen.push(Vec::from_iter(history));
        }
        let mut model = MatrixFactorisation {
            users: Array2::zeros((histories.len(), d)),
            items: rng.randn((n_items, d))? / (d as f64).sqrt(),
            losses: Vec::new(),
        };
        for _ in 0..options.rounds {
            crate::cell::check_interrupt();
            model.users = fitted(&model.items, &chosen, &options)?;
            model.items = fitted(&model.users, &chosen_by, &options)?;
            let loss = number("the loss of the factors", model.loss(&chosen, &options))?;
            model.losses.push(loss);
        }
        Ok(model)
    }

    /// The `k` items with the largest scores for `user`, those in `seen` left out, the lower number first of equal scores.
    /// O(items · d).
    ///
    /// # Errors
    /// [`Error::OutOfRange`] if there is no such user.
    pub fn recommend(&self, user: usize, k: usize, seen: &[usize]) -> Result<Vec<usize>> {
        if user >= self.users.nrows() {
            return Err(out_of_range(
                "`user`",
                user,
                "the number of a known user, counted from 0",
            ));
        }
        let scores = self.items.dot(&self.users.row(user));
        let seen: BTreeSet<&usize> = seen.iter().collect();
        let mut items: Vec<usize> = (0..scores.len())
            .filter(|item| !seen.contains(item))
            .collect();
        items.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]));
        items.truncate(k);
        Ok(items)
    }

    /// The vectors of the users, users × d.
    pub fn users(&self) -> &Array2<f64> {
        &self.users
    }

    /// The vectors of the items, items × d.
    pub fn items(&self) -> &Array2<f64> {
        &self.items
    }

    /// The loss after each round; it never rises.
    pub fn losses(&self) -> &[f64] {
        &self.losses
    }

    /// Whether what was read can be a model.
    fn check_stored(&self) -> Result<()> {
        let fits = self.users.ncols() == self.items.ncols();
        unless_consistent(fits, "vectors of equal length")
    }

    /// Σ c (p − x·y)² + λ (Σ ‖x‖² + Σ ‖y‖²), in which all that was not chosen is summed by the matrices alone.
    fn loss(&self, chosen: &[Vec<usize>], options: &FactorOptions) -> f64 {
        let squares = |vectors: &Array2<f64>| vectors.iter().map(|v| v * v).sum::<f64>();
        let gram = self.items.t().dot(&self.items);
        let mut loss = options.penalty * (squares(&self.users) + squares(&self.items));
        for (x, items) in self.users.rows().into_iter().zip(chosen) {
            loss += x.dot(&gram.dot(&x));
            for &item in items {
                let score = x.dot(&self.items.row(item));
                loss += (1.0 + options.weight) * (1.0 - score).powi(2) - score * score;
            }
        }
        loss
    }
}

/// For each list of choices the vector that fits them best: (YᵀY + α Σ y yᵀ + λ I) x = (1 + α) Σ y, over the chosen.
fn fitted(
    others: &Array2<f64>,
    chosen: &[Vec<usize>],
    options: &FactorOptions,
) -> Result<Array2<f64>> {
    let d = others.ncols();
    let shared = others.t().dot(others) + Array2::<f64>::eye(d) * options.penalty;
    let mut vectors = Array2::zeros((chosen.len(), d));
    for (mut vector, chosen) in vectors.rows_mut().into_iter().zip(chosen) {
        let mut matrix = shared.clone();
        let mut right = Array1::zeros(d);
        for &other in chosen {
            let y: &ArrayRef1<f64> = &others.row(other);
            for (i, mut row) in matrix.rows_mut().into_iter().enumerate() {
                row.scaled_add(options.weight * y[i], y);
            }
            right.scaled_add(1.0 + options.weight, y);
        }
        let solved = solve_positive_definite(matrix, &right).ok_or(Error::Undefined {
            what: "a matrix factorisation",
            reason: "the penalty is too small for the numbers".to_owned(),
            remedy: "Take a greater penalty or a smaller weight.",
        })?;
        vector.assign(&solved);
    }
    Ok(vectors)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn histories() -> Vec<Vec<usize>> {
        vec![
            vec![0, 1],
            vec![0, 1, 2, 2],
            vec![1, 2],
            vec![3, 4, 5],
            vec![3, 5],
            vec![],
        ]
    }

    /// Each round in NumPy with the same start, by the weighted ridge regression over *all* items:
    /// `tests/peers/recommend_baselines.py`.
    #[test]
    fn vectors_equal_weighted_ridge_regressions_of_numpy() -> Result<()> {
        let options = FactorOptions {
            dimensions: 2,
            rounds: 3,
            ..FactorOptions::default()
        };
        let model = MatrixFactorisation::fit(&histories(), 6, options, &mut RandomState::seed(23))?;
        let scores = model.users().dot(&model.items().t());
        for (found, expected) in [
            scores[[0, 2]],
            scores[[3, 4]],
            scores[[0, 3]],
            model.losses()[2],
        ]
        .into_iter()
        .zip(EXPECTED)
        {
            assert!(
                (found - expected).abs() < 1e-9 * expected.abs().max(1.0),
                "{found} {expected}"
            );
        }
        assert!(
            model.users().row(5).iter().all(|&x| x == 0.0),
            "nothing is known of who chose nothing"
        );
        Ok(())
    }

    #[test]
    fn the_loss_never_rises() -> Result<()> {
        let mut rng = RandomState::seed(1);
        let histories: Vec<Vec<usize>> = (0..30)
            .map(|_| rng.choice(20, 5).map(|items| items.to_vec()))
            .collect::<Result<_>>()?;
        let model = MatrixFactorisation::fit(&histories, 20, FactorOptions::default(), &mut rng)?;
        assert!(
            model
                .losses()
                .windows(2)
                .all(|pair| pair[1] <= pair[0] * (1.0 + 1e-9)),
            "{:?}",
            model.losses()
        );
        Ok(())
    }

    #[test]
    fn options_that_make_no_sense_and_strangers_are_named() -> Result<()> {
        let fit = |histories: &[Vec<usize>], n_items, options| {
            MatrixFactorisation::fit(histories, n_items, options, &mut RandomState::seed(0))
        };
        let options = FactorOptions::default();
        assert!(fit(&[], 6, options).is_err() && fit(&histories(), 5, options).is_err());
        assert!(
            fit(
                &histories(),
                6,
                FactorOptions {
                    dimensions: 0,
                    ..options
                }
            )
            .is_err()
        );
        assert!(
            fit(
                &histories(),
                6,
                FactorOptions {
                    rounds: 0,
                    ..options
                }
            )
            .is_err()
        );
        assert!(
            fit(
                &histories(),
                6,
                FactorOptions {
                    weight: -1.0,
                    ..options
                }
            )
            .is_err()
        );
        assert!(
            fit(
                &histories(),
                6,
                FactorOptions {
                    penalty: 0.0,
                    ..options
                }
            )
            .is_err()
        );
        assert!(fit(&histories(), 6, options)?.recommend(6, 1, &[]).is_err());
        Ok(())
    }

    const EXPECTED: [f64; 4] = [
        0.3258298694837234,
        0.93072961649782,
        0.0569221245001557,
        40.631063303679326,
    ];
}
