//! A fraud scorer that sees payments one at a time (question 24).
//!
//! A payment comes in, and within milliseconds it is approved, sent to review or blocked:
//!
//! ```text
//! payment ─► checked ─► seen before? ─► features of the user's history ─► rules ─► model ─► decision
//!                                              ▲                                              │
//!                                              └──────────── history, at most 64 payments ◄───┘
//! ```
//!
//! | file | what it holds |
//! |---|---|
//! | `payment` | [`Payment`], and the checks that each must pass |
//! | `features` | [`Features`]: their names, and their definition in plain code, [`recompute`] |
//! | `history` | the same features in amortised constant time, from [`HISTORY`] payments a user |
//! | `record`, `decision` | what is remembered of a payment, and what became of it |
//! | `rules` | [`Rules`] that block or explain, and the [`Reason`]s that they give |
//! | `model` | [`FraudModel`], gradient boosting on the features |
//! | `scorer` | [`Scorer`]: all of it together, and what happens if a part fails |
//! | `state` | saving a scorer to SQLite and resuming it with the same decisions |
//! | `labelled_payment` | [`LabelledPayment`]: whether it is fraudulent, and by which [`FraudPattern`] |
//! | `simulate` | payments with known fraud, late, out of order and repeated |
//! | `training`, `alerts` | a table to learn from; recall for a given number of alerts |
//! | `original` | the mock of the original notebook, number for number |
//!
//! Features follow Bahnsen et al., "Feature engineering strategies for credit card fraud detection",
//! 2016; the evaluation follows Dal Pozzolo et al., "Learned lessons in credit card fraud detection
//! from a practitioner perspective", 2014. Before there are labels, an
//! [`IsolationForest`](crate::trees::IsolationForest) on the same features says which payments are unlike the others.
//!
//! # Late payments
//!
//! A payment has a time at which it was made and one at which it arrived. Its features are those of
//! its own time: they use what was made before it *and* has arrived before it, never anything later.
//! It then takes its place in the history, so that later payments see it. Decisions that were given
//! are not revised. Since a history is ordered by time and id, it depends on which payments arrived,
//! and not on the order in which they did.

mod alerts;
mod amounts;
mod decision;
mod feature_table;
mod features;
mod history;
mod labelled_payment;
mod model;
mod original;
mod payment;
mod place;
mod record;
mod rules;
mod scorer;
mod seen;
mod simulate;
mod sorted;
mod state;
mod training;
mod usual_place;
mod window;

pub use alerts::{AlertBudget, recall_at_alert_rate};
pub use decision::{Action, PaymentDecision};
pub use feature_table::FeatureTable;
pub use features::{FEATURES, Feature, Features, HISTORY, recompute};
pub use labelled_payment::{FraudPattern, LabelledPayment};
pub use model::{FraudModel, ModelOptions};
pub use original::{OriginalScorer, OriginalTransaction, original_flags, original_transactions};
pub use payment::{CLOCK_TOLERANCE, Payment};
pub use place::great_circle_km;
pub use rules::{Reason, Reasons, Rules};
pub use scorer::{OnFailure, ScoredPayment, Scorer, ScorerOptions, StateHealth};
pub use simulate::simulate_payments;
pub use training::feature_table;
