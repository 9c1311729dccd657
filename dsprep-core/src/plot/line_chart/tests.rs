use super::names::spread;
use super::*;

const LABELS: Labels<'_> = Labels {
    title: "Title",
    x: "Week",
    y: "Units",
};

fn message(line: Line) -> String {
    line_chart(&[line], LABELS).unwrap_err().to_string()
}

#[test]
fn names_stand_at_the_ends_or_in_a_legend() -> Result<()> {
    let line = |name: &str, end: f64| Line::new(name, &[0.0, 1.0], &[0.0, end]);
    let legend = |second: f64| {
        let chart = LineChart::new(&[line("a", 1.0), line("b", second)], LABELS);
        let (x, y) = (Scale::linear(0.0, 1.0), Scale::linear(0.0, 1.0));
        !chart.names_at_ends((720, 400), x, y)
    };
    assert!(!legend(0.5) && !legend(0.99));
    assert!(legend(f64::NAN));
    let figure = line_chart(&[line("a", 1.0), line("b", 0.99)], LABELS)?;
    assert!(figure.svg().contains("\na\n</text>") && figure.svg().contains("\nb\n</text>"));
    Ok(())
}

#[test]
fn names_that_are_too_close_move_apart_equally() {
    assert_eq!(spread(&[100, 104, 300], 20), [92, 112, 300]);
    assert_eq!(spread(&[10, 10, 10], 10), [0, 10, 20]);
    assert_eq!(spread(&[50, 0], 10), [50, 0]);
    assert!(spread(&[], 10).is_empty());
}

#[test]
fn each_point_gets_a_mark_and_each_series_its_own() -> Result<()> {
    let points = |name| Line::new(name, &(0..5), &(0..5)).with_points();
    let figure = line_chart(&[points("a")], LABELS)?;
    assert_eq!(figure.svg().matches("<circle").count(), 5);
    let chart = LineChart::new(&[points("a"), points("b")], LABELS);
    let figure = chart.with_legend().draw()?;
    // The legend holds one more.
    assert_eq!(figure.svg().matches("<circle").count(), 6);
    assert_eq!(figure.svg().matches("<polygon").count(), 6);
    Ok(())
}

#[test]
fn there_is_no_half_epoch() -> Result<()> {
    let loss = [4.3, 3.9, 3.8, 3.7, 3.65, 3.6];
    let svg = |x: &[f64; 6]| line_chart(&[Line::new("a", x, &loss)], LABELS);
    let whole = svg(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0])?;
    assert!(whole.svg().contains("\n5\n") && !whole.svg().contains("\n5.5\n"));
    let half = svg(&[1.0, 1.5, 3.0, 4.0, 5.0, 6.0])?;
    assert!(half.svg().contains("\n5.5\n"));
    Ok(())
}

#[test]
fn a_band_is_one_area() -> Result<()> {
    let band = Line::new("a", &[1, 2], &[1.0, 2.0]).with_band(&[0.5, 1.5], &[1.5, 2.5]);
    assert_eq!(
        line_chart(&[band], LABELS)?
            .svg()
            .matches("<polygon")
            .count(),
        1
    );
    Ok(())
}

#[test]
fn steps_have_a_corner_at_each_change() {
    let path = Line::new("a", &[0, 1], &[5, 7]).steps().path();
    assert_eq!(path, [(0.0, 5.0), (1.0, 5.0), (1.0, 7.0)]);
}

#[test]
fn references_are_written_and_the_axes_hold_them() -> Result<()> {
    let chart = LineChart::new(&[Line::new("a", &[0, 1], &[0.0, 1.0])], LABELS);
    let svg = chart
        .horizontal(5.0, "limit")
        .vertical(3.0, "today")
        .shaded(1.0, 2.0, "holiday")
        .draw()?;
    for text in ["limit", "today", "holiday"] {
        assert!(svg.svg().contains(text), "{text}");
    }
    Ok(())
}

#[test]
fn the_same_data_give_the_same_bytes() -> Result<()> {
    let lines = [Line::new("a", &(0..50), &[0.5; 50]).dashed()];
    assert_eq!(line_chart(&lines, LABELS)?, line_chart(&lines, LABELS)?);
    Ok(())
}

#[test]
fn what_cannot_be_drawn_is_named() {
    assert_eq!(
        message(Line::new("loss", &[1, 2], &[0.5])),
        "`y` has 1 value of \"loss\", but it must have 2 values, one for each of `x`."
    );
    assert_eq!(
        message(Line::new("loss", &[1, 2], &[0.5, f64::NAN])),
        "`y`[1] of \"loss\" is NaN, but it must be a finite number; leave out what is missing."
    );
    assert!(message(Line::new("a", &[0.0; 0], &[0.0; 0])).contains("`x` is empty"));
    assert!(message(Line::new("a", &[1], &[1]).with_band(&[1, 2], &[1])).contains("`lower`"));
    assert!(line_chart(&[], LABELS).is_err());
    let zero = LineChart::new(&[Line::new("a", &[0, 1], &[1, 1])], LABELS);
    assert!(zero.clone().log_x().draw().is_err());
    assert!(zero.clone().y_range(1.0, 1.0).draw().is_err());
    assert!(zero.horizontal(f64::NAN, "nowhere").draw().is_err());
}
