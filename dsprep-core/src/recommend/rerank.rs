//! The last word: freshness, diversity and the rules of the business (question 23).

use super::mmr::{mmr_among, share_between};
use crate::error::count;
use crate::options::options;
use crate::{Error, Result};
use ndarray::{Array1, ArrayRef2, Axis};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A ranked item, with what the rules look at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate {
    /// Its number.
    pub item: usize,
    /// What the ranker gave it; more is better.
    pub score: f64,
    /// Who sells it.
    pub seller: usize,
    /// How many days ago it was published.
    pub age: f64,
}

/// A place that was sold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sponsored {
    /// The place in the list, from 0.
    pub slot: usize,
    /// What is to be there.
    pub item: usize,
    /// Who sells it.
    pub seller: usize,
}

/// An item of the list that the user sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServedItem {
    /// Its number.
    pub item: usize,
    /// Whether the place was sold; a user must be told.
    pub sponsored: bool,
}

options! {
    /// How the ranked items become the list that is shown.
    ///
    /// Unless told otherwise: λ = 0.7, freshness 0.1 with a half-life of 7 days, and no rules.
    ///
    /// # Examples
    /// ```
    /// use dsprep_core::{ndarray::Array2, recommend::{Candidate, Reranker, Sponsored}};
    ///
    /// let candidate = |item, score, seller| Candidate { item, score, seller, age: 30.0 };
    /// let ranked = [candidate(5, 0.9, 1), candidate(6, 0.8, 1), candidate(7, 0.7, 2), candidate(8, 0.6, 3)];
    /// let reranker = Reranker::default()
    ///     .seller_cap(Some(1))
    ///     .blocked([7].into())
    ///     .sponsored(vec![Sponsored { slot: 1, item: 40, seller: 4 }]);
    /// let list = reranker.rerank(&ranked, &Array2::eye(4), 3)?;
    /// let items: Vec<usize> = list.iter().map(|served| served.item).collect();
    /// assert_eq!(items, [5, 40, 8]);    // 6 is seller 1's second, 7 is blocked
    /// # Ok::<(), dsprep_core::Error>(())
    /// ```
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    pub struct Reranker {
        /// How much relevance counts against diversity, 0 to 1; see
        /// [`maximal_marginal_relevance`](super::maximal_marginal_relevance).
        pub lambda: f64 = 0.7,
        /// What is added to the score of an item that was published now; scores are scaled to 0 … 1 before.
        pub freshness: f64 = 0.1,
        /// After how many days half of it is left.
        pub half_life: f64 = 7.0,
        /// How many items of one seller a list may hold, sold places included.
        pub seller_cap: Option<usize> = None,
        /// What must not be shown.
        pub blocked: BTreeSet<usize> = BTreeSet::new(),
        /// The places that were sold.
        pub sponsored: Vec<Sponsored> = Vec::new(),
    }
}

impl Reranker {
    /// The list of at most `n` items: of `ranked` (m) with their `vectors` (m×d), and of the sold places.
    /// Shorter than `n` if the rules leave too few. O(n m d).
    ///
    /// # Errors
    /// [`Error::Shape`] unless there is a vector for each candidate, [`Error::OutOfRange`] if a score or
    /// vector is not finite, an age negative, an item there twice, a sold place outside the list, sold
    /// twice or with a blocked item, and those of the weights, [`Error::Empty`] without candidates.
    pub fn rerank(
        &self,
        ranked: &[Candidate],
        vectors: &ArrayRef2<f64>,
        n: usize,
    ) -> Result<Vec<ServedItem>> {
        self.check(ranked, vectors, n)?;
        let sold: BTreeSet<usize> = self.sponsored.iter().map(|place| place.item).collect();
        let may = |at: &usize| {
            let item = ranked[*at].item;
            !self.blocked.contains(&item) && !sold.contains(&item)
        };
        let open: Vec<usize> = (0..ranked.len()).filter(may).collect();
        let wanted = (n - self.sponsored.len()).min(open.len());
        let chosen = match wanted {
            0 => Vec::new(),
            _ => {
                let relevance = self.relevance(ranked).select(Axis(0), &open);
                let vectors = vectors.select(Axis(0), &open);
                let seller = |at: usize| ranked[open[at]].seller;
                let allowed = |taken: &[usize], at: usize| match self.seller_cap {
                    None => true,
                    Some(cap) => {
                        let sold = self
                            .sponsored
                            .iter()
                            .filter(|s| s.seller == seller(at))
                            .count();
                        let taken = taken.iter().filter(|&&t| seller(t) == seller(at)).count();
                        sold + taken < cap
                    }
                };
                mmr_among(&relevance, &vectors, self.lambda, wanted, allowed)?
            }
        };
        let organic = chosen.into_iter().map(|at| ranked[open[at]].item);
        Ok(self.with_sponsored(organic, n))
    }

