//! Score, drift and AUC of a live model over time, with what was decided (question 25).

use super::Figure;
use super::canvas::{Canvas, Drawn, FONT, TEXT_SIZE, draw, write, write_ending_at, write_title};
use super::color::{BLUE, FAINT, GRID, INK, VERMILLION};
use crate::monitor::{ModelLifecycle, MonitorAction, MonitorPolicy, ReviewDecision, WeekMetrics};
use crate::{Error, Result};
use plotters::prelude::{
    ChartBuilder, Circle, DashedLineSeries, IntoTextStyle, LineSeries, PathElement, Polygon,
};
use plotters::style::text_anchor::{HPos, VPos};
use plotters::style::{Color as _, RGBAColor, RGBColor, ShapeStyle};

const SIZE: (u32, u32) = (720, 652);
const HEAD: i32 = 44;
const PANEL: u32 = 144;
const LANES: u32 = 176;
/// Where the plots begin, so that all share one time axis.
const LEFT: u32 = 104;
const RIGHT: u32 = 24;
/// Between the figure's edge and the names of its axes.
const EDGE: u32 = 12;
/// The height of a panel's note, above its plot.
const NOTE: i32 = 20;

/// A lane for each decision that is worth a mark, from top to bottom.
const MARKED: [(MonitorAction, RGBColor); 6] = [
    (MonitorAction::Investigate, FAINT),
    (MonitorAction::Repair, VERMILLION),
    (MonitorAction::Retrain, INK),
    (MonitorAction::Promote, BLUE),
    (MonitorAction::Reject, FAINT),
    (MonitorAction::RollBack, VERMILLION),
];

/// A line of a panel.
struct Curve {
    points: Vec<(f64, f64)>,
    dashed: bool,
}

/// What one panel shows.
struct Panel {
    name: &'static str,
    /// At most one band, as upper and lower line.
    band: Vec<(f64, f64)>,
    curves: Vec<Curve>,
    /// The axis holds at least these values.
    at_least: [f64; 2],
    /// What the dashed line and the band are.
    note: String,
}

/// A chart of a lifecycle's reviewed weeks, in four panels over one time axis: the mean score; the largest KS
/// statistic of a week with the least that counts as drift (dashed); the AUC on matured labels with its
/// interval and its baseline (dashed); and the decisions.
///
/// Vertical lines mark the weeks in which the champion changed.
///
/// # Errors
/// [`Error::Empty`] if no week was reviewed yet.
///
/// # Examples
/// ```
/// use dsprep_core::monitor::{ModelLifecycle, MonitorPolicy, WeekStream};
/// use dsprep_core::random::RandomState;
/// use dsprep_core::plot::monitor_timeline;
/// let stream = WeekStream::stable(200, &mut RandomState::seed(1));
/// let mut lifecycle = ModelLifecycle::start_on(&stream, MonitorPolicy::default())?;
/// lifecycle.advance(&stream, 4)?;
/// assert!(monitor_timeline(&lifecycle, "A stable week")?.svg().contains("Mean score"));
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn monitor_timeline(lifecycle: &ModelLifecycle, title: &str) -> Result<Figure> {
    let metrics = lifecycle.metrics();
    let (Some(first), Some(last)) = (metrics.first(), metrics.last()) else {
        return Err(Error::Empty {
            what: "the lifecycle",
            item: "reviewed week",
        });
    };
    let weeks = [f64::from(first.week) - 0.5, f64::from(last.week) + 0.5];
    let panels = panels(metrics, lifecycle.policy());
    draw(title, SIZE, |canvas| {
        write_title(canvas, title, (24, 24))?;
        for (place, panel) in panels.iter().enumerate() {
            let top = HEAD + PANEL as i32 * place as i32;
            draw_panel(canvas, top, weeks, panel)?;
        }
        draw_lanes(canvas, weeks, lifecycle.decisions())
    })
}

