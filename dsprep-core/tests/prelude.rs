//! The prelude beside that of polars: no name means two things.

/// Both, as a reader has them who pastes a snippet.
#[allow(ambiguous_glob_reexports)]
mod both {
    pub use dsprep_core::polars::prelude::*;
    pub use dsprep_core::prelude::*;
}

/// Imports each name by itself, which the compiler refuses if it is ambiguous.
macro_rules! imported {
    ($($name:ident),+ $(,)?) => {
        $(
            #[allow(unused_imports)]
            use both::$name as _;
        )+
        const NAMES: &[&str] = &[$(stringify!($name)),+];
    };
}

#[rustfmt::skip]
imported!(
    Action, Activation, Alternative, Attention, Backtest, BiasVariance, BinaryConfusion, Binning,
    BoostedClassifier, BoostedTrees, BootstrapMethod, ByRef, ByteBpe, Candidate, CapacityPlan, Change,
    CharBpe, CheckedGradient, ColumnToArray, Conversions, Correction, Costs, Criterion, Cuped, Customers,
    Cusum, DataFault, DebugDisplay, DecisionTree, DegreeCurve, Design, Digits, DriftPolicy, DriftReference,
    DriftReport, DsResult, DuplicateRule, Edge, ExactIndex, ExponentialSmoothing, FactorOptions, Fault,
    FeatureStore, FeatureTable, Figure, FlashCards, Fold, Forward, FrameToArray, FraudModel, FraudPattern,
    GaussianNaiveBayes, GradientBoosting, Gradients, Guardrails, Histogram, Hit, HoltWinters, InitialWeights,
    Interval, IsolationForest, Isotonic, ItemItem, IvfIndex, Join, KMeans, KeyValueCache, KsMethod, LabelledPayment, Labels,
    Lane, Layer, LayerCount, LayerGradient, Lift, Line, LineChart, LinearRegression, LinearScorer,
    LogisticRegression, Loss, Machine, Market, MarketOptions, MatrixFactorisation, Measured, MimeBundle,
    MixtureSprt, Mlp, MockRecommender, ModelHealthMonitor, ModelLifecycle, ModelOptions, MonitorAction,
    MonitorPolicy, MonitorTrigger, MostFrequent, MultiHead, MultiHeadAttention, MultinomialNaiveBayes,
    NearestNeighbours, Node, NoisyFunction, NullKeys, Observation, OnFailure, Optimizer, OriginalData,
    OriginalScorer, OriginalTransaction, Payment, PaymentDecision, Pca, PerformancePolicy, PipelineFault,
    Platt, Points, Polynomial, PredictionInterval, Queue, RandomForest, RandomState, Ranking, RankingReport,
    Reason, Reasons, Recommender, RecommenderOptions, RegularisationPath, Reranker, ResNet, ReviewDecision,
    RichDisplay, RollingOrigin, RolloutDecision, Rules, SampleSize, Saved, ScaledLogistic, ScatterChart,
    Scorer, ScorerOptions, Season, ServedItem, ServedScores, Sides, Spending, SplitSearch, Sponsored,
    StandardScaler, StateHealth, Story, Summarise, Summary, Symptoms, TargetEncoder, TaskExamples,
    ThompsonSampling, ToFrame, TowerOptions, TransferCurves, TransferStrategy, TransformerBlock, Tree,
    TwoTower, Value, Variance, Vocabulary, WeekReport, WeekStream, WordPiece, Workload, accuracy, alarm_rate,
    as_of, as_of_by_polars, as_of_join, as_of_sql, attention, attention_heatmap, average_precision,
    average_precision_at_k, backtest, balanced_accuracy, balanced_class_weights, bar_chart,
    benjamini_hochberg, bias_variance, bonferroni, bootstrap_interval, brier_score, cache_bytes,
    calibration_chart, calibration_curve, calibration_in_the_large, catalogue_coverage, category_drift,
    causal_mask, char_tokens, cheapest_threshold, check_performance, chi_square_homogeneity, churn_history,
    classification_report, conformal_interval, confusion_matrix, corrected_for_base_rate, coverage,
    cross_validate, crps_by_pairs, crps_normal, crps_sample, customers_and_orders, days_needed, decide, digits,
    degree_curve, diebold_mariano, display, display_update, display_with_id, domain_auc, drift,
    empirical_interval, encode_out_of_fold, encoding_leak, erlang_c, events, expected_calibration_error,
    expected_cost, f1, f_beta, faulty_systems, feature_skew, feature_table, fisher_exact, flash_cards,
    forecast_bias, forecast_chart, gradient_check, gradient_error_curve, graph_diagram, great_circle_km, group_folds,
    group_sequential_boundaries, grouped_bar_chart, hash_join, heatmap, histogram, hit_at_k, holm, input,
    input_password, intra_list_diversity, islands, jensen_shannon_distance, join_diagram, known_too_late, ks_statistic, ks_two_sample,
    largest_alpha, lasso, lasso_path, layer_norm, leaking_sql, learning_curves, line_chart, log_loss,
    lora_count, mae, mann_whitney, many_orders, mape, mase, masked_attention, matthews_correlation,
    maximal_marginal_relevance, merge_by_string_replacement, merge_symbols, minimum_detectable_effect_means,
    minimum_detectable_effect_proportions, mock_interview, monitor_timeline, most_popular, ndcg_at_k,
    newcombe_interval, non_inferiority_means, non_inferiority_proportions, normal_interval, novelty,
    off_policy_value, original_flags, original_periods, original_transactions, oversample, padding_mask,
    partition_chart, path_chart, permutation_importance, permutation_test, pinball_loss,
    population_stability_index, positional_encoding, power_means, power_proportions, pr_chart, precision,
    precision_at_k, precision_recall_curve, pretokenize, pretrain, query, query_plan, query_work,
    ranking_chart, ranking_report, ratio_metric, ratio_metric_test, recall, recall_at_alert_rate, recall_at_k,
    reciprocal_rank, recompute, reference_card, relative_error, ridge, ridge_path, risk_ratio, rms_norm, rmse,
    rmsse, roc_and_pr_chart, roc_auc, roc_auc_by_pairs, roc_auc_difference, roc_auc_interval, roc_chart,
    roc_curve, rollout_plan, rotary_positions, round, row_entropy, row_parity, running_totals, source,
    sample_ratio_mismatch, sample_size_means, sample_size_proportions, scatter_chart, seasonal_naive,
    sessions, shared_rows, table, shuffled_folds, simulate_error_rates, simulate_findings, simulate_p_values,
    simulate_payments, simulate_peeking, simulated_power, single_feature_aucs, small_multiples, smape, smote,
    softmax, softmax_rows, source_task, stratified_folds, streaming_attention, target_task, timeline_chart,
    top_customers, top_customers_by_polars, top_customers_of_all_months, top_n_per_group, traffic_table,
    transfer, transfer_accuracy, transfer_curves, tree_diagram, two_proportion_z_test, undersample, wape,
    welch_t_test, wasserstein_distance, wilson_interval, winkler, word_tokens, work_table,
);

