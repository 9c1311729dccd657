//! The three stages together: candidates, ranking, re-ranking (question 23).

use super::features::FeatureStore;
use super::index::{Hit, IvfIndex};
use super::market::Market;
use super::rerank::{Candidate, Reranker, ServedItem};
use super::two_tower::{TowerOptions, TwoTower};
use crate::checks::at_least_one;
use crate::options::options;
use crate::random::RandomState;
use crate::saved::{checked, unless_consistent};
use crate::trees::{BoostedClassifier, GradientBoosting};
use crate::{Error, Result};
use ndarray::{Array1, Array2, Axis, concatenate};
use serde::{Deserialize, Serialize};

/// How many candidates the ranker gets.
const CANDIDATES: usize = 100;

options! {
    /// How a recommender is trained, and what it does at the end.
    ///
    /// Unless told otherwise: the defaults of the stages, 40 lists, 12 probes, 400 users, 60 trees.
    #[derive(Debug, Clone, PartialEq)]
    pub struct RecommenderOptions {
        /// The first stage's model.
        pub towers: TowerOptions = TowerOptions::default(),
        /// The number of lists of its index, and how many of them are looked into.
        pub lists_and_probes: (usize, usize) = (40, 12),
        /// How many users' candidates the ranker learns from.
        pub ranker_users: usize = 400,
        /// The number of the ranker's trees.
        pub trees: usize = 60,
        /// The third stage.
        pub reranker: Reranker = Reranker::default(),
    }
}

/// A recommender that was trained on a market's first two periods, and serves on the first day of the third.
///
/// # Examples
/// ```
/// use dsprep_core::random::RandomState;
/// use dsprep_core::recommend::{Market, MarketOptions, Recommender, RecommenderOptions};
///
/// let mut rng = RandomState::seed(23);
/// let market = MarketOptions::default().users(200).items(300);
/// let market = Market::generate(market, &mut rng)?;
/// let recommender = Recommender::train(&market, RecommenderOptions::default(), &mut rng)?;
/// let candidates = recommender.candidates(7, 100)?;
/// let ranked = recommender.rank(7, &candidates)?;
/// let list = recommender.rerank(&ranked, 10)?;
/// assert_eq!(list, recommender.recommend(7, 10)?);
/// assert_eq!(list.len(), 10);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct Recommender {
    #[serde(with = "crate::saved::array")]
    item_vectors: Array2<f32>,
    #[serde(with = "crate::saved::array")]
    user_vectors: Array2<f32>,
    index: IvfIndex,
    probes: usize,
    store: FeatureStore,
    ranker: BoostedClassifier,
    reranker: Reranker,
}

checked!(Recommender);

impl Recommender {
    /// Trains the towers on days 0 to 30 and the ranker on what users chose from the towers' candidates on
    /// days 30 to 34; then takes both periods as history.
    ///
    /// The ranker must learn from later choices than the towers: on the towers' own interactions the score
    /// looks better than it is, and the ranker would learn to trust nothing else.
    ///
    /// # Errors
    /// Those of [`TwoTower::train`], [`IvfIndex::build`] and [`GradientBoosting`]; [`Error::Undefined`] if
    /// no candidate was chosen.
    pub fn train(
        market: &Market,
        options: RecommenderOptions,
        rng: &mut RandomState,
    ) -> Result<Self> {
        let towers = TwoTower::train(market, options.towers, rng)?;
        Self::with_towers(market, &towers, options, rng)
    }

    /// The same, with towers that are trained already.
    ///
    /// # Errors
    /// As [`train`](Self::train).
    pub fn with_towers(
        market: &Market,
        towers: &TwoTower,
        options: RecommenderOptions,
        rng: &mut RandomState,
    ) -> Result<Self> {
        let item_vectors = towers.item_vectors();
        let (lists, probes) = options.lists_and_probes;
        let index = IvfIndex::build(&item_vectors, lists, rng)?;
        let mut histories = market.by_user(&market.train);
        let chosen = market.by_user(&market.validation);
        let store = FeatureStore::new(market, &histories, first_day(&market.validation))?;
        let stage = Candidates {
            user_vectors: &towers.user_vectors(&histories)?,
            index: &index,
            probes,
            store: &store,
        };
        let (x, y) = stage.labelled(&chosen, options.ranker_users.min(market.users))?;
        let ranker = GradientBoosting::classifier()
            .trees(options.trees)
            .depth(4)
            .learning_rate(0.1)
            .min_leaf(40)
            .fit(&x, &y)?;
        for (history, later) in histories.iter_mut().zip(chosen) {
            history.extend(later);
        }
        Ok(Recommender {
            user_vectors: towers.user_vectors(&histories)?,
            store: FeatureStore::new(market, &histories, first_day(&market.test))?,
            item_vectors,
            index,
            probes,
            ranker,
            reranker: options.reranker,
        })
    }

