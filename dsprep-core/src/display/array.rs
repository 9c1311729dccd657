//! Vectors and matrices of numbers.

use super::RichDisplay;
use super::html::{
    GAP, HEAD, MOST_COLUMNS, MOST_ROWS, TABLE, cell, escape, faint, grouped, header, window,
};
use super::number::NumberFormat;
use crate::cell::MimeBundle;
use ndarray::{ArrayBase, Data, Ix1, Ix2};

/// The most decimals that are shown.
const MOST_DECIMALS: usize = 6;

/// A number whose arrays are shown as a grid.
pub trait Number: Copy {
    /// The type's name, as shown under the grid.
    const NAME: &'static str;

    /// The value as a float, if it is one: floats of a grid are written with the same decimals.
    fn as_float(self) -> Option<f64>;

    /// The value as text, if it is not a float.
    fn text(self) -> String;
}

macro_rules! floats {
    ($($number:ident)*) => {$(
        impl Number for $number {
            const NAME: &'static str = stringify!($number);

            fn as_float(self) -> Option<f64> {
                Some(self.into())
            }

            fn text(self) -> String {
                self.to_string()
            }
        }
    )*};
}

macro_rules! exact {
    ($($number:ident)*) => {$(
        impl Number for $number {
            const NAME: &'static str = stringify!($number);

            fn as_float(self) -> Option<f64> {
                None
            }

            fn text(self) -> String {
                self.to_string()
            }
        }
    )*};
}

floats!(f32 f64);
exact!(i8 i16 i32 i64 isize u8 u16 u32 u64 usize bool);

/// One number of an array, of any type.
enum Entry {
    Float(f64),
    Exact(String),
}

impl Entry {
    fn of<T: Number>(value: T) -> Entry {
        value
            .as_float()
            .map_or_else(|| Entry::Exact(value.text()), Entry::Float)
    }

    fn float(&self) -> Option<f64> {
        match self {
            Entry::Float(float) => Some(*float),
            Entry::Exact(_) => None,
        }
    }
}

// What is generic over the type of number is compiled anew in each cell that shows an array, so there
// is as little of it as possible: the rest sees entries.
impl<S: Data<Elem: Number>> RichDisplay for ArrayBase<S, Ix1> {
    fn mime_bundle(&self) -> MimeBundle {
        vector_bundle(self.len(), S::Elem::NAME, &|index| Entry::of(self[index]))
    }
}

impl<S: Data<Elem: Number>> RichDisplay for ArrayBase<S, Ix2> {
    fn mime_bundle(&self) -> MimeBundle {
        matrix_bundle(self.dim(), S::Elem::NAME, &|row, column| {
            Entry::of(self[[row, column]])
        })
    }
}

fn vector_bundle(length: usize, name: &str, entry: &dyn Fn(usize) -> Entry) -> MimeBundle {
    let grid = Grid::new((1, length), &|_, index| entry(index));
    let caption = format!("{name}, {}", grouped(length));
    MimeBundle::plain(grid.rows_as_text().concat()).with("text/html", grid.html(&caption, false))
}

fn matrix_bundle(
    (rows, columns): (usize, usize),
    name: &str,
    entry: &dyn Fn(usize, usize) -> Entry,
) -> MimeBundle {
    let grid = Grid::new((rows, columns), entry);
    let caption = format!("{name}, {} × {}", grouped(rows), grouped(columns));
    let text = format!("[{}]", grid.rows_as_text().join("\n "));
    MimeBundle::plain(text).with("text/html", grid.html(&caption, true))
}

/// The part of a matrix that is shown, as text.
struct Grid {
    /// The indices of the rows that are shown, `None` where some are left out.
    rows: Vec<Option<usize>>,
    columns: Vec<Option<usize>>,
    /// The texts of the cells, row by row.
    texts: Vec<Vec<String>>,
}

