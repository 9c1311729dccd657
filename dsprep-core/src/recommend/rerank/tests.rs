use super::*;
use crate::random::RandomState;
use ndarray::Array2;

fn random(rng: &mut RandomState, m: usize) -> (Vec<Candidate>, Array2<f64>) {
    let candidate = |item: usize, rng: &mut RandomState| Candidate {
        item: 100 + item,
        score: rng.randn(()),
        seller: (rng.rand(()) * 6.0) as usize,
        age: 60.0 * rng.rand(()),
    };
    let ranked = (0..m).map(|item| candidate(item, rng)).collect();
    (ranked, rng.randn((m, 4)).unwrap())
}

#[test]
fn every_rule_holds_on_random_lists() {
    let mut rng = RandomState::seed(17);
    for _ in 0..200 {
        let (ranked, vectors) = random(&mut rng, 30);
        let reranker = Reranker {
            lambda: rng.rand(()),
            seller_cap: Some(2),
            blocked: [100, 107, 111].into(),
            sponsored: vec![
                Sponsored {
                    slot: 0,
                    item: 500,
                    seller: 1,
                },
                Sponsored {
                    slot: 4,
                    item: 105,
                    seller: 2,
                },
            ],
            ..Reranker::default()
        };
        let list = reranker.rerank(&ranked, &vectors, 8).unwrap();
        let items: BTreeSet<usize> = list.iter().map(|served| served.item).collect();
        assert_eq!(items.len(), list.len(), "an item is shown once");
        assert!(items.is_disjoint(&reranker.blocked));
        assert_eq!((list[0].item, list[0].sponsored), (500, true));
        assert_eq!((list[4].item, list[4].sponsored), (105, true));
        assert_eq!(list.iter().filter(|served| served.sponsored).count(), 2);
        for seller in 0..6 {
            let sold = reranker
                .sponsored
                .iter()
                .filter(|s| s.seller == seller)
                .count();
            let organic = list.iter().filter(|served| !served.sponsored);
            let of = |served: &&ServedItem| {
                ranked
                    .iter()
                    .any(|c| c.item == served.item && c.seller == seller)
            };
            assert!(sold + organic.filter(of).count() <= 2);
        }
    }
}

#[test]
fn without_rules_and_with_lambda_1_the_order_is_that_of_the_scores() {
    let (ranked, vectors) = random(&mut RandomState::seed(2), 12);
    let reranker = Reranker {
        lambda: 1.0,
        freshness: 0.0,
        ..Reranker::default()
    };
    let list = reranker.rerank(&ranked, &vectors, 12).unwrap();
    let mut sorted = ranked.clone();
    sorted.sort_by(|a, b| b.score.total_cmp(&a.score));
    let by_score: Vec<usize> = sorted.iter().map(|candidate| candidate.item).collect();
    assert_eq!(list.iter().map(|s| s.item).collect::<Vec<_>>(), by_score);
}

#[test]
fn freshness_lifts_new_items() {
    let candidate = |item, score, age| Candidate {
        item,
        score,
        seller: item,
        age,
    };
    let ranked = [
        candidate(0, 1.0, 90.0),
        candidate(1, 0.9, 0.0),
        candidate(2, 0.0, 90.0),
    ];
    let first = |freshness| {
        let reranker = Reranker {
            lambda: 1.0,
            freshness,
            ..Reranker::default()
        };
        reranker.rerank(&ranked, &Array2::eye(3), 1).unwrap()[0].item
    };
    assert_eq!((first(0.0), first(0.2)), (0, 1));
}

#[test]
fn what_cannot_be_shown_is_named() {
    let (mut ranked, vectors) = random(&mut RandomState::seed(1), 5);
    let message = |reranker: Reranker, ranked: &[Candidate]| {
        reranker
            .rerank(ranked, &vectors, 3)
            .unwrap_err()
            .to_string()
    };
    let sponsored = |slot, item| Reranker {
        blocked: [7].into(),
        sponsored: vec![Sponsored {
            slot,
            item,
            seller: 0,
        }],
        ..Reranker::default()
    };
    assert!(message(sponsored(3, 1), &ranked).starts_with("`sponsored[0].slot` is 3"));
    assert!(message(sponsored(0, 7), &ranked).contains("not blocked"));
    ranked[2].age = -1.0;
    let early = message(Reranker::default(), &ranked);
    assert!(early.starts_with("`ranked[2].age` is -1"), "{early}");
    ranked[1].score = f64::NAN;
    let nan = message(Reranker::default(), &ranked);
    assert!(nan.starts_with("`ranked[1].score` is NaN"), "{nan}");
    ranked[1] = ranked[0];
    assert!(message(Reranker::default(), &ranked).starts_with("`ranked[1].item`"));
    assert!(message(Reranker::default(), &[]).starts_with("`ranked` is empty"));
}
