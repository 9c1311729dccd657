//! A made-up market whose users, items and choices are known (question 23).
//!
//! Each user has hidden tastes and a budget, each item a hidden character, a price and a popularity that
//! falls with its rank (Zipf). A user's next choice is the item with the largest utility plus Gumbel noise,
//! so that the order of choices follows the Plackett-Luce model (Plackett, 1975). What a recommender may
//! see is less: the choices so far, and a noisy description of each item.

use crate::checks::room_for;
use crate::options::options;
use crate::random::RandomState;
use crate::{Error, Result};
use ndarray::{Array1, Array2};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The days of the three periods: learn the towers, learn the ranker, measure.
const PERIODS: [(f64, f64); 3] = [(0.0, 30.0), (30.0, 34.0), (34.0, 38.0)];
/// Numbers in a hidden vector and in a description.
const FACTORS: usize = 8;
/// An item is new for this many days, and chosen more.
const NEW_DAYS: f64 = 7.0;

/// What a new item lacks in utility, because few have heard of it.
const UNKNOWN: f64 = -1.5;

options! {
    /// How large a market is, and what drives the choices in it.
    ///
    /// Unless told otherwise: 1,500 users, 2,000 items in 20 topics from 100 sellers, 12 choices, Zipf's law, 10 % cold.
    #[derive(Debug, Clone, Copy, PartialEq)]
    pub struct MarketOptions {
        /// The number of users.
        pub users: usize = 1500,
        /// The number of items.
        pub items: usize = 2000,
        /// The number of topics; each item has one.
        pub topics: usize = 20,
        /// The number of sellers; each item has one.
        pub sellers: usize = 100,
        /// How many choices a user makes in the first period; a third as many in each of the others.
        pub choices: usize = 12,
        /// The exponent of the popularity: 0 for none, 1 for Zipf's law.
        pub popularity: f64 = 1.0,
        /// The share of the items that appear on day 30 or 34, and so have no interactions in the first period.
        pub cold_share: f64 = 0.1,
    }
}

/// What is known of an item when it is published.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// Its topic, from 0.
    pub topic: usize,
    /// Its seller, from 0.
    pub seller: usize,
    /// The natural logarithm of its price.
    pub log_price: f64,
    /// The day from which it can be chosen; negative before the first period.
    pub published: f64,
}

/// A choice that was made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interaction {
    /// Who.
    pub user: usize,
    /// What.
    pub item: usize,
    /// When, in days.
    pub day: f64,
}

/// A market and the choices made in three periods: 30 days to learn from, 4 for the ranker, 4 to measure.
///
/// # Examples
/// ```
/// use dsprep_core::random::RandomState;
/// use dsprep_core::recommend::{Market, MarketOptions};
///
/// let options = MarketOptions::default().users(50).items(100);
/// let market = Market::generate(options, &mut RandomState::seed(23))?;
/// assert_eq!(market.train.len(), 50 * 12);
/// assert_eq!(market.is_cold().iter().filter(|&&cold| cold).count(), 10);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Market {
    /// The items, by number.
    pub items: Vec<Item>,
    /// A noisy description of each item (items×8), as a model of its text or picture would give it.
    pub content: Array2<f64>,
    /// The number of users.
    pub users: usize,
    /// The choices of days 0 to 30, by user.
    pub train: Vec<Interaction>,
    /// The choices of days 30 to 34, by user.
    pub validation: Vec<Interaction>,
    /// The choices of days 34 to 38, by user.
    pub test: Vec<Interaction>,
}

