//! Ranking 100 candidates, re-ranking them, and a whole request.

use crate::compare::{Outcome, Peer, Step};
use crate::core_time::core_time;
use crate::measurement::CoreTime;
use criterion::Criterion;
use dsprep_core::ndarray::{Array1, Array2};
use dsprep_core::random::RandomState;
use dsprep_core::recommend::{
    Candidate, Market, MarketOptions, Recommender, RecommenderOptions, Reranker, Sponsored,
    maximal_marginal_relevance,
};
use std::fmt::Write;
use std::fs;
use std::path::Path;

/// How many users a step serves, one after the other.
const USERS: usize = 100;
/// What relevance weighs against likeness.
const LAMBDA: f64 = 0.7;

/// 100 candidates of 32 dimensions.
pub struct Candidates {
    relevance: Array1<f64>,
    vectors: Array2<f64>,
}

pub fn candidates() -> Outcome<Candidates> {
    let mut rng = RandomState::seed(23);
    Ok(Candidates {
        relevance: rng.uniform(0.0, 1.0, 100)?,
        vectors: rng.normal(0.0, 1.0, (100, 32))?,
    })
}

/// Gives them to the peer: a line for each candidate, its relevance and its vector.
pub fn write(folder: &Path, candidates: &Candidates) -> Outcome<()> {
    let mut lines = String::new();
    for (relevance, vector) in candidates
        .relevance
        .iter()
        .zip(candidates.vectors.outer_iter())
    {
        write!(lines, "{relevance:?}")?;
        for number in vector {
            write!(lines, ",{number:?}")?;
        }
        lines.push('\n');
    }
    Ok(fs::write(folder.join("candidates.csv"), lines)?)
}

/// Re-ranks the candidates, then trains a recommender on a market of 2,000 items and times its stages.
pub fn run(
    criterion: &mut Criterion<CoreTime>,
    peer: &mut Option<Peer>,
    candidates: &Candidates,
) -> Outcome<()> {
    let Candidates { relevance, vectors } = candidates;
    Step::new("re-rank 100 to 10 by maximal marginal relevance")
        .beside("NumPy", "MMR", 0.0)
        .compare(
            criterion,
            peer,
            || maximal_marginal_relevance(relevance, vectors, LAMBDA, 10),
            |taken| taken.iter().sum::<usize>() as f64,
        )?;
    let (ranked, reranker) = (ranked(relevance)?, reranker());
    Step::new("re-rank 100 to 10 by all the rules").compare(
        criterion,
        peer,
        || reranker.rerank(&ranked, vectors, 10),
        |_| 0.0,
    )?;
    requests(criterion, peer)
}

fn requests(criterion: &mut Criterion<CoreTime>, peer: &mut Option<Peer>) -> Outcome<()> {
    let mut rng = RandomState::seed(23);
    let market = Market::generate(MarketOptions::default(), &mut rng)?;
    let start = core_time();
    let recommender = Recommender::train(&market, RecommenderOptions::default(), &mut rng)?;
    let trained = (core_time() - start).as_secs_f64();
    println!("the recommender is trained in {trained:.1} s");
    let mut found = Vec::new();
    for user in 0..USERS {
        found.push(recommender.candidates(user, 100)?);
    }
    let each = |serve: &dyn Fn(usize) -> dsprep_core::Result<usize>| -> dsprep_core::Result<usize> {
        (0..USERS).map(serve).sum()
    };
    let rank = |user: usize| Ok(recommender.rank(user, &found[user])?.len());
    Step::new("rank 100 items by 60 trees, for 100 users").compare(
        criterion,
        peer,
        || each(&rank),
        |_| 0.0,
    )?;
    let recommend = |user: usize| Ok(recommender.recommend(user, 10)?.len());
    Step::new("whole requests of 100 users, 2,000 items").compare(
        criterion,
        peer,
        || each(&recommend),
        |_| 0.0,
    )
}

fn ranked(relevance: &Array1<f64>) -> Outcome<Vec<Candidate>> {
    let ages = RandomState::seed(24).uniform(0.0, 60.0, relevance.len())?;
    let candidate = |(item, (&score, &age)): (usize, (&f64, &f64))| Candidate {
        item,
        score,
        seller: item % 25,
        age,
    };
    Ok(relevance
        .iter()
        .zip(&ages)
        .enumerate()
        .map(candidate)
        .collect())
}

fn reranker() -> Reranker {
    let sponsored = Sponsored {
        slot: 2,
        item: 500,
        seller: 7,
    };
    Reranker::default()
        .seller_cap(Some(2))
        .blocked([3, 14, 15, 92].into())
        .sponsored(vec![sponsored])
}
