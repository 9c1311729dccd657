//! A two-tower model: users and items as vectors in one space (question 23).
//!
//! A user's vector is learned for the user and from what the user has chosen, an item's for the item and
//! from its description; their inner product is the score. The towers meet only there, so that all items'
//! vectors can be computed beforehand and searched by an index. After Covington, Adams and Sargin, "Deep
//! neural networks for YouTube recommendations", 2016, and Yi et al., 2019 (see the loss), with towers of
//! one linear layer.

use super::market::{Interaction, Market};
use super::metrics::check_item;
use super::sampled_softmax::{BatchLoss, sampled_softmax};
use crate::checks::{finite_matrix, room_for};
use crate::error::count;
use crate::options::options;
use crate::random::RandomState;
use crate::saved::{checked, unless_consistent};
use crate::{Error, Result};
use ndarray::{Array1, Array2, ArrayRef1, Axis};
use serde::{Deserialize, Serialize};

options! {
    /// How a two-tower model is trained.
    ///
    /// Unless told otherwise: 16 dimensions, batches of 128, 6 epochs, steps of 0.1, with the correction, a dropout of 0.3.
    #[derive(Debug, Clone, Copy, PartialEq)]
    pub struct TowerOptions {
        /// The length of the vectors.
        pub dimensions: usize = 16,
        /// The number of interactions in a batch: each user's negatives are the items of the others.
        pub batch: usize = 128,
        /// How often all interactions are gone through.
        pub epochs: usize = 6,
        /// The step of Adagrad (Duchi, Hazan and Singer, 2011).
        pub learning_rate: f64 = 0.1,
        /// Whether the loss corrects for popular items being in more batches.
        pub log_q: bool = true,
        /// How often an item's own vector is left out, so that its description has to do.
        pub id_dropout: f64 = 0.3,
    }
}

/// A trained model.
///
/// # Examples
/// ```
/// use dsprep_core::random::RandomState;
/// use dsprep_core::recommend::{Market, MarketOptions, TowerOptions, TwoTower};
///
/// let mut rng = RandomState::seed(23);
/// let options = MarketOptions::default().users(100).items(200);
/// let market = Market::generate(options, &mut rng)?;
/// let towers = TwoTower::train(&market, TowerOptions::default(), &mut rng)?;
/// assert_eq!(towers.item_vectors().dim(), (200, 16));
/// let losses = towers.losses();
/// assert!(losses[5] < losses[0]);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct TwoTower {
    user_ids: Table,
    /// From 1 and the mean description of what the user chose, to the user's vector.
    user_layer: Table,
    item_ids: Table,
    /// From the description to the item's vector.
    item_layer: Table,
    #[serde(with = "crate::saved::array")]
    content: Array2<f64>,
    losses: Vec<f64>,
}

/// Parameters, and the sums of their squared gradients for Adagrad.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Table {
    #[serde(with = "crate::saved::array")]
    values: Array2<f64>,
    #[serde(with = "crate::saved::array")]
    squares: Array2<f64>,
}

impl Table {
    fn new(values: Array2<f64>) -> Table {
        let squares = Array2::from_elem(values.dim(), 1e-8);
        Table { values, squares }
    }

    /// One step of Adagrad for a row.
    fn step(&mut self, row: usize, gradient: &ArrayRef1<f64>, rate: f64) {
        let (mut values, mut squares) = (self.values.row_mut(row), self.squares.row_mut(row));
        for ((value, square), g) in values.iter_mut().zip(&mut squares).zip(gradient) {
            *square += g * g;
            *value -= rate * g / square.sqrt();
        }
    }
}

checked!(TwoTower);

impl TwoTower {
    /// Learns from the first period of a market. O(epochs · interactions · batch · dimensions).
    ///
    /// # Errors
    /// [`Error::OutOfRange`] if an option is out of its range or an interaction has an unknown user or
    /// item, [`Error::Empty`] without interactions, [`Error::Shape`] if the content has not a row for each item,
    /// [`Error::NotConverged`] if what is learned overflows an `f32`.
    pub fn train(market: &Market, options: TowerOptions, rng: &mut RandomState) -> Result<Self> {
        check(market, &options)?;
        let mut towers = TwoTower::start(market, &options, rng)?;
        let histories = Histories::new(market);
        let counts = market.popularity();
        let total = market.train.len() as f64;
        let log_q = match options.log_q {
            true => Array1::from_iter(counts.iter().map(|&n| (n.max(1) as f64 / total).ln())),
            false => Array1::zeros(counts.len()),
        };
        for _ in 0..options.epochs {
            crate::cell::check_interrupt();
            let order = rng.order_of(market.train.len()).to_vec();
            let mut loss = 0.0;
            for batch in order.chunks(options.batch) {
                let batch: Vec<Interaction> = batch.iter().map(|&at| market.train[at]).collect();
                let mean = towers.learn(&batch, &histories, &log_q, &options, rng)?;
                loss += mean * batch.len() as f64;
            }
            towers.losses.push(loss / total);
            towers.check_learned()?;
        }
        Ok(towers)
    }

