//! What a check says of an answer.

use crate::cell::MimeBundle;
use crate::display::RichDisplay;
use crate::interview::cards::deck::html;

/// Whether an answer is right, and why or why not.
///
/// As text it starts with `Passed.` or `Not yet.`, which is what the notebook runner looks for. In a notebook,
/// what the message has in backticks is shown as code.
///
/// # Examples
/// ```
/// use dsprep_core::check::Verdict;
///
/// let verdict = Verdict::not_yet("You counted Dave twice: UNION ALL keeps duplicates.");
/// assert!(!verdict.has_passed());
/// assert_eq!(verdict.to_string(), "Not yet. You counted Dave twice: UNION ALL keeps duplicates.");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "a verdict is to be shown"]
pub struct Verdict {
    passed: bool,
    message: String,
}

impl Verdict {
    /// The answer is right; `explanation` says why it works.
    pub fn passed(explanation: impl Into<String>) -> Self {
        Verdict {
            passed: true,
            message: explanation.into(),
        }
    }

    /// The answer is not right; `message` names the misconception and says where to look.
    pub fn not_yet(message: impl Into<String>) -> Self {
        Verdict {
            passed: false,
            message: message.into(),
        }
    }

    /// Whether the answer is right.
    pub fn has_passed(&self) -> bool {
        self.passed
    }

    /// The explanation, or what is not right yet.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The verdict of `check`, or that the answer panicked in it: it is the learner's code that `check` runs.
    pub(in crate::check) fn of(check: impl FnOnce() -> Self) -> Self {
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(check)).unwrap_or_else(|payload| {
            let text = payload.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| payload.downcast_ref::<&str>().copied());
            Verdict::not_yet(format!(
                "Your function panics: {}. The check also calls it with data that you don't see: think of what is empty, \
                 shorter than expected, missing or equal, and of a divisor of 0.",
                text.unwrap_or("it does not say why")
            ))
        })
    }

    /// What a test of a check expects of a wrong answer: that it is told something.
    #[cfg(test)]
    pub(in crate::check) fn told(&self) -> String {
        assert!(!self.has_passed(), "{self}");
        self.message.clone()
    }

    fn word(&self) -> &'static str {
        if self.passed { "Passed." } else { "Not yet." }
    }

    /// Green or orange, both of which show on light and on dark.
    fn color(&self) -> &'static str {
        if self.passed { "#2e9e5b" } else { "#d9822b" }
    }
}

impl std::fmt::Display for Verdict {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} {}", self.word(), self.message)
    }
}

impl RichDisplay for Verdict {
    fn mime_bundle(&self) -> MimeBundle {
        let html = format!(
            "<div style=\"border-left:4px solid {};padding:4px 12px\"><b>{}</b> {}</div>",
            self.color(),
            self.word(),
            html(&self.message).replace('\n', "<br>")
        );
        MimeBundle::plain(self.to_string()).with("text/html", html)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_that_panics_is_told_so() {
        let first = |values: &[f64]| values[0];
        let check = |answer: fn(&[f64]) -> f64| {
            Verdict::of(|| match answer(&[]) {
                0.0 => Verdict::passed("0"),
                _ => Verdict::not_yet("not 0"),
            })
        };
        let told = check(first).told();
        assert!(told.contains("panics: index out of bounds"), "{told}");
        assert!(check(|_| panic!("no data")).told().contains("no data"));
        assert_eq!(check(|_| 1.0).told(), "not 0");
        assert!(check(|_| 0.0).has_passed());
    }

    #[test]
    fn a_verdict_says_whether_it_passed_in_text_and_html() {
        let passed = Verdict::passed("a < `b`");
        assert!(passed.has_passed());
        assert_eq!(passed.to_string(), "Passed. a < `b`");
        let html = passed.mime_bundle();
        let html = html.get("text/html").unwrap_or_default();
        assert!(
            html.contains("<b>Passed.</b> a &lt; <code>b</code>"),
            "{html}"
        );
        assert_eq!(Verdict::not_yet("x").message(), "x");
    }
}
