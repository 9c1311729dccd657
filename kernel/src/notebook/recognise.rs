//! Files that are called notebooks and are something else: each gets its own sentence.

/// What a file is that is no JSON at all, and what to do about it.
pub fn no_json(bytes: &[u8]) -> Option<(String, &'static str)> {
    let (what, advice) = by_first_bytes(bytes).or_else(|| by_text(bytes))?;
    Some((what.to_owned(), advice))
}

const RESTORE: &str = "restore it from version control or a backup, or delete it";
const NOT_IT: &str = "put the notebook itself in its place";

fn by_first_bytes(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    if bytes.is_empty() {
        return Some(("the file is empty", RESTORE));
    }
    if bytes.iter().all(|byte| *byte == 0) {
        return Some((
            "the file holds nothing but zero bytes, as after a crash of the machine",
            RESTORE,
        ));
    }
    let known: [(&[u8], &str, &str); 10] = [
        (
            b"\xff\xfe\0\0",
            "the file is UTF-32, and must be UTF-8",
            "save it in UTF-8",
        ),
        (
            b"\0\0\xfe\xff",
            "the file is UTF-32, and must be UTF-8",
            "save it in UTF-8",
        ),
        (
            b"\xff\xfe",
            "the file is UTF-16, and must be UTF-8",
            "save it in UTF-8",
        ),
        (
            b"\xfe\xff",
            "the file is UTF-16, and must be UTF-8",
            "save it in UTF-8",
        ),
        (
            b"\xef\xbb\xbf",
            "the file begins with a byte order mark, which JSON does not allow",
            "save it in UTF-8 without this mark (BOM)",
        ),
        (b"\x1f\x8b", "the file is compressed (gzip)", "unpack it"),
        (b"PK\x03\x04", "the file is a ZIP archive", "unpack it"),
        (b"%PDF-", "the file is a PDF, not a notebook", NOT_IT),
        (b"\x89PNG", "the file is a picture, not a notebook", NOT_IT),
        (
            b"SQLite format 3\0",
            "the file is a database, not a notebook",
            NOT_IT,
        ),
    ];
    let found = known.iter().find(|(start, ..)| bytes.starts_with(start));
    if let Some((_, what, advice)) = found {
        return Some((what, advice));
    }
    // Every other byte of plain text in UTF-16 is zero, with or without a mark before it; in UTF-32, three of four.
    match bytes {
        [0, 0, 0, b' '..=b'~', ..] | [b' '..=b'~', 0, 0, 0, ..] => {
            Some(("the file is UTF-32, and must be UTF-8", "save it in UTF-8"))
        }
        [0, b' '..=b'~', ..] | [b' '..=b'~', 0, ..] => {
            Some(("the file is UTF-16, and must be UTF-8", "save it in UTF-8"))
        }
        _ => None,
    }
}

fn by_text(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    let start = bytes.trim_ascii_start();
    if start.is_empty() {
        return Some(("the file is empty but for blanks", RESTORE));
    }
    let begins = |word: &str| {
        let start = start.get(..word.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes()))
    };
    if begins("version https://git-lfs") {
        return Some((
            "the file is only a pointer of Git LFS to the notebook",
            "fetch the notebook: git lfs pull",
        ));
    }
    if begins("/annex/objects/") || begins("../.git/annex/") || begins(".git/annex/") {
        return Some((
            "the file is only a pointer of git-annex to the notebook",
            "fetch the notebook: git annex get",
        ));
    }
    // After a merge that nobody resolved; that is told with its line.
    if start.starts_with(b"<<<<<<<") {
        return None;
    }
    let page = ["<!doctype html", "<html", "<head", "<script", "<!--"];
    if page.into_iter().any(begins) {
        return Some((
            "the file is a web page, not a notebook",
            "download the notebook itself (GitHub: the button \"Raw\")",
        ));
    }
    if start.starts_with(b"<") {
        return Some(("the file is XML, not a notebook", NOT_IT));
    }
    if start.starts_with(b"404") || begins("not found") {
        return Some((
            "the file is a server's answer that there is no such file",
            "download the notebook from its right address",
        ));
    }
    if start.starts_with(b"# %%") || start.starts_with(b"// %%") || start.starts_with(b"---\n") {
        return Some((
            "the file is a script or a text, not a notebook",
            "convert it, or give it another name",
        ));
    }
    None
}

/// Where an unresolved merge is: no line of JSON can begin like that.
pub fn conflict(text: &str) -> Option<usize> {
    let marks = ["<<<<<<< ", "<<<<<<<\n", "=======\n", ">>>>>>> ", "||||||| "];
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let unix = line.replace('\r', "");
        if marks.iter().any(|mark| unix.starts_with(mark)) {
            return Some(offset);
        }
        offset += line.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_a_sentence_of_its_own() {
        let kinds: [(&[u8], &str); 14] = [
            (b"", "is empty"),
            (b" \n\n", "empty but for blanks"),
            (b"\0\0\0", "zero bytes"),
            (b"\xef\xbb\xbf{}", "byte order mark"),
            (b"\xff\xfe{\0}\0", "UTF-16"),
            (b"\xfe\xff\0{\0}", "UTF-16"),
            (b"{\0}\0", "UTF-16"),
            (b"\0{\0}", "UTF-16"),
            (
                b"version https://git-lfs.github.com/spec/v1\noid",
                "Git LFS",
            ),
            (b"/annex/objects/SHA256E-s1--a.ipynb\n", "git-annex"),
            (b"\n\n<!DOCTYPE html>\n<html>", "web page"),
            (b"<?xml version=\"1.0\"?>", "XML"),
            (b"\x1f\x8b\x08", "gzip"),
            (b"404: Not Found", "no such file"),
        ];
        for (bytes, expected) in kinds {
            let told = no_json(bytes).map(|(what, _)| what).unwrap_or_default();
            assert!(told.contains(expected), "{expected}: {told}");
        }
        for fine in ["{}", " \n[1]", "{\"a\": 1}", "x"] {
            assert_eq!(no_json(fine.as_bytes()), None, "{fine}");
        }
    }

    #[test]
    fn a_merge_is_found_by_its_marks() {
        assert_eq!(conflict("{\n<<<<<<< HEAD\n"), Some(2));
        assert_eq!(conflict("{\r\n=======\r\n"), Some(3));
        assert_eq!(conflict("{\n \"<<<<<<< HEAD\"\n}"), None);
    }
}