impl Market {
    /// Makes a market. O(users · items).
    ///
    /// # Errors
    /// [`Error::OutOfRange`] if a number of `options` is 0 or negative, or a user would have to choose
    /// more items than there are.
    pub fn generate(options: MarketOptions, rng: &mut RandomState) -> Result<Self> {
        check(&options)?;
        let items = draw_items(&options, rng)?;
        let topics = rng.randn((options.topics, FACTORS))?;
        let own = rng.randn((options.items, FACTORS))?;
        let hidden = Array2::from_shape_fn((options.items, FACTORS), |(item, factor)| {
            topics[[items[item].topic, factor]] + 0.6 * own[[item, factor]]
        });
        let noise = rng.randn((options.items, FACTORS))?;
        let content = &hidden + &(0.5 * noise);
        let ranks = rng.order_of(options.items);
        let popularity = Array1::from_shape_fn(options.items, |item| {
            let known = if items[item].published < PERIODS[1].0 {
                0.0
            } else {
                UNKNOWN
            };
            known - options.popularity * (ranks[item] as f64 + 1.0).ln()
        });
        let mut periods = [Vec::new(), Vec::new(), Vec::new()];
        for user in 0..options.users {
            crate::cell::check_interrupt();
            let taste = draw_taste(&topics, rng)?;
            let budget = 3.0 + 0.7 * rng.randn(());
            let affinity = hidden.dot(&taste);
            let utility = Array1::from_shape_fn(options.items, |item| {
                let gap = items[item].log_price - budget;
                2.2 * affinity[item] + popularity[item] - gap * gap + gumbel(rng)
            });
            choose(user, &options, &items, &utility, &mut periods, rng)?;
        }
        let [train, validation, test] = periods;
        Ok(Market {
            items,
            content,
            users: options.users,
            train,
            validation,
            test,
        })
    }

    /// Which items have no interaction in the first period.
    pub fn is_cold(&self) -> Vec<bool> {
        let published = self.items.iter().map(|item| item.published);
        published.map(|day| day >= PERIODS[0].1).collect()
    }

    /// How often each item was chosen in the first period; choices of unknown items don't count.
    pub fn popularity(&self) -> Vec<usize> {
        let mut counts = vec![0; self.items.len()];
        for choice in &self.train {
            if let Some(count) = counts.get_mut(choice.item) {
                *count += 1;
            }
        }
        counts
    }

    /// The items of each user among `choices`, in the order of the choices.
    pub fn by_user(&self, choices: &[Interaction]) -> Vec<Vec<usize>> {
        let mut lists = vec![Vec::new(); self.users];
        for choice in choices {
            if let Some(list) = lists.get_mut(choice.user) {
                list.push(choice.item);
            }
        }
        lists
    }
}

fn check(options: &MarketOptions) -> Result<()> {
    let counts = [
        ("`users`", options.users),
        ("`items`", options.items),
        ("`topics`", options.topics),
        ("`sellers`", options.sellers),
        ("`choices`", options.choices),
    ];
    let wrong = |what: &str, found: String, expected: &'static str| {
        Err(Error::OutOfRange {
            what: what.to_owned(),
            found,
            expected,
        })
    };
    for (what, number) in counts {
        if number == 0 {
            return wrong(what, "0".to_owned(), "at least 1");
        }
    }
    if !(options.popularity >= 0.0 && options.popularity.is_finite()) {
        return wrong(
            "`popularity`",
            options.popularity.to_string(),
            "0 or greater",
        );
    }
    if !(0.0..1.0).contains(&options.cold_share) {
        let found = options.cold_share.to_string();
        return wrong("`cold_share`", found, "at least 0 and less than 1");
    }
    room_for("`items`", options.items, 64)?;
    room_for("`users`", options.users, 64)?;
    room_for("`topics`", options.topics, FACTORS)?;
    let warm = options.items - cold_items(options);
    if options.choices > warm || options.choices + 2 * later_choices(options) > warm {
        let found = options.choices.to_string();
        return wrong(
            "`choices`",
            found,
            "less than half of the items that are not cold",
        );
    }
    Ok(())
}

fn cold_items(options: &MarketOptions) -> usize {
    (options.cold_share * options.items as f64) as usize
}

fn later_choices(options: &MarketOptions) -> usize {
    options.choices.div_ceil(3)
}

fn draw_items(options: &MarketOptions, rng: &mut RandomState) -> Result<Vec<Item>> {
    let topics = rng.choice(options.topics, options.items)?;
    let sellers = rng.choice(options.sellers, options.items)?;
    let log_prices = rng.normal(3.0, 0.7, options.items)?;
    let warm = options.items - cold_items(options);
    let item = |item: usize, rng: &mut RandomState| {
        let u = rng.rand(());
        Item {
            topic: topics[item],
            seller: sellers[item],
            log_price: log_prices[item],
            published: match item < warm {
                true => -90.0 * u,
                false if u < 0.5 => PERIODS[1].0,
                false => PERIODS[2].0,
            },
        }
    };
    Ok((0..options.items).map(|number| item(number, rng)).collect())
}

