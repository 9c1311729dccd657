//! A recommender in three stages (question 23).
//!
//! | stage | from … to | what it is | here |
//! |---|---|---|---|
//! | candidates | millions … 100 | a two-tower model and an index of its vectors | [`TwoTower`], [`ExactIndex`], [`IvfIndex`] |
//! | ranking | 100 … 20 | boosted trees on features of user and item together | [`FeatureStore`], [`GradientBoosting`](crate::trees::GradientBoosting) |
//! | re-ranking | 20 … 10 | diversity, freshness, rules | [`maximal_marginal_relevance`], [`Reranker`] |
//!
//! [`most_popular`], [`ItemItem`] and [`MatrixFactorisation`] are the baselines to beat; [`off_policy_value`] asks the log of an
//! old policy about a new one. [`Recommender`] is all three. [`Market`] makes the data, [`ranking_report`] measures, [`CapacityPlan`]
//! sizes the service and [`Queue`] checks the sum. [`MockRecommender`] is the original's. The stages after
//! Covington, Adams and Sargin, "Deep neural networks for YouTube recommendations", 2016.

mod capacity;
mod features;
mod first_hit;
mod index;
mod item_item;
mod market;
mod matrix_factorisation;
mod metrics;
mod mmr;
mod off_policy;
mod original;
mod queue;
mod recommender;
mod rerank;
mod sampled_softmax;
mod similarity;
mod two_tower;

pub use capacity::{CapacityPlan, Machine, Measured, Workload};
pub use features::FeatureStore;
pub use first_hit::{hit_at_k, precision_at_k, reciprocal_rank};
pub use index::{ExactIndex, Hit, IvfIndex};
pub use item_item::{ItemItem, most_popular};
pub use market::{Interaction, Item, Market, MarketOptions};
pub use matrix_factorisation::{FactorOptions, MatrixFactorisation};
pub use metrics::{
    RankingReport, average_precision_at_k, catalogue_coverage, intra_list_diversity, ndcg_at_k,
    novelty, ranking_report, recall_at_k,
};
pub use mmr::maximal_marginal_relevance;
pub use off_policy::{OffPolicyValue, off_policy_value};
pub use original::MockRecommender;
pub use queue::{Queue, erlang_c};
pub use recommender::{Recommender, RecommenderOptions};
pub use rerank::{Candidate, Reranker, ServedItem, Sponsored};
pub use two_tower::{TowerOptions, TwoTower};
