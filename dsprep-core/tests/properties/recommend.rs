//! Recommendations: metrics, diversity, the rules of the list, and indexes against a full search.

use crate::inputs::{
    any_matrix, any_number, any_numbers, cases, error_or_finite, gap, matrix_with_a_gap,
    sized_matrix, with_a_gap,
};
use dsprep_core::prelude::*;
use dsprep_core::recommend::{IvfIndex, maximal_marginal_relevance};
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::BTreeSet;

/// A list without repetition, and what is relevant.
fn list_and_relevant() -> impl Strategy<Value = (Vec<usize>, Vec<usize>)> {
    let list = Just((0..15).collect::<Vec<usize>>()).prop_shuffle();
    (list, 0_usize..15, vec(0_usize..15, 1..8)).prop_map(|(mut list, length, relevant)| {
        list.truncate(length);
        (list, relevant)
    })
}

/// Scores and vectors of as many items, some of them equal or zero.
fn items() -> impl Strategy<Value = (Array1<f64>, Array2<f64>)> {
    (2_usize..20, 1_usize..4).prop_flat_map(|(items, dimensions)| {
        let scores = vec(prop_oneof![-2.0..2.0, Just(1.0)], items).prop_map(Array1::from);
        (scores, sized_matrix(items, dimensions))
    })
}

fn diversity(vectors: &Array2<f64>, list: &[usize]) -> dsprep_core::Result<f64> {
    intra_list_diversity(&vectors.select(Axis(0), list))
}

