//! The recommender, its metrics and its machines.

use crate::inputs::{COUNTS, NUMBERS, matrices, pairs, targets};
use crate::sweep::{Sweep, plain, shown};
use dsprep_core::prelude::*;

pub fn recommendations(s: &mut Sweep) {
    let lists: [&[usize]; 7] = [
        &[],
        &[0],
        &[usize::MAX],
        &[1, 1, 2],
        &[5, 4, 3, 2, 1, 0],
        &[1_000_000, 7],
        &[2, 3],
    ];
    for recommended in lists {
        for relevant in lists {
            for k in COUNTS {
                let input = format!("{recommended:?} {relevant:?} {k}");
                s.try_on("recall_at_k", &input, || {
                    plain(recall_at_k(recommended, relevant, k))
                });
                s.try_on("precision_at_k", &input, || {
                    plain(precision_at_k(recommended, relevant, k))
                });
                s.try_on("hit_at_k", &input, || {
                    plain(hit_at_k(recommended, relevant, k))
                });
                s.try_on("reciprocal_rank", &input, || {
                    plain(reciprocal_rank(recommended, relevant, k))
                });
                s.try_on("ndcg_at_k", &input, || {
                    plain(ndcg_at_k(recommended, relevant, k))
                });
                s.try_on("average_precision_at_k", &input, || {
                    plain(average_precision_at_k(recommended, relevant, k))
                });
                let (all, wanted) = ([recommended.to_vec()], [relevant.to_vec()]);
                s.try_on("ranking_report", &input, || {
                    shown(ranking_report(&all, &wanted, k, &[3, 2, 1, 0, 5, 1]))
                });
                s.try_on("catalogue_coverage", &input, || {
                    plain(catalogue_coverage(&all, k))
                });
                s.try_on("novelty", &input, || {
                    plain(novelty(&all, &[0, 1, 2, 3, 4, 5]))
                });
                s.try_on("most_popular", &input, || plain(most_popular(&all, k)));
                if k <= 10_000 {
                    s.try_on("ItemItem::fit", &input, || {
                        plain(
                            ItemItem::fit(&[recommended.to_vec(), relevant.to_vec()], k)?
                                .recommend(relevant, k),
                        )
                    });
                    let options = FactorOptions::default().dimensions(2).rounds(2);
                    s.try_on("MatrixFactorisation::fit", &input, || {
                        let mut rng = RandomState::seed(1);
                        let model = MatrixFactorisation::fit(
                            &[recommended.to_vec()],
                            k.min(50),
                            options,
                            &mut rng,
                        )?;
                        plain(
                            model
                                .recommend(0, k, relevant)
                                .map(|items| (items, model.users().clone())),
                        )
                    });
                }
            }
        }
    }
    for number in NUMBERS {
        let options = FactorOptions::default()
            .dimensions(2)
            .rounds(2)
            .weight(number)
            .penalty(number);
        s.try_on("MatrixFactorisation::fit", number.to_string(), || {
            let histories = [vec![0, 1], vec![1, 2], vec![]];
            plain(
                MatrixFactorisation::fit(&histories, 3, options, &mut RandomState::seed(1))
                    .map(|model| model.users().clone()),
            )
        });
        s.try_on("erlang_c", number.to_string(), || {
            plain(erlang_c(number, 3))
        });
        let options = TowerOptions::default()
            .learning_rate(number)
            .id_dropout(number)
            .epochs(1)
            .dimensions(2);
        s.try_on("TwoTower::train", number.to_string(), || {
            let market = MarketOptions::default()
                .users(10)
                .items(20)
                .topics(2)
                .sellers(2)
                .popularity(number);
            let mut rng = RandomState::seed(1);
            let market = Market::generate(market, &mut rng)?;
            plain(
                TwoTower::train(&market, options, &mut rng).map(|towers| towers.losses().to_vec()),
            )
        });
        s.try_on("FeatureStore::new", number.to_string(), || {
            let market = MarketOptions::default().users(5).items(9);
            let market = Market::generate(market, &mut RandomState::seed(1))?;
            let histories = [vec![], vec![0], vec![8, 8], vec![1, 2], vec![3]];
            plain(FeatureStore::new(&market, &histories, number)?.features(
                2,
                &[Hit {
                    item: 3,
                    score: 0.5,
                }],
            ))
        });
        s.try_on("Market::generate", number.to_string(), || {
            let market = MarketOptions::default()
                .users(5)
                .items(9)
                .cold_share(number);
            Market::generate(market, &mut RandomState::seed(1))
                .map(|market| vec![market.train.len() as f64])
        });
        for other in NUMBERS {
            let input = format!("{number} {other}");
            let workload = Workload {
                users: number,
                daily_share: 0.1,
                requests_per_day: other,
                peak_factor: 2.0,
                items: 1e6,
            };
            let measured = Measured {
                bytes_per_item: 100.0,
                bytes_per_user: 100.0,
                search_seconds: number,
                search_items: 1e6,
                rank_seconds: other,
            };
            let machine = Machine {
                cores: 8.0,
                memory: 1e10,
                dollars_per_hour: number,
                utilisation: other,
                memory_share: 0.5,
            };
            let fine = (
                Workload {
                    users: 1e6,
                    daily_share: 0.1,
                    requests_per_day: 5.0,
                    peak_factor: 2.0,
                    items: 1e6,
                },
                Measured {
                    bytes_per_item: 100.0,
                    bytes_per_user: 100.0,
                    search_seconds: 0.001,
                    search_items: 1e6,
                    rank_seconds: 0.01,
                },
                Machine {
                    cores: 8.0,
                    memory: 1e10,
                    dollars_per_hour: 1.0,
                    utilisation: 0.5,
                    memory_share: 0.5,
                },
            );
            s.try_on("CapacityPlan::new", &input, || {
                shown(CapacityPlan::new(&workload, &fine.1, &fine.2, 0.1))
            });
            s.try_on("CapacityPlan::new", &input, || {
                shown(CapacityPlan::new(&fine.0, &measured, &fine.2, 0.1))
            });
            s.try_on("CapacityPlan::new", &input, || {
                shown(CapacityPlan::new(&fine.0, &fine.1, &machine, number))
            });
        }
        let queue = Queue {
            arrivals: number,
            servers: 2,
            shards: 2,
        };
        s.try_on("Queue::simulate", number.to_string(), || {
            plain(queue.simulate(&array![0.01, 0.02], 20, &mut RandomState::seed(1)))
        });
    }
    for (input, a, b) in pairs() {
        s.try_on("off_policy_value", &input, || {
            shown(off_policy_value(&a, &a, &b))
        });
        s.try_on("off_policy_value", &input, || {
            shown(off_policy_value(&b, &a.mapv(|_| 0.5), &b))
        });
        let queue = Queue {
            arrivals: 5.0,
            servers: 1,
            shards: 1,
        };
        s.try_on("Queue::simulate", &input, || {
            plain(queue.simulate(&a, 20, &mut RandomState::seed(1)))
        });
    }
    for (input, x, y) in targets() {
        for number in [0.0, 0.5, 1.0, -1.0, f64::NAN] {
            for n in COUNTS {
                s.try_on(
                    "maximal_marginal_relevance",
                    format!("{input} {number} {n}"),
                    || plain(maximal_marginal_relevance(&y, &x, number, n)),
                );
            }
            let ranked: Vec<Candidate> = y
                .iter()
                .enumerate()
                .map(|(item, &score)| Candidate {
                    item,
                    score,
                    seller: 1,
                    age: 1.0,
                })
                .collect();
            let reranker = Reranker::default()
                .lambda(number)
                .freshness(0.1)
                .seller_cap(Some(2));
            s.try_on("Reranker::rerank", format!("{input} {number}"), || {
                reranker
                    .rerank(&ranked, &x, 5)
                    .map(|list| vec![list.len() as f64])
            });
            s.try_on("Reranker::rerank", format!("{input} {number}, all"), || {
                let places = [3, usize::MAX - 1].map(|slot| Sponsored {
                    slot,
                    item: slot / 2,
                    seller: 2,
                });
                let reranker = Reranker::default()
                    .lambda(number)
                    .sponsored(places.to_vec());
                let list = reranker.rerank(&ranked, &x, usize::MAX)?;
                Ok(vec![list.len() as f64])
            });
        }
    }
    for (input, x) in matrices() {
        s.try_on("intra_list_diversity", input, || {
            plain(intra_list_diversity(&x))
        });
        let items = x.mapv(|v| v as f32);
        let query = items
            .rows()
            .into_iter()
            .next()
            .map(|row| row.to_owned())
            .unwrap_or_default();
        for k in COUNTS {
            s.try_on("ExactIndex::build", format!("{input} {k}"), || {
                shown(ExactIndex::build(&items)?.search(&query, k))
            });
            s.try_on("IvfIndex::build", format!("{input} {k}"), || {
                let index = IvfIndex::build(&items, 2, &mut RandomState::seed(1))?;
                shown(index.search(&query, k, 1))
            });
            s.try_on("IvfIndex::build", format!("{input} {k}"), || {
                let index = IvfIndex::build(&items, k, &mut RandomState::seed(1))?;
                shown(index.search(&query, 1, k))
            });
        }
    }
    for number in COUNTS.into_iter().filter(|&n| n <= 10_000) {
        s.try_on("Customers::simulate", number.to_string(), || {
            let mut rng = RandomState::seed(1);
            let customers = Customers::simulate(number, &mut rng)?;
            let top = customers.top(&customers.uplift(), 0.1)?;
            shown(customers.randomised_trial(&top, &mut rng))
        });
        s.try_on("encoding_leak", number.to_string(), || {
            shown(encoding_leak(
                number.min(200),
                number,
                &mut RandomState::seed(1),
            ))
        });
        s.try_on("MockRecommender::new", number.to_string(), || {
            let mut rng = RandomState::seed(1);
            let mock = MockRecommender::new(number, &mut rng)?;
            plain(mock.recommend(
                &Array1::zeros(mock.drawn_and_searched().0.min(1)),
                5,
                &mut rng,
            ))
        });
    }
}
