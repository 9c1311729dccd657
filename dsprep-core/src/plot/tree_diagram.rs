//! Trees: decisions, merges.

use super::Figure;
use super::graph_diagram::{Edge, Node, graph_diagram};
use crate::Result;
use crate::checks::check;

/// A node of a tree with what hangs below it.
///
/// # Examples
/// ```
/// use dsprep_core::plot::Tree;
///
/// let tree = Tree::new("amount ≤ 100", "1,000 rows")
///     .with("yes", Tree::new("genuine", "950 rows"))
///     .with("no", Tree::new("fraud", "50 rows"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tree {
    text: String,
    detail: String,
    children: Vec<(String, Tree)>,
}

impl Tree {
    /// A node with two lines of text; `detail` may be empty.
    pub fn new(text: &str, detail: &str) -> Self {
        Tree {
            text: text.to_owned(),
            detail: detail.to_owned(),
            children: vec![],
        }
    }

    /// Adds a child, with the text of the arrow to it.
    #[must_use]
    pub fn with(mut self, text: &str, child: Tree) -> Self {
        self.children.push((text.to_owned(), child));
        self
    }

    /// Places the node and all below it; the index and row of the node.
    /// Whether a node has more nodes above it than `most`.
    fn is_deeper_than(&self, most: usize) -> bool {
        let mut open = vec![(self, 0)];
        while let Some((tree, depth)) = open.pop() {
            if depth > most {
                return true;
            }
            open.extend(tree.children.iter().map(|(_, child)| (child, depth + 1)));
        }
        false
    }

    fn place(
        &self,
        column: usize,
        next_row: &mut f64,
        nodes: &mut Vec<Node>,
        edges: &mut Vec<Edge>,
    ) -> (usize, f64) {
        let index = nodes.len();
        nodes.push(Node::new(column, &self.text, &self.detail));
        let mut rows = Vec::new();
        for (text, child) in &self.children {
            let (child, row) = child.place(column + 1, next_row, nodes, edges);
            edges.push(Edge::new(index, child).with_text(text));
            rows.push(row);
        }
        let row = match (rows.first(), rows.last()) {
            (Some(first), Some(last)) => (first + last) / 2.0,
            _ => {
                *next_row += 1.0;
                *next_row - 1.0
            }
        };
        nodes[index] = nodes[index].clone().at_row(row);
        (index, row)
    }
}

/// Without recursion over the depth, which might be too deep for the stack.
impl Drop for Tree {
    fn drop(&mut self) {
        let mut open = std::mem::take(&mut self.children);
        while let Some((_, mut tree)) = open.pop() {
            open.append(&mut tree.children);
        }
    }
}

/// A tree from its root on the left to its leaves, each of which has a row of its own.
///
/// # Errors
/// [`Error::OutOfRange`](crate::Error::OutOfRange) if there are more than 1,000 levels.
///
/// # Examples
/// ```
/// use dsprep_core::plot::{Tree, tree_diagram};
///
/// let tree = Tree::new("lower", "").with("", Tree::new("low", "")).with("", Tree::new("er", ""));
/// assert!(tree_diagram(&tree, "Merges")?.svg().contains("low"));
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn tree_diagram(tree: &Tree, title: &str) -> Result<Figure> {
    let expected = "at most 1,000 to be drawn";
    check(
        "the depth of the tree",
        "greater",
        !tree.is_deeper_than(1_000),
        expected,
    )?;
    let (mut nodes, mut edges) = (vec![], vec![]);
    tree.place(0, &mut 0.0, &mut nodes, &mut edges);
    graph_diagram(&nodes, &edges, title)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parents_stand_between_their_children() {
        let leaf = || Tree::new("leaf", "");
        let tree = Tree::new("root", "")
            .with("", leaf())
            .with("", Tree::new("inner", "").with("", leaf()).with("", leaf()));
        let (mut nodes, mut edges) = (vec![], vec![]);
        let (_, row) = tree.place(0, &mut 0.0, &mut nodes, &mut edges);
        assert_eq!(row, 0.75);
        assert_eq!((nodes.len(), edges.len()), (5, 4));
    }
}