fn panels(metrics: &[WeekMetrics], policy: &MonitorPolicy) -> [Panel; 3] {
    let mean_score = Panel {
        name: "Mean score",
        band: Vec::new(),
        curves: vec![curve(metrics, |m| m.mean_score, false)],
        at_least: [0.2, 0.5],
        note: String::new(),
    };
    [
        mean_score,
        largest_ks(metrics, policy.drift.min_ks),
        auc(metrics, policy.performance.confidence),
    ]
}

/// One value of each week.
fn curve(metrics: &[WeekMetrics], value: fn(&WeekMetrics) -> f64, dashed: bool) -> Curve {
    let points = metrics.iter().map(|m| (f64::from(m.week), value(m)));
    Curve {
        points: points.collect(),
        dashed,
    }
}

fn largest_ks(metrics: &[WeekMetrics], min_ks: f64) -> Panel {
    let ends = [metrics.first(), metrics.last()].into_iter().flatten();
    let threshold = Curve {
        points: ends.map(|m| (f64::from(m.week), min_ks)).collect(),
        dashed: true,
    };
    Panel {
        name: "Largest KS",
        band: Vec::new(),
        curves: vec![curve(metrics, |m| m.largest_ks, false), threshold],
        at_least: [0.0, 0.3],
        note: "dashed line: the least that counts as drift".to_owned(),
    }
}

/// The AUC of the weeks whose labels have come, with its interval.
fn auc(metrics: &[WeekMetrics], confidence: f64) -> Panel {
    let measured = || {
        metrics
            .iter()
            .filter_map(|m| Some((f64::from(m.week), m.auc?)))
    };
    let upper = measured().map(|(week, (_, interval))| (week, interval.upper));
    let lower = measured().map(|(week, (_, interval))| (week, interval.lower));
    let lower: Vec<(f64, f64)> = lower.collect();
    let estimate = Curve {
        points: measured().map(|(week, (auc, _))| (week, auc)).collect(),
        dashed: false,
    };
    Panel {
        name: "AUC",
        band: upper.chain(lower.into_iter().rev()).collect(),
        curves: vec![estimate, curve(metrics, |m| m.baseline, true)],
        at_least: [0.7, 0.9],
        note: format!(
            "dashed line: baseline; band: {:.0} % interval",
            100.0 * confidence
        ),
    }
}

fn draw_panel(canvas: &Canvas<'_>, top: i32, [from, to]: [f64; 2], panel: &Panel) -> Drawn {
    let lines = panel.curves.iter().flat_map(|curve| &curve.points);
    let values = lines.chain(&panel.band).map(|&(_, value)| value);
    let low = values.clone().fold(panel.at_least[0], f64::min);
    let high = values.fold(panel.at_least[1], f64::max);
    let margin = 0.05 * (high - low);
    let low = if low == 0.0 { low } else { low - margin };
    let area = canvas.clone().shrink((0, top), (SIZE.0, PANEL));
    let right = (SIZE.0 - RIGHT) as i32;
    write(
        canvas,
        &panel.note,
        (right, top + 10),
        (HPos::Right, VPos::Center),
        &FAINT,
    )?;
    let mut chart = ChartBuilder::on(&area)
        .margin_top(NOTE)
        .margin_bottom(8)
        .margin_right(RIGHT)
        .margin_left(EDGE)
        .x_label_area_size(0)
        .y_label_area_size(LEFT - EDGE)
        .build_cartesian_2d(from..to, low..high + margin)?;
    let text = (FONT, TEXT_SIZE).into_text_style(canvas).color(&INK);
    chart
        .configure_mesh()
        .y_desc(panel.name)
        .axis_desc_style(text.clone())
        .label_style(text)
        .x_labels(0)
        .disable_x_mesh()
        .y_labels(4)
        .y_label_formatter(&|value| format!("{value:.2}"))
        .axis_style(INK)
        .bold_line_style(GRID)
        .light_line_style(RGBAColor(0, 0, 0, 0.0))
        .draw()?;
    if !panel.band.is_empty() {
        chart.draw_series([Polygon::new(panel.band.clone(), BLUE.mix(0.18).filled())])?;
    }
    for curve in &panel.curves {
        let points = curve.points.iter().copied();
        if curve.dashed {
            chart.draw_series(DashedLineSeries::new(points, 6, 4, FAINT.stroke_width(1)))?;
        } else {
            chart.draw_series(LineSeries::new(points.clone(), BLUE.stroke_width(2)))?;
            chart.draw_series(points.map(|at| Circle::new(at, 2, BLUE.filled())))?;
        }
    }
    Ok(())
}

