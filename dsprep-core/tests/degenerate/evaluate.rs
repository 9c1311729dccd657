//! Metrics of classes and scores.

use crate::inputs::{COUNTS, NUMBERS, label_pairs, scored};
use crate::sweep::{Sweep, plain, shown};
use dsprep_core::evaluate::class_labels;
use dsprep_core::prelude::*;

const SIDES: [Alternative; 3] = [
    Alternative::TwoSided,
    Alternative::Less,
    Alternative::Greater,
];

pub fn classification(s: &mut Sweep) {
    for (input, a, b) in label_pairs() {
        s.try_on("accuracy", &input, || plain(accuracy(&a, &b)));
        s.try_on("balanced_accuracy", &input, || {
            plain(balanced_accuracy(&a, &b))
        });
        s.try_on("matthews_correlation", &input, || {
            plain(matthews_correlation(&a, &b))
        });
        s.try_on("precision", &input, || plain(precision(&a, &b)));
        s.try_on("recall", &input, || plain(recall(&a, &b)));
        s.try_on("f1", &input, || plain(f1(&a, &b)));
        for beta in NUMBERS {
            s.try_on("f_beta", &input, || plain(f_beta(&a, &b, beta)));
        }
        s.try_on("confusion_matrix", &input, || {
            plain(confusion_matrix(&a, &b))
        });
        s.try_on("class_labels", &input, || plain(class_labels(&a, &b)));
        s.try_on("BinaryConfusion::new", &input, || {
            shown(BinaryConfusion::new(&a, &b))
        });
        if let Ok(found) = BinaryConfusion::new(&a, &b) {
            s.try_on("BinaryConfusion::specificity", &input, || {
                plain(found.specificity())
            });
            s.try_on("BinaryConfusion::recall", &input, || plain(found.recall()));
        }
        let names: Vec<&str> = ["x"; 40].into();
        s.try_on("classification_report", &input, || {
            let rows = class_labels(&a, &b).map_or(0, |labels| labels.len());
            classification_report(&a, &b, &names[..rows.min(40)])
                .map(|report| format!("{report}{report:?}").len() as f64)
                .map(|n| vec![n])
        });
        s.try_on("MostFrequent::fit", &input, || {
            plain(MostFrequent::fit(&a).map(|model| model.class()))
        });
        s.try_on("balanced_class_weights", &input, || {
            plain(balanced_class_weights(&a))
        });
        s.try_on("oversample", &input, || {
            plain(oversample(&a, &mut RandomState::seed(1)))
        });
        s.try_on("undersample", &input, || {
            plain(undersample(&a, &mut RandomState::seed(1)))
        });
        for folds in COUNTS {
            s.try_on("group_folds", &input, || plain(group_folds(&a, folds)));
            s.try_on("stratified_folds", &input, || {
                plain(stratified_folds(&a, folds, &mut RandomState::seed(1)))
            });
        }
        s.try_on("cross_validate", &input, || {
            shown(cross_validate(&a, |train, test| {
                Ok(train.len() as f64 / test.len() as f64)
            }))
        });
    }
}

pub fn scores(s: &mut Sweep) {
    let reason = "the first threshold of a curve lies above all scores";
    for (input, y, scores) in scored() {
        s.try_on("roc_auc", &input, || plain(roc_auc(&y, &scores)));
        s.try_on("roc_auc_by_pairs", &input, || {
            plain(roc_auc_by_pairs(&y, &scores))
        });
        s.try_unbounded("roc_curve", reason, &input, || {
            shown(roc_curve(&y, &scores))
        });
        s.try_unbounded("precision_recall_curve", reason, &input, || {
            shown(precision_recall_curve(&y, &scores))
        });
        s.try_on("average_precision", &input, || {
            plain(average_precision(&y, &scores))
        });
        s.try_unbounded(
            "log_loss",
            "what was given the probability 0 has happened",
            &input,
            || plain(log_loss(&y, &scores)),
        );
        s.try_on("brier_score", &input, || plain(brier_score(&y, &scores)));
        s.try_on("calibration_in_the_large", &input, || {
            shown(calibration_in_the_large(&y, &scores))
        });
        for confidence in NUMBERS {
            s.try_on("roc_auc_interval", &input, || {
                shown(roc_auc_interval(&y, &scores, confidence))
            });
        }
        let other = scores.mapv(|score| -score);
        s.try_on("roc_auc_difference", &input, || {
            shown(roc_auc_difference(&y, &scores, &other, 0.95))
        });
        s.try_on("roc_auc_difference", &input, || {
            shown(roc_auc_difference(&y, &scores, &scores, 0.95))
        });
        if let Ok(test) = roc_auc_difference(&y, &scores, &other, 0.95) {
            for side in SIDES {
                s.try_on("AucDifference::p_value_for", &input, || {
                    Ok(vec![test.p_value_for(side)])
                });
            }
        }
        for bins in COUNTS {
            for binning in [Binning::EqualWidth, Binning::Quantile] {
                s.try_on("calibration_curve", &input, || {
                    shown(calibration_curve(&y, &scores, bins, binning))
                });
                s.try_on("expected_calibration_error", &input, || {
                    plain(expected_calibration_error(&y, &scores, bins, binning))
                });
            }
        }
        for number in NUMBERS {
            s.try_on("BinaryConfusion::at_threshold", &input, || {
                shown(BinaryConfusion::at_threshold(&y, &scores, number))
            });
            s.try_unbounded(
                "recall_at_alert_rate",
                "without alerts, the threshold lies above all scores",
                &input,
                || shown(recall_at_alert_rate(&y, &scores, number)),
            );
            if let Ok(costs) = Costs::new(number, 2.0) {
                s.try_on("Costs::bayes_threshold", &input, || {
                    Ok(vec![costs.bayes_threshold()])
                });
                s.try_on("expected_cost", &input, || {
                    plain(expected_cost(&y, &scores, 0.5, costs))
                });
                s.try_unbounded(
                    "cheapest_threshold",
                    "to flag nobody, the threshold lies above all scores",
                    &input,
                    || shown(cheapest_threshold(&y, &scores, costs)),
                );
            }
        }
        s.try_on("Platt::fit", &input, || {
            let platt = Platt::fit(&scores, &y)?;
            plain(
                platt
                    .predict(&scores)
                    .map(|p| (p, vec![platt.slope(), platt.intercept()])),
            )
        });
        s.try_on("check_performance", &input, || {
            let base = roc_auc_interval(
                &array![0, 1, 0, 1, 1],
                &array![0.1, 0.9, 0.4, 0.3, 0.8],
                0.95,
            )?;
            shown(check_performance(
                &y,
                &scores,
                &base,
                &PerformancePolicy::default(),
            ))
        });
        s.try_on("ModelHealthMonitor::check_performance_drop", &input, || {
            shown(ModelHealthMonitor::default().check_performance_drop(&scores, &y, 0.8))
        });
    }
    for (one, a) in NUMBERS.iter().enumerate() {
        for b in NUMBERS {
            s.try_on("Costs::new", format!("{one} {a} {b}"), || {
                Costs::new(*a, b).map(|costs| vec![costs.bayes_threshold()])
            });
        }
    }
}
