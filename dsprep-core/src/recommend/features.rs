//! What the ranker knows of a user and an item together (question 23).

use super::index::Hit;
use super::market::{Item, Market};
use super::metrics::check_item;
use crate::checks::finite_number;
use crate::error::count;
use crate::{Error, Result};
use ndarray::Array2;
use serde::{Deserialize, Serialize};

/// Cross features: numbers of a user *and* an item, which two towers that meet in one inner product don't
/// have.
///
/// | | |
/// |---|---|
/// | `tower score` | the inner product of the two vectors |
/// | `log popularity` | ln (1 + how often the item was chosen in the first period) |
/// | `price gap` | how far the item's log price is from the mean of the user's history |
/// | `topic share` | the share of the user's history in the item's topic |
/// | `seller share` | the share of the user's history from the item's seller |
/// | `age` | days since the item was published |
///
/// # Examples
/// ```
/// use dsprep_core::random::RandomState;
/// use dsprep_core::recommend::{FeatureStore, Hit, Market, MarketOptions};
///
/// let options = MarketOptions::default().users(50).items(100);
/// let market = Market::generate(options, &mut RandomState::seed(23))?;
/// let store = FeatureStore::new(&market, &market.by_user(&market.train), 30.0)?;
/// let features = store.features(7, &[Hit { item: 3, score: 1.5 }])?;
/// assert_eq!(features.dim(), (1, FeatureStore::NAMES.len()));
/// assert_eq!(features[[0, 0]], 1.5);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FeatureStore {
    items: Vec<Item>,
    log_popularity: Vec<f64>,
    users: Vec<Profile>,
    today: f64,
}

/// What is kept of a user's history.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Profile {
    mean_log_price: f64,
    history: Vec<usize>,
}

impl FeatureStore {
    /// The names of the features, in the order of the columns.
    pub const NAMES: [&'static str; 6] = [
        "tower score",
        "log popularity",
        "price gap",
        "topic share",
        "seller share",
        "age",
    ];

    /// Takes what is known on the day `today`: a history for each user, popularity from the first period.
    ///
    /// # Errors
    /// [`Error::Shape`] unless there is a history for each user, [`Error::OutOfRange`] if it has an unknown
    /// item or `today`, a price or a day of the market is not finite.
    pub fn new(market: &Market, histories: &[Vec<usize>], today: f64) -> Result<Self> {
        if histories.len() != market.users {
            return Err(Error::Shape {
                what: "`histories`",
                found: count(histories.len(), "list"),
                expected: format!("{}, one for each user", count(market.users, "list")),
            });
        }
        if !today.is_finite() {
            return Err(Error::OutOfRange {
                what: "`today`".to_owned(),
                found: today.to_string(),
                expected: "a day, for example 30",
            });
        }
        for (at, item) in market.items.iter().enumerate() {
            for (what, value) in [("log_price", item.log_price), ("published", item.published)] {
                finite_number(&format!("`market.items[{at}].{what}`"), value)?;
            }
        }
        let profile = |(user, history): (usize, &Vec<usize>)| -> Result<Profile> {
            for (at, &item) in history.iter().enumerate() {
                check_item(
                    || format!("`histories[{user}][{at}]`"),
                    item,
                    market.items.len(),
                )?;
            }
            let prices = history.iter().map(|&item| market.items[item].log_price);
            Ok(Profile {
                mean_log_price: prices.sum::<f64>() / history.len().max(1) as f64,
                history: history.clone(),
            })
        };
        let counts = market.popularity();
        Ok(FeatureStore {
            items: market.items.clone(),
            log_popularity: counts.iter().map(|&n| (n as f64).ln_1p()).collect(),
            users: histories
                .iter()
                .enumerate()
                .map(profile)
                .collect::<Result<_>>()?,
            today,
        })
    }

    /// The number of items.
    pub fn items(&self) -> usize {
        self.items.len()
    }

    /// The number of users.
    pub fn users(&self) -> usize {
        self.users.len()
    }

    /// The day whose features these are.
    pub fn today(&self) -> f64 {
        self.today
    }

    /// Whether it is about this many items and users, and knows each item of each history.
    pub(super) fn holds(&self, items: usize, users: usize) -> bool {
        let known = |profile: &Profile| profile.history.iter().all(|&item| item < items);
        self.items.len() == items
            && self.log_popularity.len() == items
            && self.users.len() == users
            && self.users.iter().all(known)
    }

