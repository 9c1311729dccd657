//! Every function that takes data, on data at the edges of what can be computed: huge and tiny numbers, constant and nearly
//! constant values, point masses, offsets, gaps and infinities, empty input, one row, hardly any or no rows of a class, labels
//! far apart, weights of 0, more asked for than there is, dates out of range, texts of any script.
//!
//! Whatever comes, it ends, does not panic, and is an error that names what is wrong or numbers of which none is NaN.

mod answers;
mod beyond_memory;
mod charts;
mod evaluate;
mod experiment;
mod forecasts;
mod inputs;
mod methods;
mod models;
mod monitors;
mod networks;
mod payments;
mod plans;
mod predictions;
mod random;
mod recommendations;
mod simulations;
mod sizes;
mod stored;
mod sweep;
mod tables;
mod texts;

use std::path::Path;

macro_rules! topics {
    ($($name:ident: $topic:path),+ $(,)?) => {$(
        #[test]
        fn $name() {
            sweep::run($topic);
        }
    )+};
}

topics!(
    metrics_of_classes: evaluate::classification,
    metrics_of_scores: evaluate::scores,
    drift: forecasts::drift,
    forecasts: forecasts::forecasts,
    tests_of_counts: experiment::counts,
    tests_of_samples: experiment::two_samples,
    plans: plans::plans,
    classifiers: models::classifiers,
    regressions: models::regressions,
    models_without_labels: models::without_labels,
    random_numbers: random::random,
    networks: networks::networks,
    texts: texts::texts,
    tables: tables::tables,
    payments: payments::payments,
    monitors: monitors::monitors,
    recommendations: recommendations::recommendations,
    predictions_of_tables: predictions::of_tables,
    predictions_of_vectors: predictions::of_vectors,
    layouts: predictions::of_layouts,
    simulations: simulations::of_simulations,
    weeks_of_models: simulations::of_weeks,
    methods_of_networks: methods::of_networks,
    methods_of_recommenders: methods::of_recommenders,
    methods_of_tables_and_texts: methods::of_tables_and_texts,
    methods_of_models: methods::of_models,
    charts_of_numbers: charts::of_numbers,
    charts_of_tables: charts::of_tables,
    more_than_memory_holds: beyond_memory::of_models_and_tables,
    more_drawn_and_forecast_than_memory_holds: beyond_memory::of_drawn_and_forecast,
    squares_that_memory_does_not_hold: beyond_memory::of_a_square,
    sizes_at_which_a_slow_way_would_not_end: sizes::that_end,
    stored_models: stored::models,
    answers_to_exercises: answers::exercises,
);

/// The topics whose functions take data.
const TOPICS: [&str; 20] = [
    "calibrate",
    "classify",
    "cluster",
    "evaluate",
    "experiment",
    "forecast",
    "frame",
    "fraud",
    "imbalance",
    "interview",
    "linear",
    "monitor",
    "neural",
    "plot",
    "random",
    "recommend",
    "sql",
    "text",
    "trees",
    "triage",
];

/// What takes no data of the caller's.
const APART: [(&str, &str); 5] = [
    ("html", "the text of the cards"),
    ("transfer_curves", "settings of a simulation"),
    ("gradient_error_curve", "`gradient_check` for each step"),
    ("original_flags", "what `original_transactions` returns"),
    ("work_table", "what `query_work` measured"),
];

/// A new function has to be added to one of the topics above.
#[test]
fn every_public_function_that_takes_data_is_tried() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut tried = Vec::new();
    collect(&root.join("tests/degenerate"), &mut tried);
    let here: String = tried.into_iter().map(|(_, code)| code).collect();
    let mut missing = Vec::new();
    let mut found = 0;
    for topic in TOPICS {
        let mut files = Vec::new();
        collect(&root.join("src").join(topic), &mut files);
        let exported: String = files
            .iter()
            .filter(|(name, _)| name == "mod.rs")
            .map(|(_, code)| code.as_str())
            .collect();
        for (_, code) in &files {
            let mut owner = String::new();
            for (at, line) in code.lines().enumerate() {
                if let Some(of) = line.strip_prefix("impl ") {
                    owner = of
                        .split([' ', '<', '{'])
                        .next()
                        .unwrap_or_default()
                        .to_owned();
                }
                let Some(rest) = line.trim_start().strip_prefix("pub fn ") else {
                    continue;
                };
                let name = rest.split(['(', '<']).next().unwrap_or_default();
                let signature: String = code
                    .lines()
                    .skip(at)
                    .take_while(|line| !line.ends_with('{'))
                    .collect::<String>()
                    + line;
                let arguments = signature.split("->").next().unwrap_or_default();
                let takes_data = ["ArrayRef", "f64", "&[", "Conversions", "&str", "AsRef<str>"]
                    .iter()
                    .any(|kind| arguments.contains(kind));
                let made = [
                    "fit",
                    "build",
                    "train",
                    "new",
                    "from_merges",
                    "from_arms",
                    "fit_weighted",
                    "fit_from",
                ]
                .contains(&name);
                let free = line.starts_with("pub fn ");
                let public = if free {
                    exported.contains(name)
                } else {
                    made && exported.contains(&owner) && signature.contains("Result")
                };
                if !(public && takes_data) || APART.iter().any(|(apart, _)| *apart == name) {
                    continue;
                }
                found += 1;
                let tried = if free {
                    format!("\"{name}\"")
                } else {
                    format!("\"{owner}::")
                };
                if !here.contains(&tried) {
                    missing.push(if free {
                        format!("{topic}::{name}")
                    } else {
                        format!("{topic}::{owner}::{name}")
                    });
                }
            }
        }
    }
    assert!(missing.is_empty(), "not tried: {missing:#?}");
    assert!(found > 140, "{found}");
}

fn collect(folder: &Path, files: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else {
            let code = std::fs::read_to_string(&path).unwrap();
            let code = code
                .split("#[cfg(test)]")
                .next()
                .unwrap_or_default()
                .to_owned();
            files.push((entry.file_name().to_string_lossy().into_owned(), code));
        }
    }
}