    /// Whether all that was learned are numbers, as 32 bits too.
    fn check_learned(&self) -> Result<()> {
        let vectors = self.item_vectors();
        let tables = [
            &self.user_ids,
            &self.user_layer,
            &self.item_ids,
            &self.item_layer,
        ];
        let mut learned = tables.iter().flat_map(|table| &table.values);
        let numbers = learned.all(|value| (*value as f32).is_finite());
        if numbers && vectors.iter().all(|value| value.is_finite()) {
            return Ok(());
        }
        Err(Error::NotConverged {
            what: "the two towers",
            iterations: self.losses.len(),
            remedy: "Use a smaller learning rate, and standardise the content.",
        })
    }

    fn start(market: &Market, options: &TowerOptions, rng: &mut RandomState) -> Result<TwoTower> {
        let (d, inputs) = (options.dimensions, market.content.ncols());
        let scale = 1.0 / (d as f64).sqrt();
        Ok(TwoTower {
            user_ids: Table::new(Array2::zeros((market.users, d))),
            user_layer: Table::new(scale * rng.randn((1 + inputs, d))?),
            item_ids: Table::new(Array2::zeros((market.items.len(), d))),
            item_layer: Table::new(scale * rng.randn((inputs, d))?),
            content: market.content.clone(),
            losses: Vec::new(),
        })
    }

    /// One step on a batch; returns its mean loss.
    fn learn(
        &mut self,
        batch: &[Interaction],
        histories: &Histories,
        log_q: &Array1<f64>,
        options: &TowerOptions,
        rng: &mut RandomState,
    ) -> Result<f64> {
        let users: Vec<usize> = batch.iter().map(|choice| choice.user).collect();
        let items: Vec<usize> = batch.iter().map(|choice| choice.item).collect();
        let kept = rng
            .rand(items.len())?
            .mapv(|u| f64::from(u >= options.id_dropout));
        let kept = kept.insert_axis(Axis(1));
        let input = histories.without(batch, &self.content);
        let described = self.content.select(Axis(0), &items);
        let user_vectors =
            self.user_ids.values.select(Axis(0), &users) + input.dot(&self.user_layer.values);
        let item_vectors = &kept * &self.item_ids.values.select(Axis(0), &items)
            + described.dot(&self.item_layer.values);
        let log_q = log_q.select(Axis(0), &items);
        let gradient = sampled_softmax(&user_vectors, &item_vectors, &items, &log_q);
        let BatchLoss {
            loss,
            users: by_user,
            items: by_item,
        } = gradient;
        let rate = options.learning_rate;
        for (row, gradient) in input.t().dot(&by_user).outer_iter().enumerate() {
            self.user_layer.step(row, &gradient, rate);
        }
        for (row, gradient) in described.t().dot(&by_item).outer_iter().enumerate() {
            self.item_layer.step(row, &gradient, rate);
        }
        for (&user, gradient) in users.iter().zip(by_user.outer_iter()) {
            self.user_ids.step(user, &gradient, rate);
        }
        for (&item, gradient) in items.iter().zip((kept * by_item).outer_iter()) {
            self.item_ids.step(item, &gradient, rate);
        }
        Ok(loss)
    }

    /// The vectors of all items (items×d). An item that nobody has chosen is placed by its description.
    pub fn item_vectors(&self) -> Array2<f32> {
        let vectors = &self.item_ids.values + &self.content.dot(&self.item_layer.values);
        vectors.mapv(|x| x as f32)
    }

    /// The vectors of all users (users×d), each with the items of their history.
    ///
    /// # Errors
    /// [`Error::Shape`] unless there is a history for each user, [`Error::OutOfRange`] if it has an
    /// unknown item.
    pub fn user_vectors(&self, histories: &[Vec<usize>]) -> Result<Array2<f32>> {
        let users = self.user_ids.values.nrows();
        if histories.len() != users {
            return Err(Error::Shape {
                what: "`histories`",
                found: count(histories.len(), "list"),
                expected: format!("{}, one for each user", count(users, "list")),
            });
        }
        let mut vectors = Array2::zeros(self.user_ids.values.dim());
        for (user, history) in histories.iter().enumerate() {
            let own = &self.user_ids.values.row(user) + &self.history_vector(history)?;
            vectors.row_mut(user).assign(&own.mapv(|x| x as f32));
        }
        Ok(vectors)
    }