/// A user likes two topics, and something of their own.
fn draw_taste(topics: &Array2<f64>, rng: &mut RandomState) -> Result<Array1<f64>> {
    let own = rng.randn(FACTORS)?;
    let count = topics.nrows() as f64;
    let mut pick = || topics.row((rng.rand(()) * count) as usize);
    let mixed = &pick() + &(0.6 * &pick()) + 0.5 * own;
    let length = mixed.dot(&mixed).sqrt();
    Ok(mixed / length)
}

fn gumbel(rng: &mut RandomState) -> f64 {
    -(-(1.0 - rng.rand(())).ln()).ln()
}

/// The user's choices in each period: the best of what is published and not yet chosen.
fn choose(
    user: usize,
    options: &MarketOptions,
    items: &[Item],
    utility: &Array1<f64>,
    periods: &mut [Vec<Interaction>; 3],
    rng: &mut RandomState,
) -> Result<()> {
    let mut chosen = BTreeSet::new();
    for (period, &(first, last)) in periods.iter_mut().zip(&PERIODS) {
        let count = if first == 0.0 {
            options.choices
        } else {
            later_choices(options)
        };
        let value = |item: usize| {
            let new = (0.0..NEW_DAYS).contains(&(first - items[item].published));
            utility[item] + if new { 0.7 } else { 0.0 }
        };
        let open = |item: &usize| !chosen.contains(item) && items[*item].published <= first;
        let mut best: Vec<(f64, usize)> = (0..items.len())
            .filter(open)
            .map(|item| (value(item), item))
            .collect();
        let better = |a: &(f64, usize), b: &(f64, usize)| b.0.total_cmp(&a.0);
        best.select_nth_unstable_by(count - 1, better);
        best.truncate(count);
        best.sort_unstable_by(better);
        let mut days = rng
            .rand(count)?
            .mapv(|u| first + (last - first) * u)
            .to_vec();
        days.sort_unstable_by(f64::total_cmp);
        for ((_, item), day) in best.into_iter().zip(days) {
            chosen.insert(item);
            period.push(Interaction { user, item, day });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn market() -> Market {
        let options = MarketOptions {
            users: 200,
            items: 400,
            ..MarketOptions::default()
        };
        Market::generate(options, &mut RandomState::seed(23)).unwrap()
    }

    #[test]
    fn nobody_chooses_twice_or_what_is_not_published() {
        let market = market();
        assert_eq!(market.train.len(), 200 * 12);
        assert_eq!(market.test.len(), 200 * 4);
        let all = [&market.train[..], &market.validation[..], &market.test[..]].concat();
        let mut pairs: Vec<(usize, usize)> = all.iter().map(|c| (c.user, c.item)).collect();
        pairs.sort_unstable();
        let count = pairs.len();
        pairs.dedup();
        assert_eq!(pairs.len(), count);
        let cold = market.is_cold();
        assert!(market.train.iter().all(|choice| !cold[choice.item]));
        assert!(market.test.iter().any(|choice| cold[choice.item]));
        let late = |c: &&Interaction| c.day < market.items[c.item].published;
        assert_eq!(market.test.iter().find(late), None);
    }

    #[test]
    fn popularity_is_skewed_as_far_as_it_is_asked_for() {
        let share_of_top_tenth = |popularity: f64| {
            let options = MarketOptions {
                users: 300,
                items: 400,
                popularity,
                ..MarketOptions::default()
            };
            let market = Market::generate(options, &mut RandomState::seed(1)).unwrap();
            let mut counts = market.popularity();
            counts.sort_unstable_by(|a, b| b.cmp(a));
            counts[..40].iter().sum::<usize>() as f64 / market.train.len() as f64
        };
        let (flat, zipf) = (share_of_top_tenth(0.0), share_of_top_tenth(1.0));
        assert!(zipf > 1.3 * flat, "{flat} {zipf}");
    }

    #[test]
    fn the_same_seed_makes_the_same_market() {
        assert_eq!(market(), market());
    }

    #[test]
    fn impossible_options_are_named() {
        let wrong = |change: fn(&mut MarketOptions)| {
            let mut options = MarketOptions::default();
            change(&mut options);
            let error = Market::generate(options, &mut RandomState::seed(0)).unwrap_err();
            error.to_string()
        };
        assert!(wrong(|o| o.users = 0).starts_with("`users` is 0"));
        assert!(wrong(|o| o.cold_share = 1.0).starts_with("`cold_share` is 1"));
        assert!(wrong(|o| o.popularity = f64::NAN).starts_with("`popularity` is NaN"));
        assert!(wrong(|o| o.items = 15).starts_with("`choices` is 12"));
    }
}
