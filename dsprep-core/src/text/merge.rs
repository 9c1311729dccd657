//! One merge step, on symbols and, as a warning, on strings (question 22).

/// Replaces each occurrence of `left` followed by `right` by their concatenation, from left to right.
///
/// Where occurrences overlap, the first wins: `a a a` becomes `aa a`. O(number of symbols).
///
/// # Examples
/// ```
/// use dsprep_core::text::merge_symbols;
/// assert_eq!(merge_symbols(&["b", "c", "b", "c", "d"], "b", "c"), ["bc", "bc", "d"]);
/// assert_eq!(merge_symbols(&["ab", "c"], "b", "c"), ["ab", "c"]); // "ab" is not "b"
/// ```
pub fn merge_symbols(word: &[impl AsRef<str>], left: &str, right: &str) -> Vec<String> {
    let mut merged = Vec::with_capacity(word.len());
    let mut rest = word.iter().map(AsRef::as_ref).peekable();
    while let Some(symbol) = rest.next() {
        if symbol == left && rest.next_if_eq(&right).is_some() {
            merged.push([left, right].concat());
        } else {
            merged.push(symbol.to_owned());
        }
    }
    merged
}

/// The original notebook's merge, which is wrong: it replaces "left right" in the word's text, its
/// symbols joined by spaces, and so takes the end of one symbol for a symbol of its own.
///
/// Use [`merge_symbols`]; this is here to show the difference.
///
/// # Examples
/// ```
/// use dsprep_core::text::merge_by_string_replacement;
/// // The symbols are "ab" and "c". No "b" stands before "c", and yet they are merged:
/// assert_eq!(merge_by_string_replacement("ab c", "b", "c"), "abc");
/// ```
pub fn merge_by_string_replacement(word: &str, left: &str, right: &str) -> String {
    word.replace(&format!("{left} {right}"), &format!("{left}{right}"))
}

/// [`merge_symbols`] on symbol ids, in place.
pub(super) fn merge_ids(word: &mut Vec<u32>, (left, right): (u32, u32), merged: u32) {
    let mut written = 0;
    let mut read = 0;
    while read < word.len() {
        let here = word[read] == left && word.get(read + 1) == Some(&right);
        word[written] = if here { merged } else { word[read] };
        read += if here { 2 } else { 1 };
        written += 1;
    }
    word.truncate(written);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlapping_pairs_are_merged_from_the_left() {
        assert_eq!(merge_symbols(&["a", "a", "a"], "a", "a"), ["aa", "a"]);
        let mut ids = vec![0, 0, 0, 0, 0];
        merge_ids(&mut ids, (0, 0), 7);
        assert_eq!(ids, [7, 7, 0]);
    }

    #[test]
    fn string_replacement_crosses_the_border_on_the_right_too() {
        assert_eq!(merge_by_string_replacement("b cd", "b", "c"), "bcd");
        assert_eq!(merge_symbols(&["b", "cd"], "b", "c"), ["b", "cd"]);
    }

    #[test]
    fn nothing_to_merge_changes_nothing() {
        let mut ids = vec![1, 2, 3];
        merge_ids(&mut ids, (2, 1), 9);
        assert_eq!(ids, [1, 2, 3]);
        merge_ids(&mut Vec::new(), (2, 1), 9);
    }
}
