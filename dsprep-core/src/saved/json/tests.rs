use super::*;
use crate::random::RandomState;
use serde::{Deserialize, Serialize};

#[derive(Debug, PartialEq, Serialize, Deserialize)]
enum Kind {
    First,
    Second,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Everything {
    float: f64,
    small: f32,
    whole: i64,
    large: u64,
    flag: bool,
    text: String,
    kinds: Vec<Kind>,
    pair: (usize, Option<f64>),
    none: Option<String>,
}

fn everything() -> Everything {
    Everything {
        float: 0.1 + 0.2,
        small: 0.1,
        whole: i64::MIN,
        large: u64::MAX,
        flag: true,
        text: "a \"quoted\\ text\n\u{1}\u{e9} \u{1f642}".to_owned(),
        kinds: vec![Kind::Second, Kind::First],
        pair: (7, Some(-0.0)),
        none: None,
    }
}

#[test]
fn all_that_a_model_may_hold_comes_back() {
    let text = to_json(&everything()).unwrap().to_string();
    let again: Everything = from_json(parse(&text).unwrap()).unwrap();
    assert_eq!(again, everything());
    assert!(again.pair.1.unwrap().is_sign_negative());
    assert!(
        text.contains("0.30000000000000004") && text.contains("\\u000a\\u0001é 🙂"),
        "{text}"
    );
}

#[test]
fn numbers_of_all_sizes_come_back_bit_for_bit() {
    let mut rng = RandomState::seed(14);
    let mut numbers: Vec<f64> = vec![
        0.0,
        -0.0,
        f64::MAX,
        f64::MIN_POSITIVE,
        5e-324,
        1.0 / 3.0,
        1e23,
        9_007_199_254_740_993.0,
    ];
    for _ in 0..5000 {
        let exponent: f64 = rng.uniform(-300.0, 300.0, ()).unwrap();
        numbers.push(rng.randn(()) * 10.0_f64.powf(exponent));
    }
    let text = to_json(&numbers).unwrap().to_string();
    let again: Vec<f64> = from_json(parse(&text).unwrap()).unwrap();
    let bits = |numbers: &[f64]| numbers.iter().map(|n| n.to_bits()).collect::<Vec<_>>();
    assert_eq!(bits(&again), bits(&numbers));
    for wrong in [f64::NAN, f64::INFINITY] {
        assert!(
            to_json(&vec![wrong])
                .unwrap_err()
                .to_string()
                .contains("not a finite number")
        );
    }
}

#[test]
fn text_of_other_writers_is_read() {
    let found = parse(
        " { \"a\\u00e9\\ud83d\\ude42\\/\\t\" : [ 1 , -2.5E+3 , true , null , {} , [ ] ] } \n",
    )
    .unwrap();
    let list = vec![
        Json::Number("1".to_owned()),
        Json::Number("-2.5E+3".to_owned()),
        Json::Flag(true),
        Json::Null,
        Json::Map(Vec::new()),
        Json::List(Vec::new()),
    ];
    assert_eq!(
        found,
        Json::Map(vec![("aé🙂/\t".to_owned(), Json::List(list))])
    );
}

#[test]
fn what_is_no_json_is_named_with_its_place() {
    let message = |text: &str| parse(text).unwrap_err().to_string();
    assert_eq!(
        message("{\n \"a\" 1}"),
        "line 2, column 6: `:` must stand here, not '1'"
    );
    assert!(message("").contains("a value must stand here, not the end"));
    assert!(message(&"[".repeat(100_000)).contains("fewer lists"));
    for wrong in [
        "[1,]",
        "[1 2]",
        "{\"a\":1,}",
        "{a:1}",
        "tru",
        "1 2",
        "\"",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\ud800\"",
        "\"\\ud800\\u0041\"",
        "1e999",
        "--1",
        "-",
        "NaN",
        "'a'",
        "\"\\",
        "{\"a\"",
        "[\u{e9}]",
    ] {
        message(wrong);
    }
}

#[test]
fn a_value_of_another_shape_is_refused() {
    let read = |text: &str| from_json::<Everything>(parse(text).unwrap());
    assert!(
        read("{}")
            .unwrap_err()
            .to_string()
            .contains("missing field")
    );
    assert!(read("[1]").is_err() && read("null").is_err() && read("1").is_err());
    assert!(from_json::<Vec<f64>>(parse("[true]").unwrap()).is_err());
    assert!(from_json::<(usize, usize)>(parse("[1,2,3]").unwrap()).is_err());
    assert!(from_json::<usize>(parse("-1").unwrap()).is_err());
    assert!(from_json::<Kind>(parse("\"Third\"").unwrap()).is_err());
    assert!(from_json::<Kind>(parse("3").unwrap()).is_err());
}
