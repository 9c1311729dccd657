//! Compares the outputs that are stored in a cell with fresh ones, each MIME type by its own rule.
//!
//! - Text: the same characters, after durations, addresses and paths were taken out ([`text`]). So a number is
//!   the same only if all its printed digits are.
//! - HTML and SVG: the same tags and texts in the same order ([`markup`]). In SVG, coordinates and colours may
//!   differ by one in their last printed digit, since the last bit of a sine depends on the system's library.
//! - Everything else: the same JSON.
//!
//! Execution counts are passed over, and so is when text on standard error came in between.

mod changes;
mod content;
mod kinds;
mod markup;
mod text;

pub use changes::Change;

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
pub fn compare(stored: &[Value], fresh: &[Value]) -> Vec<Difference> {
    let (stored, stored_errors) = apart(stored);
    let (fresh, fresh_errors) = apart(fresh);
    let mut differences: Vec<_> = match kinds::compare(&stored, &fresh) {
        Some(difference) => vec![difference],
        None => {
            let pairs = (1..).zip(stored.iter().zip(&fresh));
            pairs
                .filter_map(|(number, (stored, fresh))| content::compare(number, stored, fresh))
                .collect()
        }
    };
    let changes = changes::between(&text::lines(&stored_errors), &text::lines(&fresh_errors));
    if !changes.is_empty() {
        let place = "standard error".to_owned();
        differences.push(Difference { place, changes });
    }
    differences
}

/// Whether `fresh` outputs are the `stored` ones but for durations, addresses and paths.
pub fn same_but_for_what_varies(stored: &[Value], fresh: &[Value]) -> bool {
    steady(stored) == steady(fresh)
}

/// Whether `fresh` outputs are the `stored` ones but for the numbers in them as well.
pub fn same_but_for_numbers(stored: &[Value], fresh: &[Value]) -> bool {
    text::without_numbers(&steady(stored)) == text::without_numbers(&steady(fresh))
}

/// The outputs as one text, without what varies and without execution counts.
fn steady(outputs: &[Value]) -> String {
    let outputs = Value::Array(normalised(outputs.to_vec(), None));
    text::without_what_varies(&format!("{outputs:#}"))
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

    fn stream(name: &str, text: &str) -> Value {
        json!({"output_type": "stream", "name": name, "text": text})
    }

    fn result(data: Value) -> Value {
        json!({"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": data})
    }

    /// What differs, and how, as text.
    fn told(stored: &[Value], fresh: &[Value]) -> String {
        let differences = compare(stored, fresh);
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
                same_but_for_what_varies(&stored, &fresh),
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
        assert!(!same_but_for_what_varies(&[], &printed("p99 1.5 ms\n")));
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
