//! A file of rules of one's own for comparing outputs.
//!
//! It has the form of the file that nbval takes to sanitize outputs, so that one can be taken along: sections, each
//! with a `regex` and what stands for its matches. Here a section may also say which notebooks it is about, how far
//! numbers may be apart, that durations were measured, or which formats are not compared.
//!
//! ```ini
//! [run ids]
//! regex: run-[0-9a-f]{8}
//! replace: RUN
//!
//! [slow machines]
//! notebooks: drafts/*.ipynb
//! tolerance: 1e-6
//! durations: yes
//! ignore: image/png, text/html
//! ```

use crate::error::{Error, Result};
use crate::named_files;
use crate::terminal::one_line;
use glob::Pattern;
use regex::Regex;
use std::borrow::Cow;
use std::path::Path;

/// The rules of a file.
#[derive(Debug, Clone, Default)]
pub struct OwnRules(Vec<OwnRule>);

/// One section.
#[derive(Debug, Clone, Default)]
pub struct OwnRule {
    /// What is replaced in texts before they are compared.
    pub replacement: Option<Replacement>,
    /// How far numbers may be apart.
    pub tolerance: Option<f64>,
    /// Whether durations were measured.
    pub durations: bool,
    /// The MIME types that are not compared.
    pub ignored: Vec<String>,
    /// The notebooks that it is about; all if there is no pattern.
    notebooks: Vec<Pattern>,
}

/// A pattern and what stands for its matches.
#[derive(Debug, Clone)]
pub struct Replacement {
    pattern: Regex,
    with: String,
}

impl Replacement {
    /// The text with all matches replaced.
    pub fn apply<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.pattern.replace_all(text, self.with.as_str())
    }
}

impl OwnRules {
    /// Reads the file `path`.
    ///
    /// # Errors
    /// [`Error::File`] if it can't be read, [`Error::Usage`] with the line if it is no such file.
    pub fn read(path: &Path) -> Result<OwnRules> {
        let text = named_files::read_text(path)?;
        parse(&text).map_err(|(line, problem)| {
            let path = one_line(&path.display().to_string());
            Error::Usage(format!("{path}:{line}: {problem}"))
        })
    }

    /// Those that are about this notebook.
    pub fn about(&self, notebook: &Path) -> Vec<&OwnRule> {
        let is_about = |rule: &&OwnRule| {
            let mut patterns = rule.notebooks.iter();
            rule.notebooks.is_empty() || patterns.any(|pattern| fits(pattern, notebook))
        };
        self.0.iter().filter(is_about).collect()
    }
}

/// Whether the path or a part of its end fits.
fn fits(pattern: &Pattern, path: &Path) -> bool {
    let parts: Vec<_> = path.components().collect();
    (0..parts.len()).any(|start| {
        let end: std::path::PathBuf = parts[start..].iter().collect();
        pattern.matches_path(&end)
    })
}

/// The rules, or the line with the mistake and what it is.
fn parse(text: &str) -> std::result::Result<OwnRules, (usize, String)> {
    let mut rules = Vec::new();
    let mut section: Option<Section> = None;
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if line.is_empty() || line.starts_with(['#', ';']) {
            continue;
        }
        if line.starts_with('[') && line.ends_with(']') {
            rules.extend(section.take().map(Section::rule).transpose()?);
            section = Some(Section::new(number));
            continue;
        }
        let Some(end) = line.find([':', '=']) else {
            return Err((number, "a line is `[NAME]` or `KEY: VALUE`".to_owned()));
        };
        let (key, value) = (line[..end].trim(), line[end + 1..].trim());
        let Some(section) = &mut section else {
            return Err((number, "a section `[NAME]` comes first".to_owned()));
        };
        section
            .set(key, value)
            .map_err(|problem| (number, problem))?;
    }
    rules.extend(section.map(Section::rule).transpose()?);
    Ok(OwnRules(rules))
}

/// A section as far as it was read.
struct Section {
    line: usize,
    regex: Option<Regex>,
    replace: Option<String>,
    rule: OwnRule,
}

impl Section {
    fn new(line: usize) -> Self {
        Section {
            line,
            regex: None,
            replace: None,
            rule: OwnRule::default(),
        }
    }

