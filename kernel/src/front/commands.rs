//! Commands that the front answers itself, since it knows the notebook's variables and settings and evcxr does not.

use super::context::Context;
use crate::toolchain::plan::Options;

/// The formats of errors, as evcxr knows them.
const ERROR_FORMATS: &[&str] = &["{}", "{:?}", "{:#?}"];

/// The commands that a person may want, for completion.
pub const NAMES: &[&str] = &[
    ":allow_static_linking",
    ":build_env",
    ":cache",
    ":clear",
    ":dep",
    ":doc",
    ":efmt",
    ":env",
    ":explain",
    ":fmt",
    ":help",
    ":last_error_json",
    ":linker",
    ":offline",
    ":opt",
    ":preserve_vars_on_panic",
    ":progress",
    ":quit",
    ":replay",
    ":restart",
    ":sccache",
    ":show_deps",
    ":t",
    ":timing",
    ":toolchain",
    ":type",
    ":types",
    ":vars",
    ":version",
];

/// What the front says to a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// A text, and perhaps the same as HTML.
    Text {
        /// As plain text.
        plain: String,
        /// As HTML.
        html: Option<String>,
    },
    /// The command is wrong: why.
    Wrong(String),
    /// evcxr has to do it, and the front something more.
    PassOn,
}

/// Follows the command on a line, changing the settings.
pub fn follow(line: &str, context: &mut Context, options: &mut Options) -> Answer {
    let (command, argument) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let argument = argument.trim();
    let text = |plain: String| Answer::Text { plain, html: None };
    match command {
        ":vars" => variables(context),
        ":type" | ":t" => match context
            .variable_types()
            .into_iter()
            .find(|(name, _)| name == argument)
        {
            Some((name, ty)) => text(format!("{name}: {ty}")),
            None if argument.is_empty() => {
                Answer::Wrong("`:type` needs the name of a variable".to_owned())
            }
            None => Answer::Wrong(format!("there is no variable `{argument}`")),
        },
        ":doc" => match context.documentation(argument) {
            Some(found) => Answer::Text {
                plain: [found.signature.as_str(), &found.text]
                    .join("\n\n")
                    .trim_end()
                    .to_owned(),
                html: Some(format!(
                    "<pre><code>{}</code></pre><p style=\"white-space: pre-wrap\">{}</p>",
                    escaped(&found.signature),
                    escaped(&found.text)
                )),
            },
            None => Answer::PassOn,
        },
        ":types" => {
            options.types = !options.types;
            text(format!("Types: {}", options.types))
        }
        ":fmt" => {
            if !argument.is_empty() {
                if !is_format(argument) {
                    return Answer::Wrong(format!(
                        "`{argument}` is no format: write `{{:?}}`, `{{:#?}}` or `{{}}`"
                    ));
                }
                options.format = (argument != "{:?}").then(|| argument.to_owned());
            }
            let format = options.format.as_deref().unwrap_or("{:?}");
            text(format!("Output format: {format}"))
        }
        ":efmt" => {
            if !argument.is_empty() {
                if !ERROR_FORMATS.contains(&argument) {
                    return Answer::Wrong(format!(
                        "`{argument}` is no format of errors: write {}",
                        ERROR_FORMATS.join(", ")
                    ));
                }
                options.error_format = Some(argument.to_owned());
            }
            let format = options.error_format.as_deref().unwrap_or("{}");
            text(format!("Error format: {format}"))
        }
        ":preserve_vars_on_panic" => {
            let before = options.catch;
            options.catch = argument != "0";
            if before == options.catch {
                return text(String::new());
            }
            text(format!("Preserve vars on panic: {}", options.catch))
        }
        ":progress" => match crate::progress::for_cell() {
            Ok((plain, html)) => Answer::Text {
                plain,
                html: Some(html),
            },
            Err(error) => Answer::Wrong(error.to_string()),
        },
        ":clear" => {
            context.clear();
            *options = Options::default();
            Answer::PassOn
        }
        ":restart" => {
            context.lose_variables();
            Answer::PassOn
        }
        _ => Answer::PassOn,
    }
}

fn is_format(text: &str) -> bool {
    let inner = text
        .strip_prefix('{')
        .and_then(|text| text.strip_suffix('}'));
    inner.is_some_and(|inner| {
        !inner.contains(['{', '}']) && (inner.is_empty() || inner.starts_with(':'))
    })
}

fn variables(context: &Context) -> Answer {
    let variables = context.variable_types();
    let plain: Vec<String> = variables
        .iter()
        .map(|(name, ty)| format!("{name}: {ty}"))
        .collect();
    let rows: Vec<String> = variables
        .iter()
        .map(|(name, ty)| {
            format!(
                "<tr><td>{}</td><td>{}</td></tr>",
                escaped(name),
                escaped(ty)
            )
        })
        .collect();
    Answer::Text {
        plain: plain.join("\n"),
        html: Some(format!(
            "<table><tr><th>Variable</th><th>Type</th></tr>{}</table>",
            rows.join("")
        )),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
