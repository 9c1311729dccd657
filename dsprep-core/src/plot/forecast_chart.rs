//! A forecast with its interval against what happened (question 30).

use super::canvas::{Canvas, Drawn, FONT, TEXT_SIZE, draw, write, write_title};
use super::color::{BLUE, GRID, INK, VERMILLION};
use super::scale::{FARTHEST, NEAR_ENOUGH};
use super::{Figure, Labels};
use crate::error::count;
use crate::{Error, Result};
use ndarray::ArrayRef1;
use plotters::prelude::{
    ChartBuilder, DashedLineSeries, IntoTextStyle, LineSeries, PathElement, Polygon, Rectangle,
};
use plotters::style::text_anchor::{HPos, VPos};
use plotters::style::{Color as _, RGBAColor, ShapeStyle};

const SIZE: (u32, u32) = (720, 400);
/// What the chart leaves free above for the title and the legend.
const HEAD: u32 = 66;
const LINE_WIDTH: u32 = 2;
const DASH: u32 = 7;
const DASH_GAP: u32 = 4;

/// A chart of a series, its forecast (dashed) and the forecast's interval (band).
///
/// All four arrays hold one value for each time step, counted from 0. `confidence` is that of the interval, 0.95
/// for 95 %; the legend names it.
///
/// # Errors
/// [`Error::Empty`] without values, [`Error::Shape`] if the lengths differ, [`Error::OutOfRange`] if
/// a value is not finite or `confidence` is not between 0 and 1.
///
/// # Examples
/// ```
/// use dsprep_core::ndarray::array;
/// use dsprep_core::plot::{Labels, forecast_chart};
///
/// let (actual, forecast) = (array![1.0, 2.5, 3.0], array![1.2, 2.0, 2.8]);
/// let labels = Labels { title: "Sales", x: "Week", y: "Units" };
/// let (lower, upper) = (&forecast - 1.0, &forecast + 1.0);
/// let figure = forecast_chart(&actual, &forecast, &lower, &upper, 0.9, labels)?;
/// assert!(figure.svg().contains("90 % interval"));
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn forecast_chart(
    actual: &ArrayRef1<f64>,
    forecast: &ArrayRef1<f64>,
    lower: &ArrayRef1<f64>,
    upper: &ArrayRef1<f64>,
    confidence: f64,
    labels: Labels<'_>,
) -> Result<Figure> {
    if !(confidence > 0.0 && confidence < 1.0) {
        return Err(Error::OutOfRange {
            what: "`confidence`".to_owned(),
            found: confidence.to_string(),
            expected: "between 0 and 1: 0.95 for a 95 % interval",
        });
    }
    let series = [
        ("`actual`", actual),
        ("`forecast`", forecast),
        ("`lower`", lower),
        ("`upper`", upper),
    ];
    for (name, values) in series {
        check(name, values, actual.len())?;
    }
    draw(labels.title, SIZE, |canvas| {
        write_title(canvas, labels.title, (24, 24))?;
        draw_legend(canvas, confidence)?;
        draw_series(canvas, actual, forecast, (lower, upper), labels)
    })
}

fn draw_series(
    canvas: &Canvas<'_>,
    actual: &ArrayRef1<f64>,
    forecast: &ArrayRef1<f64>,
    (lower, upper): (&ArrayRef1<f64>, &ArrayRef1<f64>),
    labels: Labels<'_>,
) -> Drawn {
    let (low, high) = vertical_range([actual, forecast, lower, upper]);
    let last = (actual.len() - 1).max(1);
    let decimals = decimals(high - low);
    let longest = plain(low, decimals).len().max(plain(high, decimals).len());

    let mut chart = ChartBuilder::on(canvas)
        .margin_top(HEAD)
        .margin_right(24)
        .margin_bottom(10)
        .margin_left(10)
        .x_label_area_size(46)
        .y_label_area_size(36 + 9 * longest as u32)
        .build_cartesian_2d(0.0..last as f64, low..high)?;
    let text = (FONT, TEXT_SIZE).into_text_style(canvas).color(&INK);
    chart
        .configure_mesh()
        .x_desc(labels.x)
        .y_desc(labels.y)
        .axis_desc_style(text.clone())
        .label_style(text)
        .x_labels(12.min(last + 1))
        .y_labels(7)
        .x_label_formatter(&|x| plain(*x, 1))
        .y_label_formatter(&|y| plain(*y, decimals))
        .axis_style(INK)
        .bold_line_style(GRID)
        .light_line_style(RGBAColor(0, 0, 0, 0.0))
        .draw()?;

    let mut outline = points(upper);
    outline.extend(points(lower).into_iter().rev());
    chart.draw_series([Polygon::new(outline, band())])?;
    chart.draw_series(LineSeries::new(points(actual), line(BLUE)))?;
    chart.draw_series(DashedLineSeries::new(
        points(forecast),
        DASH,
        DASH_GAP,
        line(VERMILLION),
    ))?;
    Ok(())
}

