//! Several figures in one.

use super::Figure;
use super::canvas::{draw, title_width, wrap, write_title};
use crate::checks::at_least_one;
use crate::{Error, Result};

/// The most that a row of figures may take; wider ones are made smaller.
const WIDEST: u32 = 1080;
const TITLE_LINE: u32 = 24;

/// Places finished figures side by side, `columns` in a row, under a common title (which may be
/// empty).
///
/// Figures keep their size, so that their text stays readable: two of 360 pixels fill a sheet. Only
/// where a row would be wider than 1,080 pixels, all are made smaller.
///
/// # Errors
/// [`Error::Empty`] without figures, [`Error::OutOfRange`] if `columns` is 0.
///
/// # Examples
/// ```
/// use dsprep_core::plot::{Labels, Line, LineChart, small_multiples};
///
/// let chart = |title| {
///     let labels = Labels { title, x: "Step", y: "Loss" };
///     LineChart::new(&[Line::new("", &[1, 2], &[0.9, 0.1])], labels).size(360, 280).draw()
/// };
/// let figure = small_multiples(&[chart("small rate")?, chart("large rate")?], 2, "Rates")?;
/// assert_eq!(figure.size().0, 720);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn small_multiples(figures: &[Figure], columns: usize, title: &str) -> Result<Figure> {
    if figures.is_empty() {
        return Err(Error::Empty {
            what: "`figures`",
            item: "figure",
        });
    }
    at_least_one("`columns`", columns)?;
    let widest = |figures: &[Figure]| figures.iter().map(|figure| figure.size().0).sum();
    let natural: u32 = figures.chunks(columns).map(widest).max().unwrap_or(0);
    let scale = f64::min(1.0, f64::from(WIDEST) / f64::from(natural.max(1)));
    let width = scaled(natural, scale);
    let lines = wrap(title, width as i32 - 48, title_width);
    let head = if lines.is_empty() {
        0
    } else {
        12 + TITLE_LINE * lines.len() as u32
    };
    let (inner, height) = arranged(figures, columns, scale, head);
    let titles: Vec<&str> = figures.iter().map(Figure::title).collect();
    // Without a title of its own the sheet is called by those of its parts, for whoever can't see it.
    let name = if title.is_empty() {
        titles.join("; ")
    } else {
        title.to_owned()
    };
    let sheet = draw(&name, (width, height), |canvas| {
        for (index, line) in (0..).zip(&lines) {
            write_title(canvas, line, (24, 22 + TITLE_LINE as i32 * index))?;
        }
        Ok(())
    })?;
    Ok(sheet.with_inner(&inner))
}

fn scaled(length: u32, scale: f64) -> u32 {
    (f64::from(length) * scale).round() as u32
}

/// The figures in rows, as SVG, and where the last row ends; the first begins at `top`.
fn arranged(figures: &[Figure], columns: usize, scale: f64, mut top: u32) -> (String, u32) {
    let mut inner = String::new();
    for row in figures.chunks(columns) {
        let mut left = 0;
        let mut tallest = 0;
        for figure in row {
            let (width, height) = figure.size();
            let size = (scaled(width, scale), scaled(height, scale));
            inner.push_str(&nested(figure, (left, top), size));
            left += size.0;
            tallest = tallest.max(size.1);
        }
        top += tallest;
    }
    (inner, top)
}

/// The figure's document as an element of another one.
fn nested(figure: &Figure, (left, top): (u32, u32), (width, height): (u32, u32)) -> String {
    let body = figure.svg().split_once('>').map_or("", |(_, body)| body);
    let (own_width, own_height) = figure.size();
    format!(
        "<svg x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {own_width} {own_height}\">{}\n",
        body.trim_end()
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::{Labels, Line, LineChart};

    fn chart(width: u32) -> Result<Figure> {
        let labels = Labels {
            title: "one",
            x: "x",
            y: "y",
        };
        let line = Line::new("", &[1, 2], &[1, 2]);
        LineChart::new(&[line], labels).size(width, 280).draw()
    }

    #[test]
    fn figures_are_placed_in_rows_and_keep_their_size() -> Result<()> {
        let figure = small_multiples(&[chart(360)?, chart(360)?, chart(360)?], 2, "All")?;
        assert_eq!(figure.size(), (720, 36 + 2 * 280));
        let svg = figure.svg();
        assert_eq!(svg.matches("<svg").count(), 4);
        assert_eq!(svg.matches("</svg>").count(), 4);
        assert!(svg.contains("<svg x=\"360\" y=\"36\" width=\"360\""));
        assert!(svg.contains("<svg x=\"0\" y=\"316\""));
        assert!(
            svg.trim_end().ends_with("</svg>\n</svg>"),
            "{}",
            &svg[svg.len() - 40..]
        );
        Ok(())
    }

    #[test]
    fn a_row_that_is_too_wide_is_made_smaller() -> Result<()> {
        let figure = small_multiples(&[chart(720)?, chart(720)?], 2, "")?;
        assert_eq!(figure.size(), (1080, 210));
        assert_eq!(figure.title(), "one; one");
        Ok(())
    }

    #[test]
    fn what_cannot_be_placed_is_named() -> Result<()> {
        assert!(small_multiples(&[], 2, "").is_err());
        assert!(small_multiples(&[chart(360)?], 0, "").is_err());
        Ok(())
    }
}
