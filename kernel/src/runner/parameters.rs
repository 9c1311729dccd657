//! Parameters: values from the command line that override those of the cell tagged `parameters`.

use crate::client::Launch;
use crate::error::{Error, Result};
use crate::named_files;
use crate::notebook::{Json, Notebook};
use crate::terminal::one_line;
use std::path::Path;

/// The tag of the cell that holds parameters with their usual values.
const PARAMETERS: &str = "parameters";
/// The tag of the cell that overrides them.
const INJECTED: &str = "injected-parameters";

/// Values by name, in the order in which they were given.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Parameters(Vec<(String, Json)>);

impl Parameters {
    /// Those of the JSON file, then those of the command line, which win.
    ///
    /// # Errors
    /// [`Error::Usage`], or [`Error::File`] if the file can't be read.
    pub fn read(file: Option<&Path>, given: &[String]) -> Result<Self> {
        let mut parameters = Parameters::default();
        if let Some(file) = file {
            let text = named_files::read_text(file)?;
            let wrong = |place: String, problem: &str| {
                let file = one_line(&file.display().to_string());
                Error::Usage(format!(
                    "{file}{place}: {problem}; it must hold names and values: {{\"rows\": 100}}"
                ))
            };
            match Json::parse(&text) {
                Ok(Json::Object(values)) => {
                    let values = values.into_iter();
                    values.for_each(|(name, value)| parameters.set(name.decoded(), value));
                }
                Ok(_) => return Err(wrong(String::new(), "it holds no object")),
                Err(mistake) => {
                    let (line, column) = mistake.place(&text);
                    return Err(wrong(format!(":{line}:{column}"), &mistake.problem));
                }
            }
        }
        for word in given {
            let Some((name, value)) = word.split_once('=') else {
                let word = one_line(word);
                return Err(Error::Usage(format!(
                    "`-p {word}`: a parameter is given as NAME=VALUE"
                )));
            };
            // What is no JSON is a text.
            let value = Json::parse(value).unwrap_or_else(|_| Json::from(value));
            parameters.set(name.trim().to_owned(), value);
        }
        Ok(parameters)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn set(&mut self, name: String, value: Json) {
        self.0.retain(|(own, _)| *own != name);
        self.0.push((name, value));
    }

    /// Puts a cell that sets the values behind the cell tagged `parameters`.
    ///
    /// # Errors
    /// [`Error::Usage`] if there is no such cell, if it does not set one of the names, or if the language is neither
    /// Rust nor Python.
    pub fn put_into(&self, path: &Path, notebook: &mut Notebook, launch: &Launch) -> Result<()> {
        if self.is_empty() {
            return Ok(());
        }
        let refused = |problem: String| {
            let path = one_line(&path.display().to_string());
            Err(Error::Usage(format!("{path}: {problem}")))
        };
        let cells = notebook.code_cells();
        let Some(cell) = cells.iter().find(|cell| cell.has_tag(PARAMETERS)) else {
            return refused(format!(
                "no cell is tagged `{PARAMETERS}`, so there is nothing to override"
            ));
        };
        let mut lines = Vec::new();
        for (name, value) in &self.0 {
            let set = match launch.language.as_str() {
                "rust" => in_rust(&cell.source, name, value),
                "python" => in_python(&cell.source, name, value),
                _ => return refused("parameters are known in Rust and Python only".to_owned()),
            };
            match set {
                Some(line) => lines.push(line),
                None => {
                    let name = one_line(name);
                    return refused(format!("the cell tagged `{PARAMETERS}` sets no `{name}`"));
                }
            }
        }
        notebook.insert_code_cell(cell.position + 1, &lines.join("\n"), INJECTED);
        Ok(())
    }
}

/// `let NAME: TYPE = VALUE;`, with the type and the kind of literal that the cell has.
fn in_rust(source: &str, name: &str, value: &Json) -> Option<String> {
    let (head, usual) = source.lines().find_map(|line| {
        let rest = line.trim().strip_prefix("let ")?.trim_start();
        let (keyword, rest) = match rest.strip_prefix("mut ") {
            Some(rest) => ("let mut", rest.trim_start()),
            None => ("let", rest),
        };
        let rest = rest.strip_prefix(name)?;
        let (kind, usual) = rest.split_once('=')?;
        let kind = kind.trim();
        (kind.is_empty() || kind.starts_with(':'))
            .then(|| (format!("{keyword} {name}{kind}"), usual.trim()))
    })?;
    let usual = usual
        .split("//")
        .next()
        .unwrap_or_default()
        .trim()
        .trim_end_matches(';')
        .trim();
    Some(format!("{head} = {};", rust_literal(value, &head, usual)))
}

fn rust_literal(value: &Json, head: &str, usual: &str) -> String {
    match value {
        Json::Text(text) => {
            let owned = head.ends_with("String")
                || ["String::from", ".to_owned()", ".to_string()", ".into()"]
                    .iter()
                    .any(|mark| usual.contains(mark));
            let literal = format!("{:?}", text.decoded());
            if owned {
                format!("String::from({literal})")
            } else {
                literal
            }
        }
        // With all its digits: the compiler says so if they are too many.
        Json::Number(number) => {
            let is_float = usual.contains('.') || head.ends_with("f64") || head.ends_with("f32");
            let is_whole = !number.contains(['.', 'e', 'E']);
            // `100_u64`: the usual value's type.
            let types = [
                "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128",
                "isize", "f32", "f64",
            ];
            let suffix = types.iter().find(|kind| {
                usual.ends_with(**kind)
                    && usual.starts_with(|c: char| c.is_ascii_digit() || c == '-')
            });
            let fraction = if is_float && is_whole && suffix.is_none() {
                ".0"
            } else {
                ""
            };
            format!(
                "{number}{fraction}{}",
                suffix.map_or(String::new(), |kind| format!("_{kind}"))
            )
        }
        Json::Bool(truth) => truth.to_string(),
        Json::Null => "None".to_owned(),
        Json::List(elements) => {
            let elements: Vec<_> = elements
                .iter()
                .map(|element| rust_literal(element, "", ""))
                .collect();
            let elements = elements.join(", ");
            if usual.starts_with("vec!") || head.contains("Vec<") {
                format!("vec![{elements}]")
            } else {
                format!("[{elements}]")
            }
        }
        Json::Object(_) => format!("{:?}", value.to_line()),
    }
}

/// `NAME = VALUE`
fn in_python(source: &str, name: &str, value: &Json) -> Option<String> {
    let sets = |line: &str| {
        let rest = line.strip_prefix(name)?.trim_start();
        let is_set = (rest.starts_with('=') && !rest.starts_with("=="))
            || (rest.starts_with(':') && rest.contains('='));
        is_set.then_some(())
    };
    source.lines().find_map(sets)?;
    Some(format!("{name} = {}", python_literal(value)))
}

fn python_literal(value: &Json) -> String {
    match value {
        Json::Null => "None".to_owned(),
        Json::Bool(true) => "True".to_owned(),
        Json::Bool(false) => "False".to_owned(),
        Json::List(elements) => {
            let elements: Vec<_> = elements.iter().map(python_literal).collect();
            format!("[{}]", elements.join(", "))
        }
        Json::Object(entries) => {
            let entries: Vec<_> = entries
                .iter()
                .map(|(key, value)| format!("\"{}\": {}", key.written(), python_literal(value)))
                .collect();
            format!("{{{}}}", entries.join(", "))
        }
        // Numbers and texts are written alike in JSON and Python, but for a slash that need not be escaped.
        Json::Number(_) => value.to_line(),
        Json::Text(text) => Json::from(&*text.decoded()).to_line(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameters(words: &[&str]) -> Result<Parameters> {
        let words: Vec<_> = words.iter().map(|word| (*word).to_owned()).collect();
        Parameters::read(None, &words)
    }

    fn json(text: &str) -> Json {
        Json::parse(text).unwrap_or(Json::Null)
    }

    #[test]
    fn values_are_json_or_texts_and_the_last_wins() -> Result<()> {
        let Parameters(values) = parameters(&["a=1", "b=x y", "c=[1, true]", "a=2.5", "d="])?;
        let shown: Vec<_> = values
            .iter()
            .map(|(name, value)| format!("{name}={}", value.to_line()))
            .collect();
        assert_eq!(shown, ["b=\"x y\"", "c=[1, true]", "a=2.5", "d=\"\""]);
        assert!(parameters(&["a"]).is_err());
        Ok(())
    }

    #[test]
    fn rust_keeps_the_kind_of_the_usual_value() {
        let source = "let rows = 100;\nlet mut rate: f64 = 0.5; // a share\nlet name = \"a\";\nlet city: String = String::from(\"x\");\nlet n = 5_u64;\nlet on = true;\nlet list = vec![1, 2];";
        let set = |name: &str, value: &str| in_rust(source, name, &json(value)).unwrap_or_default();
        assert_eq!(set("rows", "7"), "let rows = 7;");
        assert_eq!(set("rate", "1"), "let mut rate: f64 = 1.0;");
        assert_eq!(set("name", r#""b\"c""#), "let name = \"b\\\"c\";");
        assert_eq!(
            set("city", r#""y""#),
            "let city: String = String::from(\"y\");"
        );
        assert_eq!(set("n", "6"), "let n = 6_u64;");
        assert_eq!(set("on", "false"), "let on = false;");
        assert_eq!(set("list", "[3]"), "let list = vec![3];");
        assert_eq!(set("row", "1"), "");
        let long = "123456789012345678901234567890";
        assert_eq!(set("rows", long), format!("let rows = {long};"));
    }

    #[test]
    fn python_has_its_own_words() {
        let source = "rows = 100\nname: str = 'a'\nif rows == 1:\n    pass";
        let set =
            |name: &str, value: &str| in_python(source, name, &json(value)).unwrap_or_default();
        assert_eq!(set("rows", "null"), "rows = None");
        assert_eq!(set("name", r#"{"a": [true]}"#), "name = {\"a\": [True]}");
        assert_eq!(set("missing", "1"), "");
        let long = "123456789012345678901234567890";
        assert_eq!(set("rows", long), format!("rows = {long}"));
        assert_eq!(set("rows", r#""a\/b\u00e9""#), "rows = \"a/bé\"");
    }
}
