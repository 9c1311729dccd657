//! Compares the outputs that are stored in a cell with fresh ones, each MIME type by its own rule.
//!
//! - Text: the same characters, after addresses and paths were taken out ([`text`]). So a number is the same only if
//!   all its printed digits are, unless a tag of the cell allows more ([`Rules`]): `timed` takes out durations,
//!   `tolerance=1e-6` lets numbers differ by so much.
//! - HTML and SVG: the same tags and texts in the same order ([`markup`]). Tables are compared by the values of their
//!   cells. In SVG, what a library names anew in each run is passed over, and coordinates and colours may differ by
//!   one in their last printed digit, since the last bit of a sine depends on the system's library.
//! - PNG: the same pixels, where a channel may differ by two of 255 ([`png`]).
//! - Everything else: the same JSON.
//!
//! A file of rules of one's own may replace what fits a pattern before texts are compared ([`own_rules`]).
//!
//! The counts of outputs are passed over, since those of cells are compared by the runner, and so is when text on
//! standard error came in between.

mod changes;
mod content;
mod kinds;
mod markup;
mod numbers;
mod own_rules;
mod png;
mod rules;
mod text;

pub use changes::Change;
pub use own_rules::OwnRules;
pub use rules::Rules;

use crate::notebook::{joined, normalised};
use serde_json::Value;

/// How the fresh outputs of a cell differ from the stored ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What differs, like `output 2, text/html`.
    pub place: String,
    /// The lines around the difference.
    pub changes: Vec<Change>,
}

/// All differences between the `stored` outputs of a cell and the `fresh` ones, in order.
pub fn compare(stored: &[Value], fresh: &[Value], rules: &Rules) -> Vec<Difference> {
    let (stored, stored_errors) = apart(stored);
    let (fresh, fresh_errors) = apart(fresh);
    let mut differences: Vec<_> = match kinds::compare(&stored, &fresh, rules) {
        Some(difference) => vec![difference],
        None => {
            let pairs = (1..).zip(stored.iter().zip(&fresh));
            pairs
                .filter_map(|(number, (stored, fresh))| {
                    content::compare(number, stored, fresh, rules)
                })
                .collect()
        }
    };
    let changes = changes::between(
        &text::lines(&stored_errors, rules),
        &text::lines(&fresh_errors, rules),
    );
    if !changes.is_empty() {
        let place = "standard error".to_owned();
        differences.push(Difference { place, changes });
    }
    differences
}

/// Whether `fresh` outputs are the `stored` ones but for addresses and paths, and for what the rules allow.
pub fn same_but_for_what_varies(stored: &[Value], fresh: &[Value], rules: &Rules) -> bool {
    let (stored, fresh) = (steady(stored, rules), steady(fresh, rules));
    let near = |_: &str, one: f64, _: &str, other: f64| rules.allow(one, other);
    stored == fresh || (rules.tolerance > 0.0 && numbers::agree(&stored, &fresh, near))
}

/// Whether `fresh` outputs are the `stored` ones but for the numbers in them as well.
pub fn same_but_for_numbers(stored: &[Value], fresh: &[Value]) -> bool {
    let timed = Rules {
        durations: true,
        ..Rules::STRICT
    };
    text::without_numbers(&steady(stored, &timed)) == text::without_numbers(&steady(fresh, &timed))
}

/// The outputs as one text, without what varies and without execution counts.
fn steady(outputs: &[Value], rules: &Rules) -> String {
    let outputs = Value::Array(normalised(outputs.to_vec(), None));
    text::without_what_varies(&format!("{outputs:#}"), rules)
}

