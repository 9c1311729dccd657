//! What is stored and can't be a model is refused, with the reason.

use super::{Kinds, data};
use crate::fraud::{FraudModel, ModelOptions, feature_table, simulate_payments};
use crate::linear::StandardScaler;
use crate::random::RandomState;
use crate::recommend::IvfIndex;
use crate::saved::Saved;
use crate::trees::{Classification, FittedTree, GradientBoosting, Regression};
use crate::{Error, Result};
use ndarray::array;

/// An index whose lists miss an item, hold one twice, or hold one that there is not, is refused.
#[test]
fn an_index_that_can_not_be_is_refused() -> Result<()> {
    let items = array![[1.0_f32, 0.0], [0.0, 1.0], [-1.0, 0.5]];
    let json = IvfIndex::build(&items, 1, &mut RandomState::seed(1))?.to_json()?;
    assert!(IvfIndex::from_json(&json).is_ok());
    let lists = json.split("\"lists\":").nth(1).unwrap_or_default();
    let lists = lists.split("}").next().unwrap_or_default();
    for wrong in ["[[0,1]]", "[[0,1,1]]", "[[0,1,3]]", "[[0,1],[2]]", "[]"] {
        let changed = json.replace(lists, wrong);
        assert_ne!(changed, json);
        assert!(
            matches!(IvfIndex::from_json(&changed), Err(Error::Stored { .. })),
            "{wrong}"
        );
    }
    Ok(())
}

#[test]
fn a_fraud_model_with_other_features_is_refused() -> Result<()> {
    let kinds = &mut Kinds::default();
    let table = feature_table(&simulate_payments(60, 10, &mut RandomState::seed(24))?)?;
    let settings = ModelOptions {
        trees: 3,
        ..ModelOptions::default()
    };
    let model = FraudModel::fit(&table, settings)?;
    let again = kinds.again(&model)?;
    assert_eq!(
        again.probabilities(&table.features)?,
        model.probabilities(&table.features)?
    );
    let (x, _, labels) = data()?;
    let other = GradientBoosting::classifier().trees(1).fit(&x, &labels)?;
    let disguised = other
        .to_json()?
        .replace("boosted classification", "fraud model");
    let disguised = disguised.replace("\"parameters\":", "\"parameters\":{\"trees\":") + "}";
    let message = FraudModel::from_json(&disguised).unwrap_err().to_string();
    assert!(message.contains("the features of the scorer"), "{message}");
    Ok(())
}

#[test]
fn what_is_no_such_model_is_refused_with_the_reason() {
    let scaler = |json: &str| StandardScaler::from_json(json).unwrap_err().to_string();
    assert!(scaler("").contains("not a stored standard scaler"));
    assert!(scaler("[1, 2").contains("not a stored standard scaler"));
    let head = |model: &str, format: u32, parameters: &str| {
        format!("{{\"model\":\"{model}\",\"format\":{format},\"parameters\":{parameters}}}")
    };
    let good = "{\"mean\":[1.0,2.0],\"scale\":[0.5,1e-3]}";
    assert!(StandardScaler::from_json(&head("standard scaler", 1, good)).is_ok());
    assert!(
        scaler(&head("vocabulary", 1, good)).contains("a stored vocabulary, not a standard scaler")
    );
    assert!(scaler(&head("standard scaler", 2, good)).contains("its format is 2"));
    for wrong in [
        "1.0",
        "1.0,NaN",
        "1.0,2.0,3.0",
        "1.0,\"x\"",
        "1.0,-1.0",
        "1.0,0",
    ] {
        let parameters = good.replace("0.5,1e-3", wrong);
        scaler(&head("standard scaler", 1, &parameters));
    }
    let tree = |tree: &str| {
        let parameters =
            format!("{{\"ensemble\":{{\"features\":2,\"width\":1,\"trees\":[{tree}]}}}}");
        FittedTree::<Regression>::from_json(&head("regression tree", 1, &parameters))
    };
    let stored = |rows: &str, splits: &str, thresholds: &str| {
        format!(
            "{{\"values\":[1.0,2.0,3.0],\"rows\":{rows},\"splits\":{splits},\
             \"thresholds\":[{thresholds}],\"gains\":[1.0]}}"
        )
    };
    assert!(tree(&stored("[3,1,2]", "[[0,1]]", "0.5")).is_ok());
    for wrong in [
        stored("[3,1]", "[[0,1]]", "0.5"),
        stored("[3,1,2]", "[[0,2]]", "0.5"),
        stored("[3,1,2]", "[[1,1]]", "0.5"),
        stored("[3,1,2]", "[[0,1]]", "1e999"),
        stored("[3,1,2]", "[[0,1]]", ""),
        String::new(),
    ] {
        assert!(matches!(tree(&wrong), Err(Error::Stored { .. })), "{wrong}");
    }
    assert!(FittedTree::<Classification>::from_json("{}").is_err());
}