    /// The first stage: `k` items that are near the user, published, and not in their history.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] if the user is unknown or `k` is 0.
    pub fn candidates(&self, user: usize, k: usize) -> Result<Vec<Hit>> {
        let stage = Candidates {
            user_vectors: &self.user_vectors,
            index: &self.index,
            probes: self.probes,
            store: &self.store,
        };
        stage.of(user, k)
    }

    /// The second stage: the candidates by the probability that the user chooses them.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] if the user or an item is unknown.
    pub fn rank(&self, user: usize, candidates: &[Hit]) -> Result<Vec<Candidate>> {
        if candidates.is_empty() {
            return Ok(Vec::new());
        }
        let scores = self
            .ranker
            .probabilities(&self.store.features(user, candidates)?)?;
        let candidate = |(hit, &score): (&Hit, &f64)| Candidate {
            item: hit.item,
            score,
            seller: self.store.item(hit.item).seller,
            age: self.store.age(hit.item),
        };
        let mut ranked: Vec<Candidate> = candidates.iter().zip(&scores).map(candidate).collect();
        ranked.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.item.cmp(&b.item)));
        Ok(ranked)
    }

    /// The third stage, on the best 2n of the ranked items.
    ///
    /// # Errors
    /// Those of [`Reranker::rerank`]; [`Error::OutOfRange`] if an item is unknown.
    pub fn rerank(&self, ranked: &[Candidate], n: usize) -> Result<Vec<ServedItem>> {
        let best = &ranked[..ranked.len().min(n.saturating_mul(2))];
        self.reranker.rerank(best, &self.vectors_of(best)?, n)
    }

    /// All three stages: at most `n` items for the user.
    ///
    /// # Errors
    /// Those of the stages.
    pub fn recommend(&self, user: usize, n: usize) -> Result<Vec<ServedItem>> {
        let candidates = self.candidates(user, CANDIDATES)?;
        self.rerank(&self.rank(user, &candidates)?, n)
    }

    /// The vectors of ranked items (m×d), for [`maximal_marginal_relevance`](super::maximal_marginal_relevance).
    ///
    /// # Errors
    /// [`Error::OutOfRange`] if an item is unknown.
    pub fn vectors_of(&self, ranked: &[Candidate]) -> Result<Array2<f64>> {
        let mut vectors = Array2::zeros((ranked.len(), self.item_vectors.ncols()));
        for (at, (candidate, mut row)) in ranked.iter().zip(vectors.rows_mut()).enumerate() {
            let place = || format!("`ranked[{at}].item`");
            super::metrics::check_item(place, candidate.item, self.item_vectors.nrows())?;
            let vector = self.item_vectors.row(candidate.item);
            row.assign(&vector.mapv(f64::from));
        }
        Ok(vectors)
    }

    /// The second stage's model.
    pub fn ranker(&self) -> &BoostedClassifier {
        &self.ranker
    }

    /// The vectors of all users (users×d).
    pub fn user_vectors(&self) -> &Array2<f32> {
        &self.user_vectors
    }

    /// The first stage's index.
    pub fn index(&self) -> &IvfIndex {
        &self.index
    }

    /// How many lists of the index are looked into.
    pub fn probes(&self) -> usize {
        self.probes
    }

    /// Whether what was read can be a model.
    fn check_stored(&self) -> Result<()> {
        let (items, dimensions) = self.item_vectors.dim();
        let vectors = self.item_vectors.iter().chain(&self.user_vectors);
        let fits = vectors.into_iter().all(|number| number.is_finite())
            && self.user_vectors.ncols() == dimensions
            && self.index.len() == items
            && self.index.dimensions() == dimensions
            && (1..=self.index.lists()).contains(&self.probes)
            && self.store.holds(items, self.user_vectors.nrows())
            && self.ranker.log_odds().features() == FeatureStore::NAMES.len();
        unless_consistent(fits, "parts for the same users and items")
    }
}

/// What the first stage needs.
struct Candidates<'a> {
    user_vectors: &'a Array2<f32>,
    index: &'a IvfIndex,
    probes: usize,
    store: &'a FeatureStore,
}

