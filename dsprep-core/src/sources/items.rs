//! Items in a file of source text, found line by line: rustfmt sees to it that an item ends with a `}` at its
//! own indentation.

/// An item of the library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Item {
    /// Its name, a method's with its type.
    pub(super) name: String,
    /// Its file, below `src`.
    pub(super) file: String,
    /// Whether it is `pub`.
    pub(super) is_public: bool,
    /// Its code with the first paragraph of its documentation, from the first column on.
    pub(super) text: String,
}

/// The items of `file` that `path` names: a name, and before it any of its type and modules.
pub(super) fn named(file: &str, text: &str, path: &[&str]) -> Vec<Item> {
    let Some((name, leading)) = path.split_last() else {
        return Vec::new();
    };
    let text = text.split("\n#[cfg(test)]").next().unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    let modules: Vec<&str> = file.trim_end_matches(".rs").split('/').collect();
    let mut owner: Option<&str> = None;
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        if line.starts_with('}') {
            owner = None;
        } else if line.starts_with("impl") {
            owner = Some(implemented(line));
        }
        if declared(line) != Some(name) {
            continue;
        }
        let owner = if line.starts_with(' ') { owner } else { None };
        let fits = |part: &&str| modules.contains(part) || owner == Some(*part);
        if leading.iter().all(fits) {
            found.push(Item {
                name: owner.map_or((*name).to_owned(), |owner| format!("{owner}::{name}")),
                file: file.to_owned(),
                is_public: line.trim_start().starts_with("pub "),
                text: whole(&lines, at),
            });
        }
    }
    found
}

/// The type that a line `impl … {` is about.
fn implemented(line: &str) -> &str {
    let rest = match line.split_once(" for ") {
        Some((_, rest)) => rest,
        None => match line.strip_prefix("impl<") {
            Some(generic) => generic.split_once("> ").map_or("", |(_, rest)| rest),
            None => line.trim_start_matches("impl "),
        },
    };
    let rest = rest.trim_start_matches(['&', ' ']);
    let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_'));
    &rest[..end.unwrap_or(rest.len())]
}

/// The name of the function or type that a line declares.
fn declared(line: &str) -> Option<&str> {
    let mut rest = line.trim_start();
    for word in [
        "pub(super) ",
        "pub(crate) ",
        "pub ",
        "const ",
        "async ",
        "unsafe ",
    ] {
        rest = rest.strip_prefix(word).unwrap_or(rest);
    }
    let kinds = ["fn ", "struct ", "enum ", "trait "];
    let rest = kinds.iter().find_map(|kind| rest.strip_prefix(kind))?;
    let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_'))?;
    Some(&rest[..end])
}

/// The item that is declared in the line `at`, with the first paragraph of its documentation.
fn whole(lines: &[&str], at: usize) -> String {
    let indent = lines[at].len() - lines[at].trim_start().len();
    let spaces = &lines[at][..indent];
    let end = format!("{spaces}}}");
    let on_one_line = lines[at].ends_with([';', '}']);
    let last = lines[at..].iter().position(|line| *line == end);
    let last = if on_one_line { 0 } else { last.unwrap_or(0) };
    let above = lines[..at].iter().rev();
    let above = above.take_while(|line| line.trim_start().starts_with(['/', '#']));
    let first = at - above.count();
    let documentation = lines[first..at].iter().take_while(|line| {
        line.trim_start()
            .strip_prefix("///")
            .is_some_and(|text| !text.is_empty())
    });
    let code = &lines[at..=at + last];
    let shown = documentation.chain(code);
    let shown = shown.map(|line| line.strip_prefix(spaces).unwrap_or(line));
    shown.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
//! A file.

/// Adds one.
/// In two lines.
///
/// # Examples
/// None.
#[must_use]
pub fn add(
    x: i64,
) -> i64 {
    if x > 0 {
        x + 1
    } else {
        add_more(x)
    }
}

fn add_more(x: i64) -> i64 { x + 2 }

pub struct Unit;

impl<T: Copy> Iterator for Steps<T> {
    /// The next.
    fn next(&mut self) -> Option<T> {
        None
    }
}

#[cfg(test)]
mod tests {
    fn add() {}
}
";

    fn one(path: &[&str]) -> Item {
        let mut found = named("sum/steps.rs", TEXT, path);
        assert_eq!(found.len(), 1, "{path:?}: {found:?}");
        found.remove(0)
    }

    #[test]
    fn an_item_ends_where_its_own_brace_closes() {
        let item = one(&["add"]);
        assert!(
            item.text
                .starts_with("/// Adds one.\n/// In two lines.\npub fn add(\n")
        );
        assert!(item.text.ends_with("        add_more(x)\n    }\n}"));
        assert!(item.is_public);
        assert_eq!(
            one(&["add_more"]).text,
            "fn add_more(x: i64) -> i64 { x + 2 }"
        );
        assert_eq!(one(&["Unit"]).text, "pub struct Unit;");
    }

    #[test]
    fn a_method_belongs_to_its_type_and_is_moved_to_the_first_column() {
        let item = one(&["Steps", "next"]);
        assert_eq!(item.name, "Steps::next");
        assert_eq!(
            item.text,
            "/// The next.\nfn next(&mut self) -> Option<T> {\n    None\n}"
        );
        assert!(named("sum/steps.rs", TEXT, &["Other", "next"]).is_empty());
    }

    #[test]
    fn modules_may_stand_before_the_name() {
        assert_eq!(one(&["sum", "steps", "add"]).name, "add");
        assert!(named("sum/steps.rs", TEXT, &["product", "add"]).is_empty());
    }
}
