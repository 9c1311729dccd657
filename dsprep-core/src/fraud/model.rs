//! The model: gradient boosting on the features.
//!
//! Trees suit tables like this one: they need no scaling, find that a new device matters only together
//! with a far place, and answer in microseconds. The log loss makes the scores probabilities, which a
//! threshold by costs needs.

use super::features::{FEATURES, Feature, Features};
use super::training::FeatureTable;
use crate::Result;
use crate::trees::{BoostedClassifier, GradientBoosting};
use ndarray::{Array1, ArrayRef2};

/// How a model is fitted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ModelSettings {
    /// How many trees.
    pub trees: usize,
    /// How many splits lie between the root and a leaf at most.
    pub depth: usize,
    /// What share of each tree's prediction is added.
    pub learning_rate: f64,
    /// How many rows a leaf holds at least.
    pub min_leaf: usize,
}

impl Default for ModelSettings {
    /// 60 trees of depth 4, a learning rate of 0.1, leaves of at least 20 payments.
    fn default() -> Self {
        ModelSettings {
            trees: 60,
            depth: 4,
            learning_rate: 0.1,
            min_leaf: 20,
        }
    }
}

/// A model that was fitted.
#[derive(Debug, Clone)]
pub struct FraudModel {
    trees: BoostedClassifier,
}

impl FraudModel {
    /// Fits a model to a table of payments whose fraud is known. O(trees · depth · rows).
    ///
    /// # Errors
    /// [`Error::Undefined`](crate::Error::Undefined) if the table holds fraud only, or none;
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) if a setting makes no sense.
    ///
    /// # Examples
    /// ```
    /// use dsprep_core::fraud::{FraudModel, ModelSettings, feature_table, simulate_payments};
    ///
    /// let table = feature_table(&simulate_payments(100, 20, 24)?)?;
    /// let model = FraudModel::fit(&table, ModelSettings::default())?;
    /// let probabilities = model.probabilities(&table.features)?;
    /// assert!(dsprep_core::evaluate::roc_auc(&table.labels, &probabilities)? > 0.95);
    /// # Ok::<(), dsprep_core::Error>(())
    /// ```
    pub fn fit(table: &FeatureTable, settings: ModelSettings) -> Result<FraudModel> {
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
        self.trees.predict_proba_row(&features.values())
    }

    /// The probability for each row of `features` (n × [`FEATURES`]).
    ///
    /// # Errors
    /// [`Error::Shape`](crate::Error::Shape) with another number of columns,
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) if a value is not finite.
    pub fn probabilities(&self, features: &ArrayRef2<f64>) -> Result<Array1<f64>> {
        self.trees.predict_proba(features)
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
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::{average_precision, roc_auc};
    use crate::fraud::{
        FraudPattern, LabelledPayment, OnFailure, Payment, Scorer, ScorerSettings, feature_table,
        recall_at_alert_rate, simulate_payments,
    };
    use crate::random::RandomState;
    use rusqlite::Connection;

    fn stream() -> Result<Vec<LabelledPayment>> {
        simulate_payments(300, 30, 24)
    }

    #[test]
    fn it_finds_all_patterns_in_later_weeks() -> Result<()> {
        let [train, _, test] = feature_table(&stream()?)?.split()?;
        let model = FraudModel::fit(&train, ModelSettings::default())?;
        let probabilities = model.probabilities(&test.features)?;
        let prevalence = test.labels.sum() as f64 / test.labels.len() as f64;
        let precision = average_precision(&test.labels, &probabilities)?;
        assert!(
            precision > 20.0 * prevalence && precision > 0.6,
            "{precision}"
        );
        assert!(roc_auc(&test.labels, &probabilities)? > 0.95);
        assert!(recall_at_alert_rate(&test.labels, &probabilities, 0.02)?.recall > 0.7);
        for pattern in FraudPattern::ALL {
            let of_pattern: Vec<f64> = (test.payments.iter().zip(&probabilities))
                .filter(|(labelled, _)| labelled.fraud == Some(pattern))
                .map(|(_, p)| *p)
                .collect();
            let mean = of_pattern.iter().sum::<f64>() / of_pattern.len() as f64;
            assert!(
                of_pattern.is_empty() || mean > 5.0 * prevalence,
                "{pattern:?}: {mean}"
            );
        }
        Ok(())
    }

    #[test]
    fn one_class_only_is_named() -> Result<()> {
        let mut stream = simulate_payments(20, 10, 1)?;
        stream.iter_mut().for_each(|labelled| labelled.fraud = None);
        let table = feature_table(&stream)?;
        let error = FraudModel::fit(&table, ModelSettings::default()).unwrap_err();
        assert!(
            error.to_string().contains("holds only the class 0"),
            "{error}"
        );
        Ok(())
    }

    #[test]
    fn what_is_served_is_what_was_learned_from() -> Result<()> {
        let stream = simulate_payments(80, 20, 24)?;
        let table = feature_table(&stream)?;
        let model = FraudModel::fit(&table, ModelSettings::default())?;
        let offline = model.probabilities(&table.features)?;
        let mut scorer = Scorer::new(ScorerSettings::default(), Some(model))?;
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
        let stream = simulate_payments(80, 20, 24)?;
        let model = FraudModel::fit(&feature_table(&stream)?, ModelSettings::default())?;
        let settings = ScorerSettings {
            on_failure: OnFailure::Closed,
            ..ScorerSettings::default()
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
        let stream = simulate_payments(40, 20, 24)?;
        let model = FraudModel::fit(&feature_table(&stream)?, ModelSettings::default())?;
        let mut undisturbed = Scorer::new(ScorerSettings::default(), Some(model))?;
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
                    time: right.arrived + 3_600,
                    ..right
                },
            ];
            for payment in wrong {
                assert!(disturbed.score(&payment).is_err());
            }
            assert_eq!(disturbed.score(&right)?, undisturbed.score(&right)?);
        }
        Ok(())
    }
}