fn unranked(scores: &Array1<f64>, n: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]));
    order.truncate(n);
    order
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn metrics_lie_between_0_and_1_and_a_hit_moved_up_lowers_none(
        (list, relevant) in list_and_relevant(), k in 1_usize..18, at in any::<prop::sample::Index>(),
    ) {
        for metric in [recall_at_k, ndcg_at_k, average_precision_at_k] {
            let value = metric(&list, &relevant, k)?;
            prop_assert!((0.0..=1.0 + 1e-12).contains(&value));
            if list.len() > 1 {
                let place = 1 + at.index(list.len() - 1);
                if relevant.contains(&list[place]) {
                    let mut better = list.clone();
                    better.swap(place, place - 1);
                    prop_assert!(metric(&better, &relevant, k)? >= value - 1e-12);
                }
            }
            prop_assert!(metric(&list, &[], k).is_err() && metric(&list, &relevant, 0).is_err());
        }
        let mut best: Vec<usize> = relevant.clone();
        best.sort_unstable();
        best.dedup();
        prop_assert!((ndcg_at_k(&best, &relevant, k)? - 1.0).abs() < 1e-12);
        prop_assert!((average_precision_at_k(&best, &relevant, k)? - 1.0).abs() < 1e-12);
        let coverage = catalogue_coverage(std::slice::from_ref(&list), 15)?;
        prop_assert_eq!(coverage, list.len() as f64 / 15.0);
    }

    #[test]
    fn at_lambda_0_a_list_is_never_less_diverse_than_the_unranked_one(
        (scores, vectors) in items(), n in 2_usize..12,
    ) {
        let n = n.min(scores.len());
        let list = maximal_marginal_relevance(&scores, &vectors, 0.0, n)?;
        prop_assert!(diversity(&vectors, &list)? >= diversity(&vectors, &unranked(&scores, n))? - 1e-12);
    }

    #[test]
    fn a_list_holds_n_items_once_and_at_lambda_1_the_most_relevant(
        (scores, vectors) in items(), n in 1_usize..12, lambda in 0.0..=1.0,
    ) {
        let n = n.min(scores.len());
        let list = maximal_marginal_relevance(&scores, &vectors, lambda, n)?;
        prop_assert_eq!(list.iter().collect::<BTreeSet<_>>().len(), n);
        prop_assert!(list.iter().all(|&item| item < scores.len()));
        prop_assert_eq!(maximal_marginal_relevance(&scores, &vectors, 1.0, n)?, unranked(&scores, n));
    }

    #[test]
    fn every_rule_of_a_list_holds(
        (scores, vectors) in items(), sellers in vec(0_usize..4, 20),
        blocked in prop::collection::btree_set(0_usize..20, 0..6),
        cap in prop::option::of(0_usize..4),
        sold in prop::option::of((0_usize..6, 0_usize..25, 0_usize..4)), n in 0_usize..12,
        lambda in 0.0..=1.0,
    ) {
        let ranked: Vec<Candidate> = scores.iter().enumerate()
            .map(|(item, &score)| Candidate { item, score, seller: sellers[item], age: item as f64 }).collect();
        let sponsored: Vec<Sponsored> = sold.into_iter().map(|(slot, item, seller)| Sponsored { slot, item, seller }).collect();
        let reranker = Reranker::default().lambda(lambda).seller_cap(cap).blocked(blocked.clone()).sponsored(sponsored.clone());
        let Ok(list) = reranker.rerank(&ranked, &vectors, n) else {
            let one = |sold: &Sponsored| sold.slot >= n || blocked.contains(&sold.item) || cap == Some(0);
            prop_assert!(n == 0 || sponsored.iter().any(one), "refused without a reason");
            return Ok(());
        };
        prop_assert!(list.len() <= n);
        let shown: BTreeSet<usize> = list.iter().map(|served| served.item).collect();
        prop_assert_eq!(shown.len(), list.len());
        prop_assert!(shown.is_disjoint(&blocked));
        prop_assert_eq!(list.iter().filter(|served| served.sponsored).count(), sponsored.len());
        if let Some(cap) = cap {
            for seller in 0..4 {
                let organic = list.iter().filter(|served| !served.sponsored && sellers[served.item] == seller).count();
                let paid = sponsored.iter().filter(|sold| sold.seller == seller).count();
                prop_assert!(organic == 0 || organic + paid <= cap);
            }
        }
        // A shorter list than asked for means that no other candidate was allowed.
        if list.len() < n && cap.is_none() {
            let allowed = ranked.iter().filter(|c| !blocked.contains(&c.item) && !shown.contains(&c.item));
            prop_assert_eq!(allowed.count(), 0);
        }
    }

    #[test]
    fn an_index_finds_what_a_sort_of_all_scores_finds(
        (_, vectors) in items(), query in vec(-3_i8..4, 3), k in 1_usize..8, lists in 1_usize..5, seed: u32,
    ) {
        let vectors = vectors.mapv(|x| x.round() as f32);
        let query: Array1<f32> = query.iter().take(vectors.ncols()).map(|&x| f32::from(x)).collect();
        let (k, lists) = (k.min(vectors.nrows()), lists.min(vectors.nrows()));
        let mut scores: Vec<f32> = vectors.rows().into_iter().map(|row| row.dot(&query)).collect();
        scores.sort_by(|a, b| b.total_cmp(a));
        let exact: Vec<f32> = ExactIndex::build(&vectors)?.search(&query, k)?.iter().map(|hit| hit.score).collect();
        let same = |a: f32, b: f32| (a - b).abs() <= 1e-4 * (1.0 + b.abs());
        prop_assert!(exact.len() == k && exact.iter().zip(&scores).all(|(&a, &b)| same(a, b)));
        let ivf = IvfIndex::build(&vectors, lists, &mut RandomState::seed(seed))?;
        let found = ivf.search(&query, k, ivf.lists())?;
        prop_assert_eq!(found.iter().map(|hit| hit.item).collect::<BTreeSet<_>>().len(), k);
        for (at, hit) in found.iter().enumerate() {
            prop_assert!(same(hit.score, vectors.row(hit.item).dot(&query)));
            // Twice k are scored exactly: all of them, if there are no more.
            prop_assert!(2 * k < scores.len() || same(hit.score, scores[at]), "{:?} {:?}", found, scores);
        }
    }

    #[test]
    fn any_input_gives_a_list_or_an_error(
        scores in any_numbers(), vectors in any_matrix(), lambda in any_number(), n in 0_usize..9,
    ) {
        for lambda in [lambda, 0.5] {
            if let Ok(list) = maximal_marginal_relevance(&scores, &vectors, lambda, n) {
                prop_assert_eq!(list.iter().collect::<BTreeSet<_>>().len(), n);
            }
        }
        error_or_finite("intra_list_diversity", intra_list_diversity(&vectors))?;
        let ranked: Vec<Candidate> = scores.iter().enumerate()
            .map(|(item, &score)| Candidate { item, score, seller: 0, age: 1.0 }).collect();
        let reranker = Reranker::default().lambda(lambda);
        let _ = reranker.rerank(&ranked, &vectors, n);
        let _ = Reranker::default().freshness(lambda).rerank(&ranked, &vectors, n);
        let _ = Reranker::default().half_life(lambda).rerank(&ranked, &vectors, n);
        let single = vectors.mapv(|x| x as f32);
        let query: Array1<f32> = scores.mapv(|x| x as f32);
        if let Ok(hits) = ExactIndex::build(&single).and_then(|index| index.search(&query, n)) {
            prop_assert_eq!(hits.len(), n);
        }
        let built = IvfIndex::build(&single, n, &mut RandomState::seed(1));
        if let Ok(hits) = built.and_then(|index| index.search(&query, 2, n)) {
            prop_assert_eq!(hits.len(), 2);
        }
    }

    #[test]
    fn a_number_that_is_not_finite_is_refused(
        (scores, vectors) in items(), at: prop::sample::Index, gap in gap(),
    ) {
        let (bad_scores, bad_vectors) = (with_a_gap(&scores, at, gap), matrix_with_a_gap(&vectors, at, gap));
        prop_assert!(maximal_marginal_relevance(&bad_scores, &vectors, 0.5, 2).is_err());
        prop_assert!(maximal_marginal_relevance(&scores, &bad_vectors, 0.5, 2).is_err());
        prop_assert!(intra_list_diversity(&bad_vectors).is_err());
        let ranked = |scores: &Array1<f64>| -> Vec<Candidate> {
            let candidate = |(item, &score)| Candidate { item, score, seller: 0, age: 1.0 };
            scores.iter().enumerate().map(candidate).collect()
        };
        let reranker = Reranker::default();
        prop_assert!(reranker.rerank(&ranked(&bad_scores), &vectors, 2).is_err());
        prop_assert!(reranker.rerank(&ranked(&scores), &bad_vectors, 2).is_err());
        let single = bad_vectors.mapv(|x| x as f32);
        prop_assert!(ExactIndex::build(&single).is_err() && IvfIndex::build(&single, 1, &mut RandomState::seed(1)).is_err());
        let index = ExactIndex::build(&vectors.mapv(|x| x as f32))?;
        let query = Array1::from_elem(vectors.ncols(), gap as f32);
        prop_assert!(index.search(&query, 1).is_err());
    }

    #[test]
    fn erlangs_formula_is_a_probability_that_rises_with_the_load(
        load in any_number(), servers in 0_usize..40,
    ) {
        if let Ok(waits) = erlang_c(load, servers) {
            prop_assert!((0.0..=1.0).contains(&waits) && load < servers as f64);
            prop_assert!(erlang_c(load * 0.9, servers)? <= waits + 1e-12);
            prop_assert!(erlang_c(load, servers + 1)? <= waits + 1e-12);
        }
    }
}
