//! Events along time.

use super::canvas::{
    Canvas, Drawn, TEXT_HEIGHT, cut, draw, pixels, text_width, write, write_ending_at,
};
use super::clutter::{Area, Clutter, text_area};
use super::color::{FAINT, GRID, INK, series_color};
use super::legend::Head;
use super::scale::Scale;
use super::stroke::{Marker, draw_marker};
use super::values::{Values, check_finite, check_length};
use super::{Figure, Labels};
use crate::{Error, Result};
use plotters::prelude::{PathElement, Rectangle};
use plotters::style::Color as _;
use plotters::style::text_anchor::{HPos, VPos};

const WIDTH: i32 = 720;
const LANE: i32 = 52;

/// More of a name is not shown, so that room is left for the times.
const WIDEST_NAME: i32 = 300;

/// The events of one kind, or of one source, in a [`timeline_chart`].
///
/// # Examples
/// ```
/// use dsprep_core::plot::Lane;
///
/// let card = Lane::new("card 17", &[0.0, 2.5, 3.0]).with_texts(&["12 €", "900 €", "950 €"]);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Lane {
    name: String,
    times: Vec<f64>,
    texts: Vec<String>,
    windows: Vec<(f64, f64, String)>,
}

impl Lane {
    /// Events at these times.
    pub fn new(name: &str, times: &(impl Values + ?Sized)) -> Self {
        Lane {
            name: name.to_owned(),
            times: times.values(),
            texts: vec![],
            windows: vec![],
        }
    }

    /// A text above each event; it is left out where it would cover another one.
    #[must_use]
    pub fn with_texts(mut self, texts: &[impl AsRef<str>]) -> Self {
        self.texts = texts.iter().map(|text| text.as_ref().to_owned()).collect();
        self
    }

    /// Shades the lane between two times, with a text below.
    #[must_use]
    pub fn with_window(mut self, from: f64, to: f64, text: &str) -> Self {
        self.windows.push((from, to, text.to_owned()));
        self
    }

    fn check(&self) -> Result<()> {
        if let Some(at) = self.times.iter().position(|time| !time.is_finite()) {
            return check_finite("`times`", &self.name, &self.times[at..=at]);
        }
        if !self.texts.is_empty() {
            check_length(
                "`texts`",
                &self.name,
                self.texts.len(),
                "`times`",
                self.times.len(),
            )?;
        }
        let mut ends = self.windows.iter().flat_map(|(from, to, _)| [*from, *to]);
        match ends.find(|end| !end.is_finite()) {
            None => Ok(()),
            Some(end) => Err(Error::OutOfRange {
                what: format!("the end of a window of \"{}\"", self.name),
                found: end.to_string(),
                expected: "a finite number",
            }),
        }
    }

    fn shown_name(&self) -> String {
        cut(&self.name, WIDEST_NAME, text_width)
    }

    fn all_times(&self) -> impl Iterator<Item = f64> + Clone {
        let windows = self.windows.iter().flat_map(|(from, to, _)| [*from, *to]);
        self.times.iter().copied().chain(windows)
    }
}

/// Events as marks on lanes along time (`labels.x`), with shaded windows; the lanes carry their names,
/// so `labels.y` is not written.
///
/// # Errors
/// [`Error::Empty`] without lanes or without any time, [`Error::Shape`] if there are not as many texts
/// as events, [`Error::OutOfRange`] if a time is not finite.
///
/// # Examples
/// ```
/// use dsprep_core::plot::{Labels, Lane, timeline_chart};
///
/// let labels = Labels { title: "Two cards", x: "Minutes", y: "" };
/// let lanes = [
///     Lane::new("card 17", &[0.0, 2.5, 3.0]).with_window(0.0, 3.0, "last 3 minutes: 2 events"),
///     Lane::new("card 18", &[1.0]),
/// ];
/// assert!(timeline_chart(&lanes, labels)?.svg().contains("card 18"));
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn timeline_chart(lanes: &[Lane], labels: Labels<'_>) -> Result<Figure> {
    for lane in lanes {
        lane.check()?;
    }
    let mut times = lanes.iter().flat_map(Lane::all_times).peekable();
    if times.peek().is_none() {
        return Err(Error::Empty {
            what: "`lanes`",
            item: "event",
        });
    }
    let times: Vec<f64> = times.collect();
    let scale = Scale::around("x", times.into_iter(), 0.03, false)?;
    let names = lanes.iter().map(|lane| text_width(&lane.shown_name()));
    let head = Head::new(labels.title, vec![], WIDTH);
    let sheet = Sheet {
        left: 36 + names.max().unwrap_or(0),
        top: head.height() + 6,
        bottom: head.height() + 6 + LANE * lanes.len() as i32,
        scale,
    };
    let size = (WIDTH as u32, (sheet.bottom + 58).unsigned_abs());
    draw(labels.title, size, |canvas| {
        head.draw(canvas)?;
        sheet.draw_axis(canvas, labels.x)?;
        let mut clutter = Clutter::default();
        for (index, lane) in lanes.iter().enumerate() {
            sheet.draw_lane(canvas, index, lane)?;
        }
        for (index, lane) in lanes.iter().enumerate() {
            sheet.draw_texts(canvas, index, lane, &mut clutter)?;
        }
        Ok(())
    })
}

