//! The library's own code, shown in a notebook: [`source!`](crate::source!).
//!
//! The files are part of the library, so that a cell shows what it calls without a checkout beside it.

mod items;

use crate::cell::MimeBundle;
use crate::display::RichDisplay;
use crate::display::html::escape;
use crate::{Error, Result};
use items::Item;

/// Every file of the library by its path below `src`.
static FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/sources.rs"));

/// Shows the library's code of functions, methods and types, folded, without tests and long documentation.
///
/// A name may be led by its type or its module, as far as is needed to tell which one is meant. Private ones
/// are shown, too.
///
/// # Errors
/// [`Error::OutOfRange`] if there is no item of this name, or if there are several.
///
/// # Examples
/// ```
/// use dsprep_core::source;
///
/// let shown = source!(hash_join)?;
/// assert!(shown.to_string().contains("HashMap"));
/// let shown = source!(Value::backward, autodiff::Value::sigmoid)?;
/// assert_eq!(shown.names(), ["Value::backward", "Value::sigmoid"]);
/// assert!(source!(no_such_function).is_err());
/// # Ok::<(), dsprep_core::Error>(())
/// ```
#[macro_export]
macro_rules! source {
    ($($name:path),+ $(,)?) => {
        $crate::sources::find(&[$(stringify!($name)),+])
    };
}

/// Code of the library, as [`source!`](crate::source!) finds it. A notebook shows it folded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    items: Vec<Item>,
}

impl Source {
    /// What is shown, by name; methods with their type.
    pub fn names(&self) -> Vec<&str> {
        self.items.iter().map(|item| item.name.as_str()).collect()
    }
}

/// The items of these names; see [`source!`](crate::source!).
///
/// # Errors
/// [`Error::OutOfRange`] if there is no item of a name, or if there are several.
pub fn find(names: &[&str]) -> Result<Source> {
    let items = names.iter().map(|name| find_one(name));
    Ok(Source {
        items: items.collect::<Result<_>>()?,
    })
}

fn find_one(name: &str) -> Result<Item> {
    let name: String = name.split_whitespace().collect();
    let path: Vec<&str> = name.split("::").collect();
    let mut found: Vec<Item> = FILES
        .iter()
        .flat_map(|(file, text)| items::named(file, text, &path))
        .collect();
    // What anyone can call is meant before a helper of the same name.
    if found.iter().any(|item| item.is_public) {
        found.retain(|item| item.is_public);
    }
    let wrong = |found: String, expected| {
        Err(Error::OutOfRange {
            what: format!("the name `{name}`"),
            found,
            expected,
        })
    };
    match found.len() {
        1 => Ok(found.remove(0)),
        0 => wrong(
            "of nothing in the library".to_owned(),
            "a function, a type, or a method as `Type::method`, without parameters",
        ),
        _ => {
            let files: Vec<_> = found.iter().map(|item| item.file.as_str()).collect();
            wrong(
                format!("in several files: {}", files.join(", ")),
                "of one item: put its module or type before it, as in `module::name`",
            )
        }
    }
}

impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (index, item) in self.items.iter().enumerate() {
            let gap = if index > 0 { "\n\n" } else { "" };
            write!(f, "{gap}// dsprep-core/src/{}\n{}", item.file, item.text)?;
        }
        Ok(())
    }
}

impl RichDisplay for Source {
    fn mime_bundle(&self) -> MimeBundle {
        let folded = self.items.iter().map(|item| {
            format!(
                "<details><summary>The library's <code>{}</code> (dsprep-core/src/{})</summary>\n\
                 <pre style=\"font-family:monospace;line-height:1.3\"><code>{}</code></pre>\n</details>\n",
                escape(&item.name),
                escape(&item.file),
                escape(&item.text)
            )
        });
        MimeBundle::plain(self.to_string()).with("text/html", folded.collect::<String>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_library_but_its_tests_is_there() {
        assert!(FILES.len() > 300, "{}", FILES.len());
        assert!(FILES.iter().any(|(file, _)| *file == "sources/mod.rs"));
        assert!(!FILES.iter().any(|(file, _)| file.contains("tests")));
        assert!(FILES.iter().all(|(_, text)| !text.is_empty()));
    }

    #[test]
    fn a_function_is_shown_whole_and_without_its_examples() -> Result<()> {
        let shown = find(&["attention"])?.to_string();
        assert!(shown.starts_with("// dsprep-core/src/neural/attention.rs\n/// "));
        assert!(shown.contains("pub fn attention") && shown.ends_with("\n}"));
        assert!(!shown.contains("# Examples") && !shown.contains("cfg(test)"));
        Ok(())
    }

    #[test]
    fn the_html_is_folded_and_escaped() -> Result<()> {
        let html = find(&["hash_join"])?.mime_bundle();
        let html = html.get("text/html").unwrap_or_default();
        assert!(html.starts_with("<details><summary>"));
        assert!(html.contains("Vec&lt;(usize, usize)&gt;"), "{html}");
        Ok(())
    }

    #[test]
    fn a_name_that_is_not_there_or_not_clear_is_told() {
        let told = |name| find(&[name]).unwrap_err().to_string();
        assert!(told("atention").starts_with("the name `atention` is of nothing in the library"));
        assert!(told("Value::no_such").contains("of nothing"));
        assert!(told("mime_bundle").contains("in several files: "));
        assert!(find(&["Value :: backward"]).is_ok(), "spaces don't matter");
    }
}
