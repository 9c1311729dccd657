//! Recommenders with odd catalogues, options and scores.

use crate::told;
use dsprep_core::prelude::*;
use dsprep_core::recommend::{Candidate, FeatureStore, MatrixFactorisation};

#[test]
fn histories_and_factors_that_no_memory_holds_are_named() {
    let all: Vec<usize> = (0..10_000_000).collect();
    let error = told(ItemItem::fit(&[all], 10_000_000));
    assert!(error.contains("pairs of items"), "{error}");
    let options = FactorOptions::default().dimensions(5_000_000);
    let fitted = MatrixFactorisation::fit(&[vec![0]], 2, options, &mut RandomState::seed(1));
    assert!(told(fitted).contains("`dimensions`, squared,"));
}

#[test]
fn a_stored_matrix_of_rows_without_columns_is_refused() -> DsResult<()> {
    let options = FactorOptions::default().dimensions(1).rounds(1);
    let model = MatrixFactorisation::fit(&[vec![0]], 1, options, &mut RandomState::seed(1))?;
    let json = model.to_json()?;
    let start = json.find("\"items\":").unwrap_or_default();
    let end = start + json[start..].find('}').unwrap_or_default() + 1;
    let empty = "\"items\":{\"shape\":[9223372036854775807,0],\"values\":[]}";
    let changed = format!("{}{empty}{}", &json[..start], &json[end..]);
    let error = told(MatrixFactorisation::from_json(&changed));
    assert!(error.contains("holds nothing"), "{error}");
    Ok(())
}

#[test]
fn counts_near_the_largest_number_are_summed() -> DsResult<()> {
    let bits = novelty(&[vec![1]], &[usize::MAX, 1 << 63])?;
    assert!((bits - 3.0_f64.log2()).abs() < 1e-12, "{bits}");
    Ok(())
}

#[test]
fn scores_as_far_apart_as_numbers_can_be_keep_their_order() -> DsResult<()> {
    let scores = array![-1e308, 0.0, 1e308, 1.7e308];
    let vectors = Array2::eye(4);
    assert_eq!(
        maximal_marginal_relevance(&scores, &vectors, 1.0, 4)?,
        [3, 2, 1, 0]
    );
    let candidate = |(item, &score): (usize, &f64)| Candidate {
        item,
        score,
        seller: 0,
        age: 0.0,
    };
    let ranked: Vec<Candidate> = scores.iter().enumerate().map(candidate).collect();
    let served = Reranker::default()
        .lambda(1.0)
        .freshness(0.0)
        .rerank(&ranked, &vectors, 4)?;
    assert_eq!(
        served.iter().map(|place| place.item).collect::<Vec<_>>(),
        [3, 2, 1, 0]
    );
    Ok(())
}

#[test]
fn towers_that_diverge_and_markets_that_do_not_fit_are_named() -> DsResult<()> {
    let rng = &mut RandomState::seed(1);
    let mut market =
        Market::generate(MarketOptions::default().users(30).items(60).choices(4), rng)?;
    let fast = TowerOptions::default().learning_rate(1e300).epochs(2);
    assert!(told(TwoTower::train(&market, fast, rng)).contains("the two towers did not converge"));
    market.items[7].log_price = f64::NAN;
    let histories = vec![vec![]; 30];
    let error = told(FeatureStore::new(&market, &histories, 30.0));
    assert!(
        error.contains("`market.items[7].log_price` is NaN"),
        "{error}"
    );
    market.items.truncate(3);
    let error = told(TwoTower::train(&market, TowerOptions::default(), rng));
    assert!(error.contains("`market.content` has 60 rows"), "{error}");
    Ok(())
}

#[test]
fn a_request_after_a_long_time_takes_as_long_as_any() -> DsResult<()> {
    let rng = &mut RandomState::seed(1);
    let queue = |arrivals| Queue {
        arrivals,
        servers: 1,
        shards: 1,
    };
    assert_eq!(
        queue(1e-17).simulate(&array![0.5], 3, rng)?,
        array![0.5, 0.5, 0.5]
    );
    let error = told(queue(5e-324).simulate(&array![0.5], 3, rng));
    assert!(error.contains("the time of the last arrival"), "{error}");
    Ok(())
}

#[test]
fn more_items_than_can_be_drawn_are_named() {
    let error = told(MockRecommender::new(1 << 50, &mut RandomState::seed(1)));
    assert!(
        error.starts_with("`n_items` is 1125899906842624"),
        "{error}"
    );
}