    /// The scores, scaled to 0 … 1, and what is added for freshness.
    fn relevance(&self, ranked: &[Candidate]) -> Array1<f64> {
        let scores = || ranked.iter().map(|candidate| candidate.score);
        let (least, most) = scores().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), s| {
            (low.min(s), high.max(s))
        });
        let relevance = |candidate: &Candidate| {
            let fresh = (-candidate.age / self.half_life).exp2();
            let share = match most > least {
                true => share_between(candidate.score, least, most),
                false => 0.0,
            };
            share + self.freshness * fresh
        };
        ranked.iter().map(relevance).collect()
    }

    /// Fills the places in order: the sold ones with what was sold, the others with what was chosen.
    fn with_sponsored(
        &self,
        mut organic: impl Iterator<Item = usize>,
        n: usize,
    ) -> Vec<ServedItem> {
        let sold = |slot: usize| self.sponsored.iter().find(|place| place.slot == slot);
        let mut list = Vec::new();
        let mut slot = 0;
        while slot < n {
            let (item, sponsored) = match sold(slot) {
                Some(place) => (Some(place.item), true),
                None => (organic.next(), false),
            };
            match item {
                Some(item) => {
                    list.push(ServedItem { item, sponsored });
                    slot += 1;
                }
                // Nothing is left to fill this place and those up to the next one that was sold.
                None => {
                    let later = self.sponsored.iter().map(|place| place.slot);
                    slot = later.filter(|&later| later > slot).min().unwrap_or(n);
                }
            }
        }
        list
    }

    fn check(&self, ranked: &[Candidate], vectors: &ArrayRef2<f64>, n: usize) -> Result<()> {
        if ranked.is_empty() {
            return Err(Error::Empty {
                what: "`ranked`",
                item: "candidate",
            });
        }
        if vectors.nrows() != ranked.len() {
            return Err(Error::Shape {
                what: "`vectors`",
                found: count(vectors.nrows(), "row"),
                expected: format!("{}, one for each candidate", count(ranked.len(), "row")),
            });
        }
        let wrong = |what: String, found: String, expected: &'static str| {
            Err(Error::OutOfRange {
                what,
                found,
                expected,
            })
        };
        let mut seen = BTreeSet::new();
        for (at, candidate) in ranked.iter().enumerate() {
            if !candidate.score.is_finite() {
                let (what, found) = (format!("`ranked[{at}].score`"), candidate.score.to_string());
                return wrong(what, found, "a finite number");
            }
            if candidate.age.is_nan() || candidate.age < 0.0 {
                let (what, found) = (format!("`ranked[{at}].age`"), candidate.age.to_string());
                return wrong(what, found, "0 or more days: the item is not published yet");
            }
            if !seen.insert(candidate.item) {
                let (what, found) = (format!("`ranked[{at}].item`"), candidate.item.to_string());
                return wrong(what, found, "an item that is not in the list already");
            }
        }
        if !(self.freshness >= 0.0 && self.freshness.is_finite()) {
            let found = self.freshness.to_string();
            return wrong("`freshness`".to_owned(), found, "0 or greater");
        }
        if self.half_life.is_nan() || self.half_life <= 0.0 {
            let found = self.half_life.to_string();
            return wrong("`half_life`".to_owned(), found, "a positive number of days");
        }
        self.check_sponsored(n)
    }

    fn check_sponsored(&self, n: usize) -> Result<()> {
        let mut slots = BTreeSet::new();
        let mut items = BTreeSet::new();
        for (at, place) in self.sponsored.iter().enumerate() {
            let (what, found, expected) = if place.slot >= n || !slots.insert(place.slot) {
                (
                    "slot",
                    place.slot,
                    "a place of the list, from 0, that is not sold already",
                )
            } else if self.blocked.contains(&place.item) {
                (
                    "item",
                    place.item,
                    "an item that is not blocked: money does not lift a policy",
                )
            } else if !items.insert(place.item) {
                ("item", place.item, "an item that has no sold place already")
            } else {
                continue;
            };
            return Err(Error::OutOfRange {
                what: format!("`sponsored[{at}].{what}`"),
                found: found.to_string(),
                expected,
            });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