    fn set(&mut self, key: &str, value: &str) -> std::result::Result<(), String> {
        let list = || {
            value
                .split(',')
                .map(str::trim)
                .filter(|item| !item.is_empty())
        };
        match key.to_ascii_lowercase().as_str() {
            "regex" => {
                let regex = Regex::new(value).map_err(|error| {
                    // The last line says what is wrong; those before point at it.
                    let text = error.to_string();
                    format!("`{value}`: {}", text.lines().last().unwrap_or("no pattern"))
                })?;
                self.regex = Some(regex);
            }
            "replace" => self.replace = Some(in_rust(value)),
            "tolerance" => {
                let number: Option<f64> = value.parse().ok();
                let number = number.filter(|number| number.is_finite() && *number > 0.0);
                self.rule.tolerance =
                    Some(number.ok_or("a tolerance is a number above 0, like 1e-6")?);
            }
            "durations" => {
                self.rule.durations = match value.to_ascii_lowercase().as_str() {
                    "yes" | "true" | "on" | "1" => true,
                    "no" | "false" | "off" | "0" => false,
                    _ => return Err("`durations` is yes or no".to_owned()),
                };
            }
            "ignore" => self.rule.ignored.extend(list().map(str::to_owned)),
            "notebooks" => {
                for pattern in list() {
                    let pattern = Pattern::new(pattern)
                        .map_err(|error| format!("`{pattern}` is no pattern: {}", error.msg))?;
                    self.rule.notebooks.push(pattern);
                }
            }
            other => {
                return Err(format!(
                    "no key `{}`; there are: regex, replace, tolerance, durations, ignore, notebooks",
                    one_line(other)
                ));
            }
        }
        Ok(())
    }

    fn rule(self) -> std::result::Result<OwnRule, (usize, String)> {
        let replacement = match (self.regex, self.replace) {
            (Some(pattern), Some(with)) => Some(Replacement { pattern, with }),
            (None, None) => None,
            (Some(_), None) => return Err((self.line, "`regex` needs a `replace`".to_owned())),
            (None, Some(_)) => return Err((self.line, "`replace` needs a `regex`".to_owned())),
        };
        Ok(OwnRule {
            replacement,
            ..self.rule
        })
    }
}

/// A replacement as Python writes it, `\1` for the first group, as Rust does.
fn in_rust(python: &str) -> String {
    let mut with = String::new();
    let mut characters = python.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '$' => with.push_str("$$"),
            '\\' => match characters.next_if(char::is_ascii_digit) {
                Some(digit) => with.push_str(&format!("${{{digit}}}")),
                None => with.push('\\'),
            },
            other => with.push(other),
        }
    }
    with
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::Rules;

    fn replaced(file: &str, notebook: &str, text: &str) -> String {
        let rules = parse(file).expect("rules");
        let own = rules.about(Path::new(notebook));
        let rules = Rules {
            own: &own,
            ..Rules::STRICT
        };
        rules.replaced(text).into_owned()
    }

    #[test]
    fn what_fits_is_replaced_in_the_notebooks_that_are_meant() {
        let file = "# of nbval\n[date]\nregex: \\d{2}/\\d{2}/\\d{4}\nreplace: DATE\n\n[id]\nregex = (run)-[0-9a-f]+\nreplace = \\1$\nnotebooks: drafts/*.ipynb, x.ipynb\n";
        let text = "01/02/2026 run-1f";
        assert_eq!(replaced(file, "a.ipynb", text), "DATE run-1f");
        assert_eq!(replaced(file, "b/drafts/a.ipynb", text), "DATE run$");
    }

    #[test]
    fn a_mistake_is_told_with_its_line() {
        let told = |file: &str| match parse(file) {
            Ok(_) => String::new(),
            Err((line, problem)) => format!("{line}: {problem}"),
        };
        assert_eq!(told("[a]\ntolerance: 1e-6\nignore: image/png"), "");
        assert_eq!(told("regex: a"), "1: a section `[NAME]` comes first");
        assert_eq!(told("\n[a]\nregex: a"), "2: `regex` needs a `replace`");
        assert_eq!(
            told("[a]\nreplace: a\n[b]\n"),
            "1: `replace` needs a `regex`"
        );
        assert_eq!(
            told("[a]\nregex: (\nreplace: x"),
            "2: `(`: error: unclosed group"
        );
        assert_eq!(
            told("[a]\ntolerance: -1"),
            "2: a tolerance is a number above 0, like 1e-6"
        );
        assert_eq!(
            told("[a]\nnonsense"),
            "2: a line is `[NAME]` or `KEY: VALUE`"
        );
        assert!(told("[a]\nx: y").starts_with("2: no key `x`; there are: regex"));
    }
}