/// The ends of the vertical axis: the values, with a margin.
fn vertical_range(series: [&ArrayRef1<f64>; 4]) -> (f64, f64) {
    let values = series.into_iter().flatten().copied();
    let low = values.clone().fold(f64::INFINITY, f64::min);
    let high = values.fold(f64::NEG_INFINITY, f64::max);
    let size = low.abs().max(high.abs());
    // Values that hardly differ are drawn as equal ones, with room that is seen beside their size.
    let margin = match high - low > (1e-9 * size).max(1e-300) {
        true => 0.04 * (high - low),
        false => (1e-6 * size).max(1.0),
    };
    (low - margin, high + margin)
}

/// Each value at its step, counted from 0.
fn points(values: &ArrayRef1<f64>) -> Vec<(f64, f64)> {
    let steps = values.iter().enumerate();
    steps.map(|(step, &value)| (step as f64, value)).collect()
}

/// One row between the title and the chart, where it can't hide data.
fn draw_legend(canvas: &Canvas<'_>, confidence: f64) -> Drawn {
    const Y: i32 = 50;
    let name = |text: &str, x| write(canvas, text, (x, Y), (HPos::Left, VPos::Center), &INK);

    canvas.draw(&PathElement::new([(76, Y), (106, Y)], line(BLUE)))?;
    name("Actual", 113)?;
    for dash in [190, 201, 212] {
        canvas.draw(&PathElement::new(
            [(dash, Y), (dash + 7, Y)],
            line(VERMILLION),
        ))?;
    }
    name("Forecast", 226)?;
    canvas.draw(&Rectangle::new([(316, Y - 7), (346, Y + 7)], band()))?;
    name(&format!("{} % interval", plain(100.0 * confidence, 2)), 353)
}

fn line(color: plotters::style::RGBColor) -> ShapeStyle {
    color.stroke_width(LINE_WIDTH)
}

fn band() -> ShapeStyle {
    VERMILLION.mix(0.18).filled()
}

/// How many decimals tell the ticks of an axis of this length apart.
fn decimals(range: f64) -> usize {
    (1.0 - range.log10().floor()).clamp(0.0, 12.0) as usize
}

/// A tick's number without decimals that say nothing.
fn plain(value: f64, decimals: usize) -> String {
    if value.abs() >= 1e15 {
        return format!("{value:.2e}");
    }
    let text = format!("{value:.decimals$}");
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    }
}

fn check(what: &'static str, values: &ArrayRef1<f64>, length: usize) -> Result<()> {
    if values.is_empty() {
        return Err(Error::Empty {
            what,
            item: "value",
        });
    }
    if values.len() != length {
        return Err(Error::Shape {
            what,
            found: count(values.len(), "value"),
            expected: format!("{}, one for each of `actual`", count(length, "value")),
        });
    }
    let drawn = |value: f64| value.abs() <= FARTHEST;
    match values.iter().position(|value| !drawn(*value)) {
        None => Ok(()),
        Some(at) => Err(Error::OutOfRange {
            what: format!("{what} at step {at}"),
            found: values[at].to_string(),
            expected: if values[at].is_finite() {
                NEAR_ENOUGH
            } else {
                "a finite number"
            },
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    const LABELS: Labels<'_> = Labels {
        title: "Title",
        x: "Week",
        y: "Units",
    };

    #[test]
    fn a_single_constant_value_can_be_drawn() -> Result<()> {
        let one = array![5.0];
        assert!(
            forecast_chart(&one, &one, &one, &one, 0.95, LABELS)?
                .svg()
                .contains("Week")
        );
        Ok(())
    }

    #[test]
    fn the_legend_tells_the_confidence_and_one_in_per_cent_is_refused() -> Result<()> {
        let one = array![5.0];
        for (confidence, text) in [(0.5, "50 % interval"), (0.999, "99.9 % interval")] {
            let figure = forecast_chart(&one, &one, &one, &one, confidence, LABELS)?;
            assert!(figure.svg().contains(text), "{text}");
        }
        let error = forecast_chart(&one, &one, &one, &one, 95.0, LABELS).unwrap_err();
        assert!(
            error.to_string().starts_with("`confidence` is 95"),
            "{error}"
        );
        Ok(())
    }

    #[test]
    fn what_cannot_be_drawn_is_named() {
        let (one, two, nan) = (array![1.0], array![1.0, 2.0], array![1.0, f64::NAN]);
        let message = |forecast: &ArrayRef1<f64>| {
            forecast_chart(&two, forecast, &two, &two, 0.95, LABELS)
                .unwrap_err()
                .to_string()
        };
        assert_eq!(
            message(&one),
            "`forecast` has 1 value, but it must have 2 values, one for each of `actual`."
        );
        assert_eq!(
            message(&nan),
            "`forecast` at step 1 is NaN, but it must be a finite number."
        );
    }
}
