//! Boxes and arrows: computation graphs, systems, trees.

use super::Figure;
use super::canvas::{Canvas, Drawn, draw, pixels, text_width, title_width, write, write_title};
use super::clutter::text_area;
use super::color::{BLUE, FAINT, INK};
use super::reference::write_in;
use super::stroke::{Dash, Pen, Place, draw_path};
use crate::{Error, Result};
use plotters::prelude::{Polygon, Rectangle};
use plotters::style::Color as _;
use plotters::style::text_anchor::{HPos, VPos};

const TOP: i32 = 50;
const LEFT: i32 = 24;
/// How far apart rows are, and columns at least.
const ROW: f64 = 64.0;
/// … and where an arrow with a text runs from row to row.
const WIDE_ROW: f64 = 96.0;
const COLUMN_GAP: i32 = 46;
const PADDING: i32 = 10;

/// A box of a [`graph_diagram`] with one or two lines of text.
///
/// # Examples
/// ```
/// use dsprep_core::plot::Node;
///
/// let product = Node::new(1, "a · b", "value 6, gradient 1");
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    column: usize,
    row: Option<f64>,
    text: String,
    detail: String,
}

impl Node {
    /// A box in `column`, counted from 0 on the left, with two lines of text; `detail` may be empty.
    pub fn new(column: usize, text: &str, detail: &str) -> Self {
        Node {
            column,
            row: None,
            text: text.to_owned(),
            detail: detail.to_owned(),
        }
    }

    /// The row of the box, counted from 0 at the top; halves are fine. Without rows, the boxes of a
    /// column are placed one below the other around the middle.
    #[must_use]
    pub fn at_row(mut self, row: f64) -> Self {
        self.row = Some(row);
        self
    }

    fn width(&self) -> i32 {
        text_width(&self.text).max(text_width(&self.detail)) + 2 * PADDING
    }

    fn height(&self) -> i32 {
        if self.detail.is_empty() { 30 } else { 46 }
    }
}

/// An arrow of a [`graph_diagram`] between the boxes with these indices.
///
/// # Examples
/// ```
/// use dsprep_core::plot::Edge;
///
/// let edge = Edge::new(0, 1).with_text("yes").dashed();
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    from: usize,
    to: usize,
    text: String,
    dashed: bool,
}

impl Edge {
    /// An arrow from one box to another.
    pub fn new(from: usize, to: usize) -> Self {
        Edge {
            from,
            to,
            text: String::new(),
            dashed: false,
        }
    }

    /// A text at the arrow's middle.
    #[must_use]
    pub fn with_text(mut self, text: &str) -> Self {
        text.clone_into(&mut self.text);
        self
    }

    /// A dashed arrow.
    #[must_use]
    pub fn dashed(mut self) -> Self {
        self.dashed = true;
        self
    }
}

/// Boxes in columns from left to right, joined by arrows.
///
/// # Errors
/// [`Error::Empty`] without boxes; [`Error::OutOfRange`] if an arrow has no box at an end, or if a row
/// is negative or not finite.
///
/// # Examples
/// ```
/// use dsprep_core::plot::{Edge, Node, graph_diagram};
///
/// let nodes = [
///     Node::new(0, "a = 2", "gradient 3"),
///     Node::new(0, "b = 3", "gradient 2"),
///     Node::new(1, "a · b = 6", "gradient 1"),
/// ];
/// let figure = graph_diagram(&nodes, &[Edge::new(0, 2), Edge::new(1, 2)], "A product")?;
/// assert!(figure.svg().contains("gradient 3"));
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn graph_diagram(nodes: &[Node], edges: &[Edge], title: &str) -> Result<Figure> {
    check(nodes, edges)?;
    let boxes = layout(nodes, edges);
    let right = boxes.iter().map(|place| place.right).max().unwrap_or(0);
    let bottom = boxes.iter().map(|place| place.bottom).max().unwrap_or(0);
    let width = (right + LEFT).max(LEFT + title_width(title) + 16);
    draw(
        title,
        (width.unsigned_abs(), (bottom + 18).unsigned_abs()),
        |canvas| {
            write_title(canvas, title, (LEFT, 24))?;
            for edge in edges {
                draw_arrow(canvas, edge, boxes[edge.from], boxes[edge.to])?;
            }
            for (node, place) in nodes.iter().zip(&boxes) {
                draw_node(canvas, node, *place)?;
            }
            // Over the boxes, so that no text is hidden.
            for edge in edges {
                draw_text(canvas, edge, boxes[edge.from], boxes[edge.to])?;
            }
            Ok(())
        },
    )
}

