//! Charts of odd texts, ranges and sizes.

use crate::told;
use dsprep_core::plot::{Tree, tree_diagram};
use dsprep_core::polars::df;
use dsprep_core::prelude::*;

const LABELS: Labels<'static> = Labels {
    title: "t",
    x: "x",
    y: "y",
};

/// The points of the widest line in the color of the first series.
fn line_of(figure: &Figure) -> Vec<(f64, f64)> {
    let lines = figure
        .svg()
        .split("<polyline")
        .filter(|line| line.contains("#0072B2"));
    let points = |line: &str| -> Vec<(f64, f64)> {
        let points = line
            .split("points=\"")
            .nth(1)
            .and_then(|rest| rest.split('"').next());
        let pairs = points
            .unwrap_or_default()
            .split_whitespace()
            .filter_map(|at| at.split_once(','));
        pairs
            .filter_map(|(x, y)| Some((x.parse().ok()?, y.parse().ok()?)))
            .collect()
    };
    let width = |line: &Vec<(f64, f64)>| line[line.len() - 1].0 - line[0].0;
    let wider = |a: Vec<_>, b: Vec<_>| if width(&b) >= width(&a) { b } else { a };
    lines
        .map(points)
        .filter(|line| !line.is_empty())
        .reduce(wider)
        .unwrap_or_default()
}

#[test]
fn no_character_that_xml_forbids_is_written() -> DsResult<()> {
    let labels = Labels {
        title: "\u{8}<t>&\u{ffff}",
        x: "x\u{1}",
        y: "y\u{0}",
    };
    let figure = bar_chart(&["a\u{0}b\u{1b}<script>&\n"], &[1.0], labels)?;
    let forbidden = |c: char| (c < ' ' && !"\t\n\r".contains(c)) || "\u{fffe}\u{ffff}".contains(c);
    assert!(!figure.svg().contains(forbidden) && !figure.svg().contains("<script"));
    Ok(())
}

#[test]
fn a_logarithmic_axis_has_no_place_for_0_even_with_a_range() {
    let line = [Line::new("a", &[1.0, 2.0, 3.0], &[0.0, 5.0, -1.0])];
    let error = told(
        LineChart::new(&line, LABELS)
            .log_y()
            .y_range(0.1, 10.0)
            .draw(),
    );
    assert!(error.contains("positive on a logarithmic axis"), "{error}");
}

#[test]
fn a_logarithmic_axis_over_600_powers_of_ten_is_even() -> DsResult<()> {
    let line = [Line::new("a", &[1.0, 2.0, 3.0], &[1e-300, 1.0, 1e300])];
    let figure = LineChart::new(&line, LABELS).log_y().draw()?;
    let points = line_of(&figure);
    let height = |(from, to): (usize, usize)| points[from].1 - points[to].1;
    // A straight line: as far from the first to the second as from there to the third.
    assert!(points.len() == 3 && height((0, 2)) > 200.0, "{points:?}");
    assert!((height((0, 1)) - height((1, 2))).abs() < 3.0, "{points:?}");
    Ok(())
}

#[test]
fn a_value_at_the_edge_of_a_bin_belongs_to_the_bin_above() -> DsResult<()> {
    let values: Vec<f64> = (0..100).map(f64::from).collect();
    let figure = Histogram::new(&[("", values)], 100, LABELS)
        .range(0.0, 100.0)
        .draw()?;
    // One value in each bin: the outline rises once and falls once.
    let heights: Vec<f64> = line_of(&figure).iter().map(|point| point.1).collect();
    let mut different = heights.clone();
    different.dedup();
    assert_eq!(different.len(), 3, "{heights:?}");
    Ok(())
}

#[test]
fn more_values_than_the_memory_holds_are_named() {
    for end in [1 << 60, usize::MAX] {
        let error = told(line_chart(&[Line::new("a", &(0..end), &[0.0])], LABELS));
        assert!(error.contains("`x`[0]"), "{error}");
    }
}

#[test]
fn a_tree_of_any_depth_is_named_and_dropped() {
    let mut tree = Tree::new("a", "");
    for _ in 0..200_000 {
        tree = Tree::new("a", "").with("", tree);
    }
    assert!(told(tree_diagram(&tree, "t")).contains("the depth of the tree"));
}

#[test]
fn many_partitions_are_named_at_once() -> DsResult<()> {
    let names: Vec<String> = (0..300_000).map(|row| row.to_string()).collect();
    let table = df!("p" => names.clone(), "l" => names, "c" => vec![1_i64; 300_000])?;
    let error = told(partition_chart(&table, "p", "l", "c", "t"));
    assert!(error.contains("more than 20 partitions"), "{error}");
    Ok(())
}

#[test]
fn long_texts_leave_room_for_the_plot() -> DsResult<()> {
    let (word, words) = ("x".repeat(10_000), "x ".repeat(10_000));
    let bars = bar_chart(&[word.as_str(), "b"], &[1.0, 2.0], LABELS)?;
    let widths = bars
        .svg()
        .split("<rect")
        .filter(|bar| bar.contains("#0072B2"));
    let width = |bar: &str| -> Option<f64> {
        bar.split("width=\"")
            .nth(1)?
            .split('"')
            .next()?
            .parse()
            .ok()
    };
    assert!(
        widths.filter_map(width).all(|width| width > 50.0),
        "{}",
        bars.svg()
    );
    let lanes = timeline_chart(&[Lane::new(&word, &[1.0, 2.0])], LABELS)?;
    let centres = lanes.svg().split("cx=\"").skip(1);
    let centre = |rest: &str| -> Option<f64> { rest.split('"').next()?.parse().ok() };
    let centres: Vec<f64> = centres.filter_map(centre).collect();
    assert!(centres[1] - centres[0] > 100.0, "{centres:?}");
    let titled = line_chart(
        &[Line::new("a", &[1.0, 2.0], &[1.0, 2.0])],
        Labels {
            title: &words,
            ..LABELS
        },
    )?;
    let points = line_of(&titled);
    assert!(
        (points[0].1 - points[points.len() - 1].1).abs() > 100.0,
        "{points:?}"
    );
    Ok(())
}
