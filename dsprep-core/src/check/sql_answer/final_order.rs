//! The ORDER BY at the end of a statement, which alone fixes the order of its rows.
//!
//! SQLite often returns rows in the desired order without being asked, because it sorted them for GROUP BY or for a
//! window. So the order of the rows does not tell whether the statement asks for it; its text does.

/// Where the last ORDER BY outside all parentheses ends: the place at which another term can be added.
///
/// `None` if there is no such ORDER BY. What stands in quotes, brackets, parentheses and comments does not count.
pub(super) fn end_of_final_order(sql: &str) -> Option<usize> {
    let tokens = outer_tokens(sql);
    let is = |token: &Token<'_>, word: &str| token.text.eq_ignore_ascii_case(word);
    let order = tokens
        .windows(2)
        .rposition(|two| is(&two[0], "ORDER") && is(&two[1], "BY"))?;
    let terms = &tokens[order + 2..];
    let is_end = |token: &Token<'_>| is(token, "LIMIT") || token.text == ";";
    let number = terms.iter().position(is_end).unwrap_or(terms.len());
    terms[..number].last().map(|last| last.end)
}

/// A word, or something else that is not in parentheses.
struct Token<'s> {
    text: &'s str,
    end: usize,
}

/// The tokens outside of parentheses; a pair of parentheses is one token.
fn outer_tokens(sql: &str) -> Vec<Token<'_>> {
    let (mut tokens, mut depth, mut opened, mut at) = (Vec::new(), 0_usize, 0, 0);
    while let Some(first) = sql[at..].chars().next() {
        let start = at;
        let rest = &sql[start..];
        at += length_of_token(rest, first);
        let is_comment = rest.starts_with("--") || rest.starts_with("/*");
        match first {
            _ if is_comment || first.is_whitespace() => continue,
            '(' => {
                if depth == 0 {
                    opened = start;
                }
                depth += 1;
            }
            ')' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    tokens.push(Token {
                        text: &sql[opened..at],
                        end: at,
                    });
                }
            }
            _ if depth == 0 => tokens.push(Token {
                text: &sql[start..at],
                end: at,
            }),
            _ => {}
        }
    }
    tokens
}

/// The bytes of the token with which `rest` begins.
fn length_of_token(rest: &str, first: char) -> usize {
    let up_to = |end: &str, from: usize| {
        let found = rest.get(from..).and_then(|inside| inside.find(end));
        found.map_or(rest.len(), |found| from + found + end.len())
    };
    match first {
        '-' if rest.starts_with("--") => up_to("\n", 2),
        '/' if rest.starts_with("/*") => up_to("*/", 2),
        '\'' => up_to("'", 1),
        '"' => up_to("\"", 1),
        '`' => up_to("`", 1),
        '[' => up_to("]", 1),
        _ if first.is_alphanumeric() || first == '_' => rest
            .find(|c: char| !(c.is_alphanumeric() || c == '_'))
            .unwrap_or(rest.len()),
        _ => first.len_utf8(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order_ends_after(sql: &str) -> Option<&str> {
        end_of_final_order(sql).map(|end| &sql[..end])
    }

    #[test]
    fn the_order_of_the_whole_statement_is_found() {
        for (sql, before) in [
            ("SELECT a FROM t ORDER BY a", "SELECT a FROM t ORDER BY a"),
            (
                "SELECT a FROM t order by a DESC LIMIT 3",
                "SELECT a FROM t order by a DESC",
            ),
            (
                "SELECT a FROM t ORDER BY (a + 1) ; -- done",
                "SELECT a FROM t ORDER BY (a + 1)",
            ),
            (
                "SELECT a FROM t ORDER /* so */ BY b -- no LIMIT",
                "SELECT a FROM t ORDER /* so */ BY b",
            ),
            (
                "SELECT 'é' UNION SELECT '(' ORDER BY 1\n",
                "SELECT 'é' UNION SELECT '(' ORDER BY 1",
            ),
        ] {
            assert_eq!(order_ends_after(sql), Some(before));
        }
    }

    #[test]
    fn an_order_inside_is_none() {
        for sql in [
            "SELECT a FROM t",
            "SELECT row_number() OVER (ORDER BY a) FROM t",
            "SELECT * FROM (SELECT a FROM t ORDER BY a)",
            "SELECT a -- ORDER BY a",
            "SELECT 'ORDER BY a', \"ORDER BY\", [ORDER BY x] FROM t",
            "SELECT 'open ORDER BY a",
            "((((",
            "ORDER",
            "SELECT a ORDER BY",
            "",
        ] {
            assert_eq!(order_ends_after(sql), None, "{sql}");
        }
    }
}