/// Where a box is.
#[derive(Debug, Clone, Copy)]
struct Placed {
    left: i32,
    top: i32,
    right: i32,
    bottom: i32,
}

impl Placed {
    fn middle(self) -> (i32, i32) {
        ((self.left + self.right) / 2, (self.top + self.bottom) / 2)
    }
}

fn layout(nodes: &[Node], edges: &[Edge]) -> Vec<Placed> {
    let columns = nodes.iter().map(|node| node.column + 1).max().unwrap_or(0);
    let mut widths = vec![0; columns];
    let mut counts = vec![0_usize; columns];
    for node in nodes {
        widths[node.column] = node.width().max(widths[node.column]);
        counts[node.column] += 1;
    }
    // Between a column and the next there is room for the texts of the arrows.
    let mut gaps = vec![COLUMN_GAP; columns];
    for edge in edges {
        let column = nodes[edge.from].column.min(nodes[edge.to].column);
        gaps[column] = gaps[column].max(text_width(&edge.text) + 34);
    }
    let mut lefts = vec![LEFT; columns];
    for column in 1..columns {
        let gap = if widths[column - 1] == 0 {
            0
        } else {
            gaps[column - 1]
        };
        lefts[column] = lefts[column - 1] + widths[column - 1] + gap;
    }
    let vertical =
        |edge: &Edge| !edge.text.is_empty() && nodes[edge.from].column == nodes[edge.to].column;
    let row_height = if edges.iter().any(vertical) {
        WIDE_ROW
    } else {
        ROW
    };
    let most = counts.iter().copied().max().unwrap_or(0) as f64;
    let mut seen = vec![0.0; columns];
    let place = |node: &Node| {
        let column = node.column;
        let free = (most - counts[column] as f64) / 2.0;
        let row = node.row.unwrap_or(free + seen[column]);
        seen[column] += 1.0;
        let left = lefts[column] + (widths[column] - node.width()) / 2;
        let middle = TOP + pixels(row_height * row) + 24;
        Placed {
            left,
            top: middle - node.height() / 2,
            right: left + node.width(),
            bottom: middle + node.height() / 2,
        }
    };
    nodes.iter().map(place).collect()
}

fn draw_node(canvas: &Canvas<'_>, node: &Node, place: Placed) -> Drawn {
    let corners = [(place.left, place.top), (place.right, place.bottom)];
    canvas.draw(&Rectangle::new(corners, plotters::style::WHITE.filled()))?;
    canvas.draw(&Rectangle::new(corners, BLUE.mix(0.1).filled()))?;
    canvas.draw(&Rectangle::new(corners, BLUE))?;
    let (x, y) = place.middle();
    let center = (HPos::Center, VPos::Center);
    if node.detail.is_empty() {
        return write(canvas, &node.text, (x, y), center, &INK);
    }
    write(canvas, &node.text, (x, y - 10), center, &INK)?;
    write(canvas, &node.detail, (x, y + 10), center, &INK)
}

/// The ends of an arrow, at the edges of its boxes that look at each other.
fn ends(from: Placed, to: Placed) -> (Place, Place) {
    let ((from_x, from_y), (to_x, to_y)) = (from.middle(), to.middle());
    let (start, end) = if to.left > from.right {
        ((from.right, from_y), (to.left, to_y))
    } else if from.left > to.right {
        ((from.left, from_y), (to.right, to_y))
    } else if to_y >= from_y {
        ((from_x, from.bottom), (to_x, to.top))
    } else {
        ((from_x, from.top), (to_x, to.bottom))
    };
    let place = |(x, y): (i32, i32)| (f64::from(x), f64::from(y));
    (place(start), place(end))
}

