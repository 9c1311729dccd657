//! What a check found, and the lines that say so.

use crate::terminal::Paint;

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    topic: &'static str,
    found: String,
    verdict: Verdict,
}

/// What to think of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// All is well.
    Ok,
    /// Something is missing that not everybody needs; the text says how to mend it.
    Warning(String),
    /// Cells can't run; the text says how to mend it.
    Problem(String),
}

impl Finding {
    /// All is well.
    pub fn ok(topic: &'static str, found: impl Into<String>) -> Self {
        Finding::new(topic, found, Verdict::Ok)
    }

    /// Something is missing that not everybody needs.
    pub fn warning(topic: &'static str, found: impl Into<String>, mend: impl Into<String>) -> Self {
        Finding::new(topic, found, Verdict::Warning(mend.into()))
    }

    /// Cells can't run.
    pub fn problem(topic: &'static str, found: impl Into<String>, mend: impl Into<String>) -> Self {
        Finding::new(topic, found, Verdict::Problem(mend.into()))
    }

    fn new(topic: &'static str, found: impl Into<String>, verdict: Verdict) -> Self {
        let found = found.into();
        Finding {
            topic,
            found,
            verdict,
        }
    }

    /// One line, and one below it that says how to mend what is not well.
    pub fn lines(&self, paint: Paint) -> String {
        let (mark, mend) = match &self.verdict {
            Verdict::Ok => (paint.green("ok     "), None),
            Verdict::Warning(mend) => (paint.yellow("warning"), Some(mend)),
            Verdict::Problem(mend) => (paint.red("problem"), Some(mend)),
        };
        let mut lines = format!("{mark}  {:10}  {}\n", self.topic, one_line(&self.found));
        if let Some(mend) = mend {
            lines += &format!(
                "{:7}  {:10}  {}\n",
                "",
                "",
                paint.bold(&format!("-> {mend}"))
            );
        }
        lines
    }
}

/// The text with each run of white space as one space: what programs say may have several lines.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// How many findings there are of each kind.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    warnings: usize,
    problems: usize,
}

impl Count {
    /// Counts one more.
    pub fn add(&mut self, finding: &Finding) {
        match finding.verdict {
            Verdict::Ok => {}
            Verdict::Warning(_) => self.warnings += 1,
            Verdict::Problem(_) => self.problems += 1,
        }
    }

    /// What the process exits with: 1 if there is a problem.
    pub fn exit_code(self) -> u8 {
        u8::from(self.problems > 0)
    }

    /// The last line.
    pub fn line(self, paint: Paint) -> String {
        let warnings = many(self.warnings, "warning");
        match (self.problems, self.warnings) {
            (0, 0) => paint.green("All is well."),
            (0, _) => format!("No problem, {warnings}: cells run."),
            (problems, 0) => paint.red(&format!("{}.", many(problems, "problem"))),
            (problems, _) => paint.red(&format!("{}, {warnings}.", many(problems, "problem"))),
        }
    }
}

fn many(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings() -> [Finding; 3] {
        [
            Finding::ok("Rust", "rustc 1.95.0"),
            Finding::warning("JupyterLab", "not found", "pip install jupyterlab"),
            Finding::problem("linker", "linker `cc`\n  not found", "sudo apt install gcc"),
        ]
    }

    #[test]
    fn each_finding_is_a_line_and_a_mend() {
        let lines = findings().map(|finding| finding.lines(Paint::OFF)).concat();
        insta::assert_snapshot!(lines, @r#"
        ok       Rust        rustc 1.95.0
        warning  JupyterLab  not found
                             -> pip install jupyterlab
        problem  linker      linker `cc` not found
                             -> sudo apt install gcc
        "#);
    }

    #[test]
    fn marks_are_coloured_on_a_terminal() {
        let lines = findings().map(|finding| finding.lines(Paint::ON)).concat();
        insta::assert_snapshot!(lines.replace('\u{1b}', "ESC"), @r#"
        ESC[1;32mok     ESC[0m  Rust        rustc 1.95.0
        ESC[1;33mwarningESC[0m  JupyterLab  not found
                             ESC[1m-> pip install jupyterlabESC[0m
        ESC[1;31mproblemESC[0m  linker      linker `cc` not found
                             ESC[1m-> sudo apt install gccESC[0m
        "#);
    }

    #[test]
    fn the_last_line_counts_and_only_problems_fail() {
        let [ok, warning, problem] = findings();
        let sum = |findings: &[&Finding]| {
            let mut count = Count::default();
            findings.iter().for_each(|finding| count.add(finding));
            (count.line(Paint::OFF), count.exit_code())
        };
        assert_eq!(sum(&[&ok]), ("All is well.".into(), 0));
        assert_eq!(
            sum(&[&ok, &warning]),
            ("No problem, 1 warning: cells run.".into(), 0)
        );
        assert_eq!(sum(&[&problem]), ("1 problem.".into(), 1));
        assert_eq!(
            sum(&[&warning, &warning, &problem]),
            ("1 problem, 2 warnings.".into(), 1)
        );
    }
}