/// The decisions, one lane for each kind, and the time axis.
fn draw_lanes(canvas: &Canvas<'_>, [from, to]: [f64; 2], decisions: &[ReviewDecision]) -> Drawn {
    let top = HEAD + 3 * PANEL as i32;
    let area = canvas.clone().shrink((0, top), (SIZE.0, LANES));
    let lowest = MARKED.len() as f64 - 0.5;
    let mut chart = ChartBuilder::on(&area)
        .margin_top(4)
        .margin_right(RIGHT)
        .x_label_area_size(46)
        .y_label_area_size(LEFT)
        .build_cartesian_2d(from..to, -lowest..0.5)?;
    let text = (FONT, TEXT_SIZE).into_text_style(canvas).color(&INK);
    chart
        .configure_mesh()
        .x_desc("Week")
        .axis_desc_style(text.clone())
        .label_style(text)
        .x_labels(12)
        .x_label_formatter(&|week| format!("{week:.0}"))
        .disable_x_mesh()
        .disable_y_mesh()
        .y_labels(0)
        .axis_style(INK)
        .draw()?;
    for (lane, (action, color)) in MARKED.into_iter().enumerate() {
        let height = -(lane as f64);
        chart.draw_series(LineSeries::new([(from, height), (to, height)], GRID))?;
        let (x, y) = chart.backend_coord(&(from, height));
        write_ending_at(canvas, action.name(), (x - 10, y))?;
        for decision in decisions.iter().filter(|it| it.action == action) {
            let at = (f64::from(decision.week), height);
            chart.draw_series([Circle::new(at, 4, color.filled())])?;
            if matches!(action, MonitorAction::Promote | MonitorAction::RollBack) {
                let (x, y) = chart.backend_coord(&at);
                for (from, to) in mark_down_to(y) {
                    canvas.draw(&PathElement::new([(x, from), (x, to)], thin(color)))?;
                }
            }
        }
    }
    Ok(())
}

/// The pieces of the vertical line that marks a week, through the panels down to `y`, but not through the notes above them.
fn mark_down_to(y: i32) -> [(i32, i32); 3] {
    let height = PANEL as i32;
    [0, 1, 2].map(|place| {
        let top = HEAD + place * height;
        (top + NOTE, if place < 2 { top + height } else { y })
    })
}

fn thin(color: RGBColor) -> ShapeStyle {
    color.mix(0.6).stroke_width(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::monitor::{MonitorPolicy, WeekStream};
    use crate::random::RandomState;

    #[test]
    fn every_panel_and_lane_is_named() -> Result<()> {
        let stream = WeekStream::stable(100, &mut RandomState::seed(1));
        let mut lifecycle = ModelLifecycle::start_on(&stream, MonitorPolicy::default())?;
        assert!(monitor_timeline(&lifecycle, "Nothing").is_err());
        for week in 4..7 {
            lifecycle.advance(&stream, week)?;
        }
        let figure = monitor_timeline(&lifecycle, "Three weeks")?;
        for name in [
            "Three weeks",
            "Mean score",
            "Largest KS",
            "AUC",
            "roll back",
            "Week",
        ] {
            assert!(figure.svg().contains(name), "{name}");
        }
        Ok(())
    }

    #[test]
    fn marks_of_weeks_do_not_cross_the_notes() {
        let height = PANEL as i32;
        for note in [HEAD + height, HEAD + 2 * height] {
            for (from, to) in mark_down_to(600) {
                assert!(to <= note || from >= note + NOTE, "{from} to {to}");
            }
        }
    }
}