    /// The features of a user and m candidates (m×6, columns as [`NAMES`](Self::NAMES)). O(m · history).
    ///
    /// # Errors
    /// [`Error::OutOfRange`] if the user or an item is unknown, or a score is not finite.
    pub fn features(&self, user: usize, candidates: &[Hit]) -> Result<Array2<f64>> {
        let Some(profile) = self.users.get(user) else {
            return Err(Error::OutOfRange {
                what: "`user`".to_owned(),
                found: user.to_string(),
                expected: "the number of a known user, counted from 0",
            });
        };
        let mut features = Array2::zeros((candidates.len(), Self::NAMES.len()));
        for ((at, hit), mut row) in candidates.iter().enumerate().zip(features.rows_mut()) {
            check_item(
                || format!("`candidates[{at}].item`"),
                hit.item,
                self.items.len(),
            )?;
            if !hit.score.is_finite() {
                return Err(Error::OutOfRange {
                    what: format!("`candidates[{at}].score`"),
                    found: hit.score.to_string(),
                    expected: "a finite number",
                });
            }
            let item = &self.items[hit.item];
            let share = |same: fn(&Item, &Item) -> bool| {
                let history = profile
                    .history
                    .iter()
                    .filter(|&&past| same(&self.items[past], item));
                history.count() as f64 / profile.history.len().max(1) as f64
            };
            row[0] = f64::from(hit.score);
            row[1] = self.log_popularity[hit.item];
            row[2] = (item.log_price - profile.mean_log_price).abs();
            row[3] = share(|a, b| a.topic == b.topic);
            row[4] = share(|a, b| a.seller == b.seller);
            row[5] = self.age(hit.item);
        }
        Ok(features)
    }

    /// How many days ago an item was published; 0 if it is not yet.
    pub(super) fn age(&self, item: usize) -> f64 {
        (self.today - self.items[item].published).max(0.0)
    }

    /// What is known of the item.
    pub(super) fn item(&self, item: usize) -> &Item {
        &self.items[item]
    }

    /// Whether the item can be chosen today, and the user has not chosen it before.
    pub(super) fn is_open(&self, user: usize, item: usize) -> bool {
        self.items[item].published <= self.today && !self.users[user].history.contains(&item)
    }

    /// How many items the user has chosen.
    pub(super) fn history_len(&self, user: usize) -> Option<usize> {
        self.users.get(user).map(|profile| profile.history.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::RandomState;
    use crate::recommend::MarketOptions;

    fn market() -> Market {
        let options = MarketOptions {
            users: 20,
            items: 60,
            ..MarketOptions::default()
        };
        Market::generate(options, &mut RandomState::seed(23)).unwrap()
    }

    #[test]
    fn features_are_what_their_names_say() {
        let market = market();
        let mut histories = vec![Vec::new(); 20];
        histories[4] = vec![1, 2];
        let store = FeatureStore::new(&market, &histories, 30.0).unwrap();
        let row = store
            .features(
                4,
                &[Hit {
                    item: 1,
                    score: 0.5,
                }],
            )
            .unwrap();
        let [one, two] = [&market.items[1], &market.items[2]];
        let mean = (one.log_price + two.log_price) / 2.0;
        assert_eq!(row[[0, 2]], (one.log_price - mean).abs());
        let same = f64::from(u8::from(one.topic == two.topic));
        assert_eq!(row[[0, 3]], (1.0 + same) / 2.0);
        assert_eq!(row[[0, 5]], 30.0 - one.published);
        assert_eq!(row[[0, 1]], (market.popularity()[1] as f64).ln_1p());
    }

    #[test]
    fn unknown_users_and_items_are_named() {
        let market = market();
        let store = FeatureStore::new(&market, &market.by_user(&market.train), 30.0).unwrap();
        let message = |user, hit| store.features(user, &[hit]).unwrap_err().to_string();
        let fine = Hit {
            item: 0,
            score: 0.0,
        };
        assert!(message(20, fine).starts_with("`user` is 20"));
        assert!(message(0, Hit { item: 60, ..fine }).starts_with("`candidates[0].item` is 60"));
        let nan = Hit {
            score: f32::NAN,
            ..fine
        };
        assert!(message(0, nan).starts_with("`candidates[0].score` is NaN"));
        assert!(FeatureStore::new(&market, &[], 30.0).is_err());
        let unknown = FeatureStore::new(&market, &vec![vec![77]; 20], 30.0).unwrap_err();
        assert!(unknown.to_string().starts_with("`histories[0][0]` is 77"));
    }
}
