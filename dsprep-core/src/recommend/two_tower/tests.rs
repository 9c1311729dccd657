use super::*;
use crate::recommend::{ExactIndex, MarketOptions, ranking_report};

fn market() -> Market {
    let options = MarketOptions {
        users: 400,
        items: 500,
        ..MarketOptions::default()
    };
    Market::generate(options, &mut RandomState::seed(23)).unwrap()
}

/// The 20 best new items for each user, by the towers.
fn lists(market: &Market, towers: &TwoTower) -> Vec<Vec<usize>> {
    let seen = market.by_user(&market.train);
    let index = ExactIndex::build(&towers.item_vectors()).unwrap();
    let users = towers.user_vectors(&seen).unwrap();
    let list = |user: usize| {
        let hits = index.search(&users.row(user), 60).unwrap();
        let open = hits
            .iter()
            .map(|hit| hit.item)
            .filter(|item| !seen[user].contains(item));
        open.take(20).collect()
    };
    (0..market.users).map(list).collect()
}

#[test]
fn the_towers_find_more_than_popularity_does_and_more_of_the_catalogue() {
    let market = market();
    let (counts, relevant) = (market.popularity(), market.by_user(&market.validation));
    let mut rng = RandomState::seed(1);
    let towers = TwoTower::train(&market, TowerOptions::default(), &mut rng).unwrap();
    let ours = ranking_report(&lists(&market, &towers), &relevant, 20, &counts).unwrap();
    let mut order: Vec<usize> = (0..counts.len()).collect();
    order.sort_by(|&a, &b| counts[b].cmp(&counts[a]));
    let seen = market.by_user(&market.train);
    let popular = |user: usize| {
        let open = order
            .iter()
            .copied()
            .filter(|item| !seen[user].contains(item));
        open.take(20).collect()
    };
    let popular: Vec<Vec<usize>> = (0..market.users).map(popular).collect();
    let popular = ranking_report(&popular, &relevant, 20, &counts).unwrap();
    assert!(ours.recall > 1.2 * popular.recall, "{ours:?} {popular:?}");
    assert!(
        ours.coverage > 2.0 * popular.coverage,
        "{ours:?} {popular:?}"
    );
    assert!(ours.novelty > popular.novelty, "{ours:?} {popular:?}");
}

#[test]
fn the_same_seed_learns_the_same() {
    let market = market();
    let train = || {
        let mut rng = RandomState::seed(2);
        TwoTower::train(&market, TowerOptions::default(), &mut rng).unwrap()
    };
    assert_eq!(train().item_vectors(), train().item_vectors());
}

#[test]
fn a_new_user_is_placed_by_their_history() {
    let market = market();
    let mut rng = RandomState::seed(3);
    let towers = TwoTower::train(&market, TowerOptions::default(), &mut rng).unwrap();
    let topic = market.items[market.train[0].item].topic;
    let of_topic = |items: &[usize]| {
        items
            .iter()
            .filter(|&&item| market.items[item].topic == topic)
            .count()
    };
    let history: Vec<usize> = (0..450)
        .filter(|&i| market.items[i].topic == topic)
        .take(8)
        .collect();
    let index = ExactIndex::build(&towers.item_vectors()).unwrap();
    let found = |history: &[usize]| {
        let vector = towers.new_user_vector(history).unwrap();
        let hits = index.search(&vector, 20).unwrap();
        of_topic(&hits.iter().map(|hit| hit.item).collect::<Vec<_>>())
    };
    assert!(found(&history) > found(&[]));
    let error = towers.new_user_vector(&[999]).unwrap_err();
    assert!(
        error.to_string().starts_with("`history[0]` is 999"),
        "{error}"
    );
}

#[test]
fn wrong_options_and_unknown_ids_are_named() {
    let mut market = market();
    let message = |market: &Market, options: TowerOptions| {
        let result = TwoTower::train(market, options, &mut RandomState::seed(0));
        result.unwrap_err().to_string()
    };
    let fine = TowerOptions::default();
    let one = message(&market, TowerOptions { batch: 1, ..fine });
    assert!(one.starts_with("`batch` is 1"), "{one}");
    let nan = TowerOptions {
        learning_rate: f64::NAN,
        ..fine
    };
    assert!(message(&market, nan).starts_with("`learning_rate` is NaN"));
    market.train[5].item = 9999;
    let unknown = message(&market, fine);
    assert!(
        unknown.starts_with("`market.train[5].item` is 9999"),
        "{unknown}"
    );
}