/// The outputs without what went to standard error, and that.
fn apart(outputs: &[Value]) -> (Vec<Value>, String) {
    let is_error =
        |output: &&Value| output["output_type"] == "stream" && output["name"] == "stderr";
    let errors = outputs.iter().filter(is_error);
    let errors = errors.map(|output| joined(&output["text"])).collect();
    let others = outputs.iter().filter(|output| !is_error(output)).cloned();
    (normalised(others.collect(), None), errors)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const TIMED: Rules<'static> = Rules {
        durations: true,
        ..Rules::STRICT
    };

    fn stream(name: &str, text: &str) -> Value {
        json!({"output_type": "stream", "name": name, "text": text})
    }

    fn result(data: Value) -> Value {
        json!({"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": data})
    }

    /// What differs, and how, as text.
    fn told(stored: &[Value], fresh: &[Value]) -> String {
        told_by(&TIMED, stored, fresh)
    }

    fn told_by(rules: &Rules, stored: &[Value], fresh: &[Value]) -> String {
        let differences = compare(stored, fresh, rules);
        let lines = differences.iter().map(|difference| {
            let changes: Vec<_> = difference.changes.iter().map(Change::to_string).collect();
            format!("{}\n{}", difference.place, changes.join("\n"))
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn the_same_outputs_in_other_pieces_are_no_difference() {
        let stored = [stream("stdout", "a\nb\n"), stream("stderr", "warning\n")];
        let fresh = [
            stream("stdout", "a\n"),
            stream("stderr", "warning\n"),
            stream("stdout", "b\n"),
        ];
        assert_eq!(told(&stored, &fresh), "");
        let other_count = json!({"output_type": "execute_result", "execution_count": 8, "metadata": {},
            "data": {"text/plain": ["1\n", "2"]}});
        assert_eq!(
            told(&[result(json!({"text/plain": "1\n2"}))], &[other_count]),
            ""
        );
    }

    #[test]
    fn a_digit_is_a_difference_and_a_duration_is_none() {
        let stored = [stream("stdout", "mean 0.123\nran 1.25ms\n")];
        assert_eq!(
            told(&stored, &[stream("stdout", "mean 0.123\nran 807.1µs\n")]),
            ""
        );
        insta::assert_snapshot!(told(&stored, &[stream("stdout", "mean 0.124\nran 1.25ms\n")]), @r"
        printed text
        - mean 0.123
        + mean 0.124
          ran <duration>
        ");
    }

    #[test]
    fn other_durations_are_no_reason_to_store_an_output_anew_and_another_style_is() {
        let printed = |text: &str| [stream("stdout", text)];
        let same = |stored: &str, fresh: &str| {
            let (stored, fresh) = (printed(stored), printed(fresh));
            [
                same_but_for_what_varies(&stored, &fresh, &TIMED),
                same_but_for_numbers(&stored, &fresh),
            ]
        };
        assert_eq!(same("p99 1.5 ms\n", "p99 12 ms\n"), [true, true]);
        assert_eq!(same("708,215 a second\n", "9.5 a second\n"), [false, true]);
        assert_eq!(same("708,215 a second\n", "9.5 a minute\n"), [false, false]);
        let styled = |style: &str| {
            [result(
                json!({"text/html": format!("<b style='{style}'>1</b>")}),
            )]
        };
        assert!(!same_but_for_numbers(
            &styled("color:red"),
            &styled("color:blue")
        ));
        assert!(!same_but_for_what_varies(
            &[],
            &printed("p99 1.5 ms\n"),
            &TIMED
        ));
    }

    #[test]
    fn a_computed_duration_counts_and_a_tolerance_is_for_numbers() {
        let printed = |text: &str| [stream("stdout", text)];
        let told = |rules: &Rules, stored: &str, fresh: &str| {
            told_by(rules, &printed(stored), &printed(fresh))
        };
        let strict = Rules::STRICT;
        assert_ne!(told(&strict, "p99 7 ms", "p99 50 ms"), "");
        let tolerant = Rules {
            tolerance: 0.01,
            ..strict
        };
        assert_eq!(told(&tolerant, "mean 100.0\n", "mean 100.5\n"), "");
        assert_ne!(told(&tolerant, "mean 100.0\n", "mean 102.5\n"), "");
        assert_ne!(told(&tolerant, "mean 100.0\n", "maan 100.0\n"), "");
        let html = |cell: &str| [result(json!({"text/html": format!("<td>{cell}</td>")}))];
        assert_eq!(told_by(&tolerant, &html("100.0"), &html("100.5")), "");
        assert_ne!(told_by(&strict, &html("100.0"), &html("100.5")), "");
    }

    #[test]
    fn empty_metadata_are_the_same_in_any_form_and_a_stream_needs_its_name() {
        let with = |metadata: Value| {
            [
                json!({"output_type": "execute_result", "execution_count": 1, "metadata": metadata, "data": {"text/plain": "1"}}),
            ]
        };
        assert_eq!(told(&with(json!([])), &with(json!({}))), "");
        assert_eq!(told(&with(Value::Null), &with(json!({}))), "");
        assert_ne!(told(&with(json!({"a": 1})), &with(json!({}))), "");
        let nameless = [json!({"output_type": "stream", "text": "x\n"})];
        insta::assert_snapshot!(told(&nameless, &[stream("stdout", "x\n")]), @r"
        the outputs are of other kinds
        - text on a stream without a name: x
        + printed text: x
        ");
    }

    #[test]
    fn what_is_missing_or_of_another_kind_is_named() {
        let table = result(json!({"text/plain": "1", "text/html": "<b>1</b>"}));
        insta::assert_snapshot!(told(&[], std::slice::from_ref(&table)), @r"
        no output is stored
        + result (text/html, text/plain): 1
        ");
        insta::assert_snapshot!(told(&[stream("stdout", "x"), table], &[stream("stdout", "x"), result(json!({"text/plain": "1"}))]), @r"
        the outputs are of other kinds
          printed text: x
        - result (text/html, text/plain): 1
        + result (text/plain): 1
        ");
        insta::assert_snapshot!(told(&[stream("stderr", "warning: unused")], &[]), @r"
        standard error
        - warning: unused
        ");
    }

    #[test]
    fn each_format_of_a_result_is_compared_and_the_plain_one_is_shown() {
        let stored = result(json!({"text/plain": "a 1", "text/html": "<b>a</b> 1"}));
        let both = result(json!({"text/plain": "a 2", "text/html": "<b>a</b> 2"}));
        insta::assert_snapshot!(told(std::slice::from_ref(&stored), &[both]), @r"
        output 1, text/plain and text/html
        - a 1
        + a 2
        ");
        let html = result(json!({"text/plain": "a 1", "text/html": "<i>a</i> 1"}));
        insta::assert_snapshot!(told(&[stored], &[html]), @r"
        output 1, text/html
        - <b>
        + <i>
          a
        - </b>
        + </i>
          1
        ");
    }

    #[test]
    fn pictures_and_data_must_be_the_same() {
        let png = |data: &str| result(json!({"image/png": data}));
        assert_eq!(told(&[png("aGk=\n")], &[png("aGk=\n")]), "");
        insta::assert_snapshot!(told(&[png("aGk=")], &[png("aGo=")]), @r"
        output 1, image/png
        - aGk=
        + aGo=
        ");
        let data = |value: Value| result(json!({"application/json": value}));
        insta::assert_snapshot!(told(&[data(json!({"a": 1.5}))], &[data(json!({"a": 1.25}))]), @r#"
        output 1, application/json
          {
        -   "a": 1.5
        +   "a": 1.25
          }
        "#);
    }

    #[test]
    fn errors_are_compared_without_their_colours() {
        let error = |trace: &str| json!({"output_type": "error", "ename": "E0425", "evalue": "no `x`", "traceback": [trace]});
        assert_eq!(
            told(&[error("\u{1b}[31merror\u{1b}[0m")], &[error("error")]),
            ""
        );
        insta::assert_snapshot!(told(&[error("at 1")], &[error("at 2")]), @r"
        error
          E0425: no `x`
        - at 1
        + at 2
        ");
    }
}