    /// The vector of a user who was not there in training: what their `history` says.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] if the history has an unknown item.
    pub fn new_user_vector(&self, history: &[usize]) -> Result<Array1<f32>> {
        Ok(self.history_vector(history)?.mapv(|x| x as f32))
    }

    fn history_vector(&self, history: &[usize]) -> Result<Array1<f64>> {
        for (at, &item) in history.iter().enumerate() {
            check_item(|| format!("`history[{at}]`"), item, self.content.nrows())?;
        }
        let mut input = Array1::zeros(self.user_layer.values.nrows());
        input[0] = 1.0;
        for &item in history {
            let share = &self.content.row(item) / history.len() as f64;
            input.slice_mut(ndarray::s![1..]).scaled_add(1.0, &share);
        }
        Ok(input.dot(&self.user_layer.values))
    }

    /// The mean loss of each epoch.
    pub fn losses(&self) -> &[f64] {
        &self.losses
    }

    /// Whether what was read can be a model.
    fn check_stored(&self) -> Result<()> {
        let tables = [
            &self.user_ids,
            &self.user_layer,
            &self.item_ids,
            &self.item_layer,
        ];
        let d = self.user_ids.values.ncols();
        let (items, inputs) = self.content.dim();
        let fits = tables
            .iter()
            .all(|table| table.values.ncols() == d && table.squares.dim() == table.values.dim())
            && self.user_layer.values.nrows() == 1 + inputs
            && self.item_layer.values.nrows() == inputs
            && self.item_ids.values.nrows() == items;
        unless_consistent(fits, "tables that fit each other")
    }
}

/// The sum of the descriptions of what each user chose, and how many there are.
struct Histories {
    sums: Array2<f64>,
    counts: Vec<f64>,
}

impl Histories {
    fn new(market: &Market) -> Histories {
        let mut sums = Array2::zeros((market.users, market.content.ncols()));
        let mut counts = vec![0.0; market.users];
        for choice in &market.train {
            let mut sum = sums.row_mut(choice.user);
            sum += &market.content.row(choice.item);
            counts[choice.user] += 1.0;
        }
        Histories { sums, counts }
    }

    /// 1 and the mean description of the user's *other* choices: with the one that is to be predicted
    /// among them, the model would learn to read the answer.
    fn without(&self, batch: &[Interaction], content: &Array2<f64>) -> Array2<f64> {
        let mut input = Array2::ones((batch.len(), 1 + content.ncols()));
        for (choice, mut row) in batch.iter().zip(input.rows_mut()) {
            let others = (self.counts[choice.user] - 1.0).max(1.0);
            let sum = &self.sums.row(choice.user) - &content.row(choice.item);
            row.slice_mut(ndarray::s![1..]).assign(&(sum / others));
        }
        input
    }
}

fn check(market: &Market, options: &TowerOptions) -> Result<()> {
    let wrong = |what: &str, found: String, expected: &'static str| {
        Err(Error::OutOfRange {
            what: what.to_owned(),
            found,
            expected,
        })
    };
    if options.dimensions == 0 || options.epochs == 0 {
        return wrong("`dimensions` or `epochs`", "0".to_owned(), "at least 1");
    }
    if options.batch < 2 {
        let found = options.batch.to_string();
        return wrong(
            "`batch`",
            found,
            "at least 2: the negatives are the items of other rows",
        );
    }
    if !(options.learning_rate > 0.0 && options.learning_rate.is_finite()) {
        let found = options.learning_rate.to_string();
        return wrong("`learning_rate`", found, "positive, for example 0.1");
    }
    if !(0.0..1.0).contains(&options.id_dropout) {
        let found = options.id_dropout.to_string();
        return wrong("`id_dropout`", found, "at least 0 and less than 1");
    }
    if market.train.is_empty() {
        return Err(Error::Empty {
            what: "`market.train`",
            item: "interaction",
        });
    }
    if market.items.len() != market.content.nrows() {
        return Err(Error::Shape {
            what: "`market.content`",
            found: count(market.content.nrows(), "row"),
            expected: format!("{}, one for each item", count(market.items.len(), "row")),
        });
    }
    let vectors = market.users.saturating_add(market.content.nrows());
    room_for(
        "`dimensions`",
        vectors.saturating_mul(3),
        options.dimensions,
    )?;
    finite_matrix("`market.content`", &market.content)?;
    for (at, choice) in market.train.iter().enumerate() {
        let place = || format!("`market.train[{at}].item`");
        check_item(place, choice.item, market.content.nrows())?;
        if choice.user >= market.users {
            let what = format!("`market.train[{at}].user`");
            return wrong(&what, choice.user.to_string(), "the number of a known user");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
