//! The model: gradient boosting on the features.
//!
//! Trees suit tables like this one: they need no scaling, find that a new device matters only together
//! with a far place, and answer in microseconds. The log loss makes the scores probabilities, which a
//! threshold by costs needs.

use super::feature_table::FeatureTable;
use super::features::{FEATURES, Feature, Features};
use crate::Result;
use crate::options::options;
use crate::saved::{checked, unless_consistent};
use crate::sigmoid::both_classes;
use crate::trees::{BoostedClassifier, GradientBoosting};
use ndarray::{Array1, Array2, ArrayRef2};
use serde::{Deserialize, Serialize};

options! {
    /// How a model is fitted.
    ///
    /// Unless told otherwise: 60 trees of depth 4, a learning rate of 0.1, leaves of at least 20 payments.
    #[derive(Debug, Clone, Copy, PartialEq)]
    pub struct ModelOptions {
        /// How many trees.
        pub trees: usize = 60,
        /// How many splits lie between the root and a leaf at most.
        pub depth: usize = 4,
        /// What share of each tree's prediction is added.
        pub learning_rate: f64 = 0.1,
        /// How many rows a leaf holds at least.
        pub min_leaf: usize = 20,
    }
}

/// A model that was fitted.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct FraudModel {
    trees: BoostedClassifier,
}

checked!(FraudModel);