impl Grid {
    fn new((rows, columns): (usize, usize), entry: &dyn Fn(usize, usize) -> Entry) -> Self {
        let rows = window(rows, MOST_ROWS);
        let columns = window(columns, MOST_COLUMNS);
        let row = |row: &Option<usize>| -> Vec<Option<Entry>> {
            columns
                .iter()
                .map(|column| Some(entry((*row)?, (*column)?)))
                .collect()
        };
        let entries: Vec<Vec<Option<Entry>>> = rows.iter().map(row).collect();
        let floats = entries.iter().flatten().flatten().filter_map(Entry::float);
        let format = NumberFormat::for_values(floats, MOST_DECIMALS);
        let text = |entry: &Option<Entry>| match entry {
            Some(Entry::Float(float)) => format.write(*float),
            Some(Entry::Exact(text)) => text.clone(),
            None => GAP.to_owned(),
        };
        let texts = entries
            .iter()
            .map(|row| row.iter().map(text).collect())
            .collect();
        Grid {
            rows,
            columns,
            texts,
        }
    }

    /// Each row in brackets, the numbers right-aligned.
    fn rows_as_text(&self) -> Vec<String> {
        let lengths = self.texts.iter().flatten().map(|text| text.chars().count());
        let width = lengths.max().unwrap_or(0);
        let row = |texts: &Vec<String>| {
            let padded: Vec<String> = texts.iter().map(|text| format!("{text:>width$}")).collect();
            format!("[{}]", padded.join(" "))
        };
        self.texts.iter().map(row).collect()
    }

    fn html(&self, caption: &str, row_numbers: bool) -> String {
        let number = |index: &Option<usize>| match index {
            Some(index) => faint(&index.to_string()),
            None => faint(GAP),
        };
        let mut html = format!("{TABLE}{HEAD}");
        if row_numbers {
            html.push_str(&header("", "right"));
        }
        for column in &self.columns {
            html.push_str(&header(&number(column), "right"));
        }
        html.push_str("</tr></thead>\n<tbody>\n");
        for (row, texts) in self.rows.iter().zip(&self.texts) {
            html.push_str("<tr>");
            if row_numbers {
                html.push_str(&header(&number(row), "right"));
            }
            for text in texts {
                html.push_str(&cell(&escape(text), "right"));
            }
            html.push_str("</tr>\n");
        }
        let cut = self.rows.contains(&None) || self.columns.contains(&None);
        let notice = if cut { "; the middle is not shown" } else { "" };
        html.push_str("</tbody></table>\n");
        html.push_str(&faint(&format!("{caption}{notice}")));
        html
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array1, Array2, array};

    fn plain(value: &impl RichDisplay) -> String {
        value
            .mime_bundle()
            .get("text/plain")
            .unwrap_or_default()
            .to_owned()
    }

    fn html(value: &impl RichDisplay) -> String {
        value
            .mime_bundle()
            .get("text/html")
            .unwrap_or_default()
            .to_owned()
    }

    #[test]
    fn the_text_of_a_matrix_has_aligned_columns() {
        let matrix = array![[0.5, -10.0], [3.25, 0.0]];
        assert_eq!(plain(&matrix), "[[  0.50 -10.00]\n [  3.25   0.00]]");
        assert_eq!(plain(&array![1, 20, 300]), "[  1  20 300]");
        assert_eq!(plain(&array![[true], [false]]), "[[ true]\n [false]]");
    }

    #[test]
    fn an_empty_array_is_shown_as_one() {
        assert_eq!(plain(&Array1::<f64>::zeros(0)), "[]");
        assert_eq!(plain(&Array2::<f64>::zeros((0, 3))), "[]");
    }

    #[test]
    fn the_html_has_numbers_indices_and_the_shape() {
        let html = html(&array![[0.5, 1.0]]);
        assert!(html.contains(">0.5</td>"), "{html}");
        assert!(html.ends_with("f64, 1 × 2</small>"), "{html}");
    }

    #[test]
    fn a_large_array_is_cut_and_says_so() {
        let html = html(&Array2::<f64>::zeros((1000, 50)));
        assert_eq!(html.matches("<tr>").count(), 1 + MOST_ROWS + 1);
        assert!(
            html.contains("f64, 1,000 × 50; the middle is not shown"),
            "{html}"
        );
        assert_eq!(
            plain(&Array1::<f64>::zeros(100)).matches("0.0").count(),
            MOST_COLUMNS
        );
    }
}
