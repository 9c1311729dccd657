//! All that a notebook needs: `use dsprep_core::prelude::*;`.
//!
//! No name here hides one of the standard library's. The error type is `dsprep_core::Error`; what a function of one's own
//! returns is [`DsResult`]. With `polars::prelude::*` it shares one name, the macro `table!`; beside both say which is meant by
//! `use dsprep_core::table;`.

pub use crate::calibrate::{Isotonic, Platt};
pub use crate::cell::{MimeBundle, input, input_password};
pub use crate::classify::{GaussianNaiveBayes, MultinomialNaiveBayes, NearestNeighbours};
pub use crate::cluster::{KMeans, Pca};
pub use crate::display::{
    ByRef, DebugDisplay, RichDisplay, Summarise, Summary, ToFrame, display, display_update,
    display_with_id, round,
};
pub use crate::evaluate::drift::{
    KsMethod, category_drift, chi_square_homogeneity, jensen_shannon_distance, ks_statistic,
    ks_two_sample, population_stability_index, wasserstein_distance,
};
pub use crate::evaluate::{BiasVariance, NoisyFunction, bias_variance};
pub use crate::evaluate::{
    BinaryConfusion, Binning, Costs, MostFrequent, accuracy, average_precision, balanced_accuracy,
    brier_score, calibration_curve, cheapest_threshold, classification_report, confusion_matrix,
    coverage, expected_calibration_error, expected_cost, f_beta, f1, log_loss, mae, mape, mase,
    matthews_correlation, precision, precision_recall_curve, recall, rmse, roc_auc,
    roc_auc_by_pairs, roc_auc_difference, roc_auc_interval, roc_curve, smape, winkler,
};
pub use crate::evaluate::{
    cross_validate, diebold_mariano, forecast_bias, group_folds, permutation_importance, rmsse,
    stratified_folds, wape,
};
pub use crate::evaluate::{crps_by_pairs, crps_normal, crps_sample, pinball_loss};
pub use crate::experiment::{
    Alternative, ThompsonSampling, fisher_exact, mann_whitney, minimum_detectable_effect_means,
    minimum_detectable_effect_proportions, newcombe_interval, non_inferiority_means,
    non_inferiority_proportions, permutation_test, ratio_metric, ratio_metric_test,
    wilson_interval,
};
pub use crate::experiment::{
    BootstrapMethod, Conversions, Cuped, Design, Guardrails, Lift, MixtureSprt, Observation, Sides,
    Spending, Variance, benjamini_hochberg, bonferroni, bootstrap_interval, days_needed, decide,
    group_sequential_boundaries, holm, power_means, power_proportions, risk_ratio, rollout_plan,
    sample_ratio_mismatch, sample_size_means, sample_size_proportions, simulate_peeking,
    simulated_power, traffic_table, two_proportion_z_test, welch_t_test,
};
pub use crate::experiment::{RolloutDecision, SampleSize};
pub use crate::experiment::{simulate_error_rates, simulate_findings, simulate_p_values};
pub use crate::forecast::{
    Backtest, ExponentialSmoothing, Fold, HoltWinters, PredictionInterval, RollingOrigin, backtest,
    conformal_interval, drift, empirical_interval, normal_interval, seasonal_naive,
};
pub use crate::frame::{ColumnToArray, FrameToArray};
pub use crate::fraud::{
    Action, FeatureTable, FraudModel, FraudPattern, LabelledPayment, ModelOptions, OnFailure,
    OriginalScorer, OriginalTransaction, Payment, PaymentDecision, Reason, Reasons, Rules, Scorer,
    ScorerOptions, StateHealth, feature_table, great_circle_km, original_flags,
    original_transactions, recall_at_alert_rate, recompute, simulate_payments,
};
pub use crate::imbalance::{
    balanced_class_weights, corrected_for_base_rate, oversample, smote, undersample,
};
pub use crate::interview::cards::{FlashCards, flash_cards, mock_interview, reference_card};
pub use crate::interview::retention::Customers;
pub use crate::interview::star::Story;
pub use crate::linear::{
    DegreeCurve, LinearRegression, Polynomial, RegularisationPath, degree_curve, largest_alpha,
    lasso, lasso_path, ridge, ridge_path,
};
pub use crate::linear::{LogisticRegression, ScaledLogistic, StandardScaler};
pub use crate::monitor::{
    Change, Correction, DataFault, DriftPolicy, DriftReference, DriftReport, Fault, LinearScorer,
    ModelHealthMonitor, ModelLifecycle, MonitorAction, MonitorPolicy, MonitorTrigger, OriginalData,
    PerformancePolicy, WeekReport, WeekStream, alarm_rate, check_performance, original_periods,
};
pub use crate::monitor::{Cusum, ReviewDecision, ServedScores};
pub use crate::neural::{
    Activation, CheckedGradient, Digits, Forward, Gradients, InitialWeights, Layer, LayerCount,
    LayerGradient, Loss, Mlp, MultiHead, MultiHeadAttention, Optimizer, ResNet, TaskExamples,
    TransferCurves, TransferStrategy, Value, digits, gradient_check, gradient_error_curve,
    padding_mask, positional_encoding, pretrain, relative_error, source_task, target_task,
    transfer, transfer_accuracy, transfer_curves,
};
pub use crate::neural::{
    Attention, attention, causal_mask, masked_attention, row_entropy, softmax, softmax_rows,
    streaming_attention,
};
pub use crate::neural::{
    KeyValueCache, TransformerBlock, cache_bytes, layer_norm, lora_count, rms_norm,
    rotary_positions,
};
pub use crate::plot::monitor_timeline;
pub use crate::plot::{
    Edge, Histogram, Lane, Line, LineChart, Node, Points, ScatterChart, Tree, bar_chart,
    calibration_chart, graph_diagram, grouped_bar_chart, heatmap, histogram, learning_curves,
    line_chart, path_chart, pr_chart, roc_and_pr_chart, roc_chart, scatter_chart, small_multiples,
    timeline_chart, tree_diagram,
};
pub use crate::plot::{Figure, Labels, attention_heatmap, forecast_chart, join_diagram};
pub use crate::plot::{partition_chart, ranking_chart};
pub use crate::random::RandomState;
pub use crate::recommend::{
    Candidate, CapacityPlan, ExactIndex, FeatureStore, Hit, IvfIndex, Machine, Market,
    MarketOptions, Measured, MockRecommender, Queue, RankingReport, Recommender,
    RecommenderOptions, Reranker, ServedItem, Sponsored, TowerOptions, TwoTower, Workload,
    average_precision_at_k, catalogue_coverage, erlang_c, intra_list_diversity,
    maximal_marginal_relevance, ndcg_at_k, novelty, ranking_report, recall_at_k,
};
pub use crate::recommend::{
    FactorOptions, ItemItem, MatrixFactorisation, hit_at_k, most_popular, off_policy_value,
    precision_at_k, reciprocal_rank,
};
pub use crate::saved::Saved;
pub use crate::source;
pub use crate::sql::{
    DuplicateRule, NullKeys, Ranking, as_of_by_polars, as_of_join, as_of_sql, churn_history,
    events, leaking_sql, many_orders, query_plan, query_work, top_customers,
    top_customers_by_polars, top_customers_of_all_months, top_n_per_group, work_table,
};
pub use crate::sql::{Join, customers_and_orders, hash_join, query};
pub use crate::sql::{islands, running_totals, sessions};
pub use crate::table;
pub use crate::text::{
    ByteBpe, CharBpe, Vocabulary, WordPiece, char_tokens, merge_by_string_replacement,
    merge_symbols, pretokenize, word_tokens,
};
pub use crate::trees::{
    BoostedClassifier, BoostedTrees, Criterion, DecisionTree, GradientBoosting, IsolationForest,
    RandomForest, SplitSearch,
};
pub use crate::triage::{PipelineFault, Symptoms, faulty_systems};
pub use crate::triage::{
    Season, TargetEncoder, as_of, calibration_in_the_large, domain_auc, encode_out_of_fold,
    encoding_leak, feature_skew, known_too_late, row_parity, shared_rows, shuffled_folds,
    single_feature_aucs,
};
pub use crate::{Interval, Result as DsResult};

pub use ndarray::{Array1, Array2, Array3, ArrayView1, ArrayView2, Axis, array, s};
pub use polars::prelude::{
    Column, DataFrame, DataType, IntoColumn, IntoLazy, IntoSeries, JoinArgs, JoinType, LazyFrame,
    NamedFrom, Series, SortMultipleOptions, col, lit, when,
};
pub use rusqlite::{Connection, params};