/// Code with both, as in a cell: `table!` is the core's and takes ndarray's vectors, `df!` is that of polars.
mod pasted {
    use super::both::*;

    pub fn column() -> DsResult<Array1<f64>> {
        let frame: DataFrame = table!("x" => array![1.0, 2.0])?;
        let same: DataFrame = df!("x" => [1.0, 2.0])?;
        assert_eq!(frame, same);
        frame.column("x")?.to_array()
    }
}

#[test]
fn code_with_both_preludes_means_what_it_says() -> dsprep_core::Result<()> {
    assert_eq!(pasted::column()?.to_vec(), [1.0, 2.0]);
    Ok(())
}

/// The checks of the exercises are apart, and can stand beside both.
mod exercise {
    #[allow(unused_imports)]
    use super::both::*;
    use dsprep_core::check::*;

    pub fn verdict() -> Verdict {
        check_q26_users(|_, _| 1.0)
    }
}

#[test]
fn a_check_is_found_beside_both_preludes() {
    assert!(format!("{:?}", exercise::verdict()).len() > 2);
}

#[test]
fn every_name_of_the_prelude_is_tried() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/prelude.rs");
    let text = std::fs::read_to_string(path).unwrap();
    let code: String = text
        .lines()
        .filter(|line| !line.starts_with("//"))
        .collect::<Vec<_>>()
        .join(" ");
    let mut missing = Vec::new();
    for statement in code
        .split(';')
        .filter(|statement| statement.contains("pub use crate::"))
    {
        let names = match statement.split_once('{') {
            Some((_, list)) => list.trim_end_matches([' ', '}']),
            None => statement.rsplit("::").next().unwrap_or_default(),
        };
        for name in names
            .split(',')
            .map(str::trim)
            .filter(|name| !name.is_empty() && *name != "*")
        {
            let name = name.rsplit(" as ").next().unwrap_or(name).trim();
            let name = name.rsplit([' ', ':']).next().unwrap_or(name);
            if !NAMES.contains(&name) {
                missing.push(name.to_owned());
            }
        }
    }
    assert!(missing.is_empty(), "add to the list above: {missing:?}");
    assert!(NAMES.len() > 300);
}
