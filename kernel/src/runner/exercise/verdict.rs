//! What a check said.

use crate::notebook::joined;
use serde_json::Value;

/// The verdict in the outputs of an exercise's cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The answer is right.
    Passed(String),
    /// The answer is not right yet.
    NotYet(String),
    /// There is none.
    None,
}

impl Verdict {
    /// The last verdict that a cell shows.
    pub fn of(outputs: &[Value]) -> Verdict {
        let texts = outputs
            .iter()
            .map(|output| joined(&output["data"]["text/plain"]));
        let verdict = |text: String| {
            if text.starts_with("Passed.") {
                Some(Verdict::Passed(text))
            } else {
                text.starts_with("Not yet.")
                    .then_some(Verdict::NotYet(text))
            }
        };
        texts.rev().find_map(verdict).unwrap_or(Verdict::None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_verdict_is_a_result_that_starts_with_its_words() {
        let result =
            |text: &str| json!({"output_type": "execute_result", "data": {"text/plain": text}});
        let printed =
            json!({"output_type": "stream", "name": "stdout", "text": "Passed. No result."});
        assert_eq!(Verdict::of(std::slice::from_ref(&printed)), Verdict::None);
        assert_eq!(
            Verdict::of(&[result("Passed"), result("Not"), result("")]),
            Verdict::None
        );
        let passed = "Passed. The mean.".to_owned();
        assert_eq!(
            Verdict::of(&[result("Not yet. x"), printed, result(&passed)]),
            Verdict::Passed(passed)
        );
        assert_eq!(
            Verdict::of(&[result("Not yet.")]),
            Verdict::NotYet("Not yet.".to_owned())
        );
    }
}