fn draw_arrow(canvas: &Canvas<'_>, edge: &Edge, from: Placed, to: Placed) -> Drawn {
    let (start, end) = ends(from, to);
    let dash = if edge.dashed {
        Dash::Dashed
    } else {
        Dash::Solid
    };
    draw_path(canvas, &[start, end], Pen::new(FAINT, dash))?;
    let length = (end.0 - start.0).hypot(end.1 - start.1);
    if length < 1.0 {
        return Ok(());
    }
    let (dx, dy) = ((end.0 - start.0) / length, (end.1 - start.1) / length);
    let corner = |along: f64, aside: f64| {
        (
            pixels(end.0 - along * dx - aside * dy),
            pixels(end.1 - along * dy + aside * dx),
        )
    };
    let head = vec![corner(0.0, 0.0), corner(11.0, 5.0), corner(11.0, -5.0)];
    canvas.draw(&Polygon::new(head, FAINT.filled()))
}

fn draw_text(canvas: &Canvas<'_>, edge: &Edge, from: Placed, to: Placed) -> Drawn {
    let (start, end) = ends(from, to);
    let middle = (
        pixels((start.0 + end.0) / 2.0),
        pixels((start.1 + end.1) / 2.0),
    );
    let left = middle.0 - text_width(&edge.text) / 2;
    write_in(
        canvas,
        &edge.text,
        Some(text_area(&edge.text, left, middle.1 - 9)),
        HPos::Center,
    )
}

fn check(nodes: &[Node], edges: &[Edge]) -> Result<()> {
    if nodes.is_empty() {
        return Err(Error::Empty {
            what: "`nodes`",
            item: "node",
        });
    }
    let rows = nodes
        .iter()
        .filter_map(|node| node.row.map(|row| (row, node)));
    for (row, node) in rows {
        if !(0.0..1e4).contains(&row) {
            return Err(Error::OutOfRange {
                what: format!("the row of \"{}\"", node.text),
                found: row.to_string(),
                expected: "between 0 and 10,000",
            });
        }
    }
    if let Some(node) = nodes.iter().find(|node| node.column >= 1_000) {
        return Err(Error::OutOfRange {
            what: format!("the column of \"{}\"", node.text),
            found: node.column.to_string(),
            expected: "less than 1,000",
        });
    }
    match edges
        .iter()
        .find(|edge| edge.from.max(edge.to) >= nodes.len())
    {
        None => Ok(()),
        Some(edge) => Err(Error::OutOfRange {
            what: "an end of an edge".to_owned(),
            found: edge.from.max(edge.to).to_string(),
            expected: "the index of a node, counted from 0",
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_node_is_a_box_and_each_edge_an_arrow() -> Result<()> {
        let nodes = [
            Node::new(0, "a", ""),
            Node::new(1, "b", "two"),
            Node::new(1, "c", ""),
        ];
        let edges = [Edge::new(0, 1).with_text("left"), Edge::new(0, 2)];
        let svg = graph_diagram(&nodes, &edges, "Graph")?;
        assert_eq!(svg.svg().matches("<polygon").count(), 2);
        for text in ["a", "b", "c", "two", "left"] {
            assert!(svg.svg().contains(&format!("\n{text}\n")), "{text}");
        }
        Ok(())
    }

    #[test]
    fn nodes_of_a_column_do_not_cover_each_other() {
        let nodes: Vec<Node> = (0..4).map(|_| Node::new(0, "text", "detail")).collect();
        let places = layout(&nodes, &[]);
        assert!(places.windows(2).all(|two| two[0].bottom < two[1].top));
    }

    #[test]
    fn what_cannot_be_drawn_is_named() {
        let nodes = [Node::new(0, "a", "")];
        let error = graph_diagram(&nodes, &[Edge::new(0, 1)], "").unwrap_err();
        assert!(error.to_string().starts_with("an end of an edge is 1"));
        assert!(graph_diagram(&[], &[], "").is_err());
        assert!(graph_diagram(&[Node::new(0, "a", "").at_row(f64::NAN)], &[], "").is_err());
        assert!(graph_diagram(&[Node::new(usize::MAX - 1, "a", "")], &[], "").is_err());
    }
}
