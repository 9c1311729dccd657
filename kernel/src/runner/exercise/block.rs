//! The code block of a solution.

/// Why there is no solution to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoBlock {
    /// There is no cell with a solution.
    NoCell,
    /// The cell holds no block of Rust.
    None,
    /// It holds several.
    Several(usize),
    /// The block is not folded away.
    NotFolded,
}

/// A block of Rust in a text.
struct Block {
    code: String,
    folded: bool,
}

/// The only block of Rust in the `texts` of an exercise's solution.
pub fn only<'a>(texts: impl Iterator<Item = &'a str>) -> Result<String, NoBlock> {
    let texts: Vec<_> = texts.collect();
    if texts.is_empty() {
        return Err(NoBlock::NoCell);
    }
    let mut blocks: Vec<_> = texts.into_iter().flat_map(blocks).collect();
    match (blocks.pop(), blocks.len()) {
        (None, _) => Err(NoBlock::None),
        (Some(block), 0) if block.folded => Ok(block.code),
        (Some(_), 0) => Err(NoBlock::NotFolded),
        (Some(_), others) => Err(NoBlock::Several(others + 1)),
    }
}

/// The blocks between ```` ```rust ```` and ```` ``` ````.
fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut depth = 0;
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let start = line.trim_start();
        let Some(language) = start.strip_prefix("```") else {
            depth += line.matches("<details").count();
            depth -= line.matches("</details").count().min(depth);
            continue;
        };
        let indent = line.len() - start.len();
        let content = lines.by_ref().take_while(|line| line.trim() != "```");
        let code = content
            .map(|line| without_indent(line, indent).to_owned() + "\n")
            .collect();
        if language.trim() == "rust" {
            blocks.push(Block {
                code,
                folded: depth > 0,
            });
        }
    }
    blocks
}

/// The line without the spaces that its block is indented by.
fn without_indent(line: &str, indent: usize) -> &str {
    let spaces = line.len() - line.trim_start_matches(' ').len();
    &line[spaces.min(indent)..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_block_in_details_is_found_with_its_lines() {
        let text = "<details><summary>Hint</summary>Look at\n```text\n```rust\n```\n</details>\n\
                    <details>\n\n  ```rust\n  fn a() {\n      1\n\n  }\n  ```\n</details>";
        assert_eq!(
            only([text].into_iter()),
            Ok("fn a() {\n    1\n\n}\n".to_owned())
        );
    }

    #[test]
    fn anything_but_one_folded_block_is_refused() {
        let open = "```rust\n1\n```\n";
        let folded = format!("<details>\n{open}</details>\n");
        let only = |text: &str| only([text].into_iter());
        assert_eq!(super::only([].into_iter()), Err(NoBlock::NoCell));
        assert_eq!(only("<details>```rust 1```</details>"), Err(NoBlock::None));
        assert_eq!(
            only("<details>\n```sql\n1\n```\n</details>"),
            Err(NoBlock::None)
        );
        assert_eq!(
            only(&format!("<details></details>\n{open}")),
            Err(NoBlock::NotFolded)
        );
        assert_eq!(only(&format!("{folded}{open}")), Err(NoBlock::Several(2)));
        assert_eq!(
            super::only([folded.as_str(), folded.as_str()].into_iter()),
            Err(NoBlock::Several(2))
        );
    }
}
