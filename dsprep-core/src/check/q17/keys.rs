//! Keys that only look alike: a text that stands for NULL, and texts that are alike once they are put together.

/// What is often written in place of NULL.
const FOR_NULL: [&str; 12] = [
    "NULL", "null", "-", "?", "~", "0", "N/A", "none", "None", "unknown", "missing", "<NULL>",
];

/// What is often put between two columns.
const SEPARATORS: [&str; 9] = ["|", "||", "-", "_", ",", ":", ";", " ", "/"];

/// Rows of `events` whose keys all differ from each other, apart from two rows with NULL; the newer of these has the
/// id that is given, and the others follow.
///
/// A key that replaces NULL by one of the texts, or that is put together with a separator, makes one of several.
pub(super) fn rows_with_lookalikes(first: i64) -> String {
    let mut rows = vec![
        ("NULL".to_owned(), "'z'".to_owned()),
        ("NULL".to_owned(), "'z'".to_owned()),
        ("'y'".to_owned(), "NULL".to_owned()),
    ];
    for text in FOR_NULL {
        rows.push((format!("'{text}'"), "'z'".to_owned()));
        rows.push(("'y'".to_owned(), format!("'{text}'")));
    }
    for between in SEPARATORS {
        rows.push((format!("'p{between}q'"), "'r'".to_owned()));
        rows.push(("'p'".to_owned(), format!("'q{between}r'")));
    }
    let rows = rows.iter().zip(first..).map(|((email, event), id)| {
        let day = 28 - (id - first) % 28;
        format!("({id},{email},{event},'2024-03-{day:02}')")
    });
    rows.collect::<Vec<_>>().join(",")
}

/// A right statement with NULL replaced by a text in its keys, for each text.
pub(super) fn with_text_for_null(right: &str) -> impl Iterator<Item = String> {
    let columns = "PARTITION BY email, event";
    FOR_NULL.into_iter().map(move |text| {
        let replaced = format!("PARTITION BY coalesce(email, '{text}'), coalesce(event, '{text}')");
        right.replace(columns, &replaced)
    })
}

/// A right statement with the columns of its key put together, for each separator.
pub(super) fn put_together(right: &str) -> impl Iterator<Item = String> {
    let columns = "PARTITION BY email, event";
    SEPARATORS.into_iter().map(move |between| {
        let replaced =
            format!("PARTITION BY coalesce(email, '') || '{between}' || coalesce(event, '')");
        right.replace(columns, &replaced)
    })
}

pub(super) const TEXT_FOR_NULL: &str = "NULL and a text that you put in its place became one key: that text may be in the \
    data as well. PARTITION BY puts NULLs together by itself, and IS compares them.";
pub(super) const PUT_TOGETHER: &str = "Different keys became one: put together, 'a|b' with 'c' reads like 'a' with 'b|c', \
    whatever stands between. Compare the columns, not their concatenation.";