impl FraudModel {
    /// Fits a model to a table of payments whose fraud is known. O(trees · depth · rows).
    ///
    /// # Errors
    /// [`Error::Undefined`](crate::Error::Undefined) if the table holds fraud only, or none;
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) if a setting makes no sense.
    ///
    /// # Examples
    /// ```
    /// use dsprep_core::{fraud::{FraudModel, ModelOptions, feature_table, simulate_payments}, random::RandomState};
    ///
    /// let table = feature_table(&simulate_payments(100, 20, &mut RandomState::seed(24))?)?;
    /// let model = FraudModel::fit(&table, ModelOptions::default())?;
    /// let probabilities = model.probabilities(&table.features)?;
    /// assert!(dsprep_core::evaluate::roc_auc(&table.labels, &probabilities)? > 0.95);
    /// # Ok::<(), dsprep_core::Error>(())
    /// ```
    pub fn fit(table: &FeatureTable, settings: ModelOptions) -> Result<FraudModel> {
        let trees = GradientBoosting::classifier()
            .trees(settings.trees)
            .depth(settings.depth)
            .learning_rate(settings.learning_rate)
            .min_leaf(settings.min_leaf)
            .fit(&table.features, &table.labels)?;
        Ok(FraudModel { trees })
    }

    /// The probability that a payment with these features is fraud. O(trees · depth).
    ///
    /// # Errors
    /// None for features of the scorer, which are finite; the trees check them.
    pub fn probability(&self, features: &Features) -> Result<f64> {
        self.trees.probability(&features.values())
    }

    /// The probability for each row of `features` (n × [`FEATURES`]).
    ///
    /// # Errors
    /// [`Error::Shape`](crate::Error::Shape) with another number of columns,
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) if a value is not finite.
    pub fn probabilities(&self, features: &ArrayRef2<f64>) -> Result<Array1<f64>> {
        self.trees.probabilities(features)
    }

    /// The probabilities of class 0 and class 1 for each row of `features`: rows × 2, as the other classifiers give them.
    ///
    /// # Errors
    /// As [`probabilities`](Self::probabilities).
    pub fn predict_proba(&self, features: &ArrayRef2<f64>) -> Result<Array2<f64>> {
        Ok(both_classes(&self.probabilities(features)?))
    }

    /// The features with their share in the gains of all splits, the largest first.
    pub fn importance(&self) -> [(&'static str, f64); FEATURES] {
        let shares = self.trees.feature_importance();
        let mut named = Feature::NAMES.map(|name| (name, 0.0));
        for (entry, share) in named.iter_mut().zip(shares) {
            entry.1 = share;
        }
        named.sort_by(|a, b| b.1.total_cmp(&a.1));
        named
    }

    /// The trees, whose sum is the log odds of fraud.
    pub fn trees(&self) -> &BoostedClassifier {
        &self.trees
    }

    /// Whether what was read can be a model.
    fn check_stored(&self) -> Result<()> {
        let features = self.trees.log_odds().features();
        unless_consistent(features == FEATURES, "the features of the scorer")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::{average_precision, roc_auc};
    use crate::fraud::{
        FraudPattern, OnFailure, Payment, Reason, Rules, Scorer, ScorerOptions, feature_table,
        recall_at_alert_rate, simulate_payments,
    };
    use crate::random::RandomState;
    use rusqlite::Connection;
    use std::collections::HashSet;

    /// The share of the payments of `pattern` whose probability is at least `from`, and how many of its
    /// attacks (one a user) have such a payment.
    fn found(
        test: &FeatureTable,
        probabilities: &Array1<f64>,
        pattern: FraudPattern,
        from: f64,
    ) -> (f64, usize, usize) {
        let rows = test.payments.iter().zip(probabilities);
        let rows: Vec<_> = rows.filter(|(row, _)| row.fraud == Some(pattern)).collect();
        let found = rows.iter().filter(|(_, p)| **p >= from);
        let users = |user: &mut dyn Iterator<Item = u64>| user.collect::<HashSet<u64>>().len();
        (
            found.clone().count() as f64 / rows.len() as f64,
            users(&mut found.map(|(row, _)| row.payment.user)),
            users(&mut rows.iter().map(|(row, _)| row.payment.user)),
        )
    }

    #[test]
    fn it_finds_each_pattern_in_later_weeks_with_alerts_for_two_payments_in_a_hundred() -> Result<()>
    {
        for seed in [24, 1] {
            let table = feature_table(&simulate_payments(800, 40, &mut RandomState::seed(seed))?)?;
            let [train, _, test] = table.split()?;
            let model = FraudModel::fit(&train, ModelOptions::default())?;
            let probabilities = model.probabilities(&test.features)?;
            assert_eq!(
                model.predict_proba(&test.features)?.column(1),
                probabilities
            );
            assert!(average_precision(&test.labels, &probabilities)? > 0.9);
            assert!(roc_auc(&test.labels, &probabilities)? > 0.99);
            let budget = recall_at_alert_rate(&test.labels, &probabilities, 0.02)?;
            assert!(budget.recall > 0.92, "{budget:?}");
            // The first payment of a thief who has the victim's phone looks like any large purchase.
            for (pattern, at_least) in [
                (FraudPattern::CardTesting, 0.97),
                (FraudPattern::AccountTakeover, 0.94),
                (FraudPattern::StolenDevice, 0.65),
                (FraudPattern::ImpossibleTravel, 0.96),
            ] {
                let (recall, attacks, of) = found(&test, &probabilities, pattern, budget.threshold);
                assert!(recall > at_least, "{seed}, {pattern:?}: {recall}");
                assert!(
                    of >= 3 && attacks == of,
                    "{seed}, {pattern:?}: {attacks} of {of}"
                );
            }
        }
        Ok(())
    }

    #[test]
    fn a_long_flight_is_no_jump_and_a_copied_card_is_one_for_as_long_as_it_stays() -> Result<()> {
        let rules = Rules::default();
        let mut scorer = Scorer::new(ScorerOptions::default(), None)?;
        let (mut abroad, mut signs) = ([0; 2], [0; 2]);
        for labelled in &simulate_payments(800, 40, &mut RandomState::seed(24))? {
            let scored = scorer.score(&labelled.payment)?;
            let kind = match labelled.fraud {
                None => 0,
                Some(FraudPattern::ImpossibleTravel) => 1,
                Some(_) => continue,
            };
            if scored.features.home_km > 4_000.0 && !scored.repeated {
                let reasons = rules.reasons(&scored.features, labelled.payment.amount);
                abroad[kind] += 1;
                signs[kind] += usize::from(reasons.contains(Reason::ImpossibleTravel));
            }
        }
        let [honest, copied] = [0, 1].map(|kind| signs[kind] as f64 / abroad[kind] as f64);
        assert!(abroad[0] > 300 && honest < 0.05, "{abroad:?} {honest}");
        assert!(abroad[1] > 50 && copied > 0.9, "{abroad:?} {copied}");
        Ok(())
    }

    #[test]
    fn one_class_only_is_named() -> Result<()> {
        let mut stream = simulate_payments(20, 10, &mut RandomState::seed(1))?;
        stream.iter_mut().for_each(|labelled| labelled.fraud = None);
        let table = feature_table(&stream)?;
        let error = FraudModel::fit(&table, ModelOptions::default()).unwrap_err();
        assert!(
            error.to_string().contains("holds only the class 0"),
            "{error}"
        );
        Ok(())
    }

    #[test]
    fn what_is_served_is_what_was_learned_from() -> Result<()> {
        let stream = simulate_payments(80, 20, &mut RandomState::seed(24))?;
        let table = feature_table(&stream)?;
        let model = FraudModel::fit(&table, ModelOptions::default())?;
        let offline = model.probabilities(&table.features)?;
        let mut scorer = Scorer::new(ScorerOptions::default(), Some(model))?;
        let mut row = 0;
        for labelled in &stream {
            let scored = scorer.score(&labelled.payment)?;
            if !scored.repeated {
                assert_eq!(scored.decision.probability, Some(offline[row]));
                row += 1;
            }
        }
        assert_eq!(row, offline.len());
        Ok(())
    }

    #[test]
    fn a_restart_at_any_point_changes_no_probability() -> Result<()> {
        let stream = simulate_payments(80, 20, &mut RandomState::seed(24))?;
        let model = FraudModel::fit(&feature_table(&stream)?, ModelOptions::default())?;
        let settings = ScorerOptions {
            on_failure: OnFailure::Closed,
            ..ScorerOptions::default()
        };
        let mut rng = RandomState::seed(1);
        let mut going_on = Scorer::new(settings, Some(model.clone()))?;
        let mut restarted = going_on.clone();
        for labelled in &stream {
            if rng.rand(()) < 0.01 {
                let con = Connection::open_in_memory()?;
                restarted.save(&con)?;
                restarted = Scorer::resume(&con, settings, Some(model.clone()))?;
            }
            let (expected, found) = (
                going_on.score(&labelled.payment)?,
                restarted.score(&labelled.payment)?,
            );
            let bits = |p: Option<f64>| p.map(f64::to_bits);
            assert_eq!(found, expected);
            assert_eq!(
                bits(found.decision.probability),
                bits(expected.decision.probability)
            );
        }
        Ok(())
    }

    #[test]
    fn a_wrong_payment_between_right_ones_changes_no_decision() -> Result<()> {
        let stream = simulate_payments(40, 20, &mut RandomState::seed(24))?;
        let model = FraudModel::fit(&feature_table(&stream)?, ModelOptions::default())?;
        let mut undisturbed = Scorer::new(ScorerOptions::default(), Some(model))?;
        let mut disturbed = undisturbed.clone();
        for labelled in &stream {
            let right = labelled.payment;
            let wrong = [
                Payment {
                    id: u64::MAX,
                    amount: f64::NAN,
                    ..right
                },
                Payment {
                    id: u64::MAX,
                    amount: f64::INFINITY,
                    ..right
                },
                Payment {
                    id: u64::MAX,
                    longitude: f64::NAN,
                    ..right
                },
                Payment {
                    id: u64::MAX,
                    time: right.arrived + 3_600,
                    ..right
                },
                Payment {
                    id: u64::MAX,
                    arrived: i64::MAX,
                    ..right
                },
                Payment {
                    id: u64::MAX,
                    time: -1,
                    ..right
                },
            ];
            for payment in wrong {
                assert!(disturbed.score(&payment).is_err());
            }
            assert_eq!(disturbed.score(&right)?, undisturbed.score(&right)?);
            let other = Payment {
                amount: right.amount + 1.0,
                ..right
            };
            assert!(disturbed.score(&other).is_err());
        }
        Ok(())
    }
}