impl Candidates<'_> {
    fn of(&self, user: usize, k: usize) -> Result<Vec<Hit>> {
        let Some(history) = self.store.history_len(user) else {
            return Err(Error::OutOfRange {
                what: "`user`".to_owned(),
                found: user.to_string(),
                expected: "the number of a known user, counted from 0",
            });
        };
        at_least_one("`k`", k)?;
        let more = k.saturating_mul(2).saturating_add(history);
        let more = more.min(self.index.len());
        let mut hits = self
            .index
            .search(&self.user_vectors.row(user), more, self.probes)?;
        hits.retain(|hit| self.store.is_open(user, hit.item));
        hits.truncate(k);
        Ok(hits)
    }

    /// The features of the candidates of the first `users`, and whether each was chosen.
    fn labelled(
        &self,
        chosen: &[Vec<usize>],
        users: usize,
    ) -> Result<(Array2<f64>, Array1<usize>)> {
        let mut parts = Vec::new();
        let mut labels = Vec::new();
        for (user, chosen) in chosen.iter().enumerate().take(users) {
            let candidates = self.of(user, CANDIDATES)?;
            let label = |hit: &Hit| usize::from(chosen.contains(&hit.item));
            labels.extend(candidates.iter().map(label));
            parts.push(self.store.features(user, &candidates)?);
        }
        if !labels.contains(&1) {
            return Err(Error::Undefined {
                what: "a ranker",
                reason: "no candidate was chosen in the second period".to_owned(),
                remedy: "Use more users, or more probes of the index.",
            });
        }
        let views: Vec<_> = parts.iter().map(|part| part.view()).collect();
        let x = concatenate(Axis(0), &views).map_err(|error| Error::Undefined {
            what: "a ranker",
            reason: error.to_string(),
            remedy: "Use at least one user.",
        })?;
        Ok((x, Array1::from_vec(labels)))
    }
}

/// The day on which a period begins, by its first choice.
fn first_day(choices: &[super::market::Interaction]) -> f64 {
    let first = choices
        .iter()
        .map(|choice| choice.day)
        .fold(f64::INFINITY, f64::min);
    if first.is_finite() { first } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recommend::{MarketOptions, ranking_report};

    fn trained() -> (Market, Recommender) {
        let mut rng = RandomState::seed(23);
        let options = MarketOptions {
            users: 800,
            items: 800,
            ..MarketOptions::default()
        };
        let market = Market::generate(options, &mut rng).unwrap();
        let options = RecommenderOptions {
            ranker_users: 800,
            ..RecommenderOptions::default()
        };
        let recommender = Recommender::train(&market, options, &mut rng).unwrap();
        (market, recommender)
    }

    #[test]
    fn the_ranker_orders_the_candidates_better_than_the_towers() {
        let (market, recommender) = trained();
        let relevant = market.by_user(&market.test);
        let (mut by_towers, mut by_ranker) = (Vec::new(), Vec::new());
        for user in 0..market.users {
            let candidates = recommender.candidates(user, 100).unwrap();
            let ranked = recommender.rank(user, &candidates).unwrap();
            by_towers.push(candidates.iter().map(|hit| hit.item).collect::<Vec<_>>());
            by_ranker.push(ranked.iter().map(|candidate| candidate.item).collect());
        }
        let counts = market.popularity();
        let towers = ranking_report(&by_towers, &relevant, 10, &counts).unwrap();
        let ranker = ranking_report(&by_ranker, &relevant, 10, &counts).unwrap();
        assert!(ranker.ndcg > 1.05 * towers.ndcg, "{ranker:?} {towers:?}");
        let cold = market.is_cold();
        assert!(by_towers.iter().flatten().any(|&item| cold[item]));
    }

    #[test]
    fn a_list_holds_nothing_that_was_chosen_before_or_comes_twice() {
        let (market, recommender) = trained();
        let before = [&market.train[..], &market.validation].concat();
        let before = market.by_user(&before);
        for (user, before) in before.iter().enumerate().take(50) {
            let list = recommender.recommend(user, 10).unwrap();
            let mut items: Vec<usize> = list.iter().map(|served| served.item).collect();
            assert!(items.iter().all(|item| !before.contains(item)));
            items.sort_unstable();
            items.dedup();
            assert_eq!(items.len(), 10);
        }
    }

    #[test]
    fn unknown_users_and_items_are_named() {
        let (_, recommender) = trained();
        let error = recommender.recommend(800, 10).unwrap_err();
        assert!(error.to_string().starts_with("`user` is 800"), "{error}");
        let unknown = Hit {
            item: 800,
            score: 0.0,
        };
        let error = recommender.rank(0, &[unknown]).unwrap_err();
        assert!(
            error.to_string().starts_with("`candidates[0].item` is 800"),
            "{error}"
        );
        assert!(recommender.candidates(0, 0).is_err());
    }
}
