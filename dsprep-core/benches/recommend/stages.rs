//! Ranking 100 candidates, re-ranking them, and a whole request.

use crate::clock;
use crate::table::Row;
use dsprep_core::Result;
use dsprep_core::random::RandomState;
use dsprep_core::recommend::{
    Candidate, Market, MarketOptions, Recommender, RecommenderOptions, Reranker, Sponsored,
};

const REQUESTS: usize = 1000;

/// Trains a recommender on a market of 2,000 items, and times its stages.
pub fn run() -> Result<Vec<Row>> {
    let mut rng = RandomState::seed(23);
    let market = Market::generate(MarketOptions::default(), &mut rng)?;
    let options = RecommenderOptions::default();
    let (recommender, training) = clock::once(|| Recommender::train(&market, options, &mut rng));
    let recommender = recommender?;
    let user = |at: usize| at % market.users;
    let mut candidates = Vec::new();
    for at in 0..REQUESTS {
        candidates.push(recommender.candidates(user(at), 100)?);
    }
    let ranking = clock::each(REQUESTS, |at| recommender.rank(user(at), &candidates[at]));
    let request = clock::each(REQUESTS, |at| recommender.recommend(user(at), 10));
    Ok(vec![
        Row::new("rank 100, 60 trees (build: all)", training, None, ranking),
        reranking(&mut rng)?,
        Row::new("a request among 2,000 items", None, None, request),
    ])
}

/// 100 ranked items of 32 dimensions to 10, with all the rules.
fn reranking(rng: &mut RandomState) -> Result<Row> {
    let vectors = rng.randn((100, 32))?;
    let candidate = |item: usize, rng: &mut RandomState| Candidate {
        item,
        score: rng.rand(()),
        seller: item % 25,
        age: 60.0 * rng.rand(()),
    };
    let ranked: Vec<Candidate> = (0..100).map(|item| candidate(item, rng)).collect();
    let sponsored = Sponsored {
        slot: 2,
        item: 500,
        seller: 7,
    };
    let reranker = Reranker::default()
        .seller_cap(Some(2))
        .blocked([3, 14, 15, 92].into())
        .sponsored(vec![sponsored]);
    reranker.rerank(&ranked, &vectors, 10)?;
    let times = clock::each(REQUESTS, |_| reranker.rerank(&ranked, &vectors, 10));
    Ok(Row::new("re-rank 100 to 10, all rules", None, None, times))
}