/// Where lanes and times are.
struct Sheet {
    left: i32,
    top: i32,
    bottom: i32,
    scale: Scale,
}

impl Sheet {
    fn right(&self) -> i32 {
        WIDTH - 24
    }

    fn across(&self, time: f64) -> i32 {
        self.left + pixels(f64::from(self.right() - self.left) * self.scale.share(time))
    }

    fn middle(&self, lane: usize) -> i32 {
        self.top + LANE * lane as i32 + LANE / 2
    }

    fn draw_axis(&self, canvas: &Canvas<'_>, name: &str) -> Drawn {
        for tick in self.scale.ticks(8) {
            let x = self.across(tick.value);
            canvas.draw(&PathElement::new([(x, self.top), (x, self.bottom)], GRID))?;
            canvas.draw(&PathElement::new(
                [(x, self.bottom), (x, self.bottom + 4)],
                INK,
            ))?;
            let at = (x, self.bottom + 8);
            write(canvas, &tick.text, at, (HPos::Center, VPos::Top), &INK)?;
        }
        let ends = [(self.left, self.bottom), (self.right(), self.bottom)];
        canvas.draw(&PathElement::new(ends, INK))?;
        let below = ((self.left + self.right()) / 2, self.bottom + 32);
        write(canvas, name, below, (HPos::Center, VPos::Top), &INK)
    }

    fn draw_lane(&self, canvas: &Canvas<'_>, index: usize, lane: &Lane) -> Drawn {
        let (y, color) = (self.middle(index), series_color(index));
        for (from, to, _) in &lane.windows {
            let (a, b) = (self.across(*from), self.across(*to));
            let corners = [(a.min(b), y - 12), (a.max(b), y + 12)];
            canvas.draw(&Rectangle::new(corners, color.mix(0.16).filled()))?;
            canvas.draw(&Rectangle::new(corners, color.mix(0.6)))?;
        }
        canvas.draw(&PathElement::new(
            [(self.left, y), (self.right(), y)],
            FAINT,
        ))?;
        let at = (self.left - 12, y);
        write_ending_at(canvas, &lane.shown_name(), at)?;
        for time in &lane.times {
            let place = (f64::from(self.across(*time)), f64::from(y));
            draw_marker(canvas, Marker::of_series(index), place, 5.0, (color, 0.9))?;
        }
        Ok(())
    }

    fn draw_texts(
        &self,
        canvas: &Canvas<'_>,
        index: usize,
        lane: &Lane,
        clutter: &mut Clutter,
    ) -> Drawn {
        let y = self.middle(index);
        let row = |text: &str, middle: i32, top: i32| {
            let width = text_width(text);
            let last = (self.right() - width).max(self.left);
            text_area(text, (middle - width / 2).clamp(self.left, last), top)
        };
        for (time, text) in lane.times.iter().zip(&lane.texts) {
            let above = row(text, self.across(*time), y - 10 - TEXT_HEIGHT);
            write_at(canvas, text, clutter.place_if_free(&[above]))?;
        }
        for (from, to, text) in &lane.windows {
            let middle = (self.across(*from) + self.across(*to)) / 2;
            let places = [
                row(text, middle, y + 14),
                row(text, middle, y - 14 - TEXT_HEIGHT),
            ];
            write_at(canvas, text, clutter.place_if_free(&places))?;
        }
        Ok(())
    }
}

fn write_at(canvas: &Canvas<'_>, text: &str, area: Option<Area>) -> Drawn {
    let Some((left, top, _, bottom)) = area.filter(|_| !text.is_empty()) else {
        return Ok(());
    };
    let at = (left, (top + bottom) / 2);
    write(canvas, text, at, (HPos::Left, VPos::Center), &INK)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LABELS: Labels<'_> = Labels {
        title: "Title",
        x: "Minutes",
        y: "",
    };

    #[test]
    fn each_event_is_a_mark_and_each_window_an_area() -> Result<()> {
        let lane = Lane::new("card", &[1, 2, 5]).with_window(1.0, 4.0, "window");
        let svg = timeline_chart(&[lane.with_texts(&["a", "b", "c"])], LABELS)?;
        assert_eq!(svg.svg().matches("<circle").count(), 3);
        assert!(svg.svg().contains("\nwindow\n") && svg.svg().contains("\nc\n"));
        Ok(())
    }

    #[test]
    fn a_lane_may_be_empty_but_not_all() {
        let (none, one) = (Lane::new("none", &[0.0; 0]), Lane::new("one", &[1.0]));
        assert!(timeline_chart(&[none.clone(), one], LABELS).is_ok());
        assert!(timeline_chart(&[none], LABELS).is_err());
        assert!(timeline_chart(&[], LABELS).is_err());
    }

    #[test]
    fn what_cannot_be_drawn_is_named() {
        let message = |lane| timeline_chart(&[lane], LABELS).unwrap_err().to_string();
        assert!(message(Lane::new("card", &[0.0, f64::NAN])).contains("of \"card\" is NaN"));
        assert!(message(Lane::new("card", &[1.0]).with_texts(&["a", "b"])).contains("2 values"));
        assert!(message(Lane::new("a", &[1.0]).with_window(0.0, f64::NAN, "")).contains("window"));
    }
}
