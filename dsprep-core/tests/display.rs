//! Showing a value by naming it, as a cell does: `(value).dsprep_ref().evcxr_display()`.
//!
//! That this file compiles is the main thing: each call resolves to one trait, and moves nothing.

use dsprep_core::prelude::*;

/// What the kernel makes of a cell's last line.
macro_rules! show {
    ($value:expr) => {
        ($value).dsprep_ref().evcxr_display()
    };
}

/// Which of the two traits shows a value: the same rule, told instead of printed.
trait Rich {
    fn chosen(&self) -> &'static str {
        "rich"
    }
}

trait Plain {
    fn chosen(&self) -> &'static str {
        "plain"
    }
}

impl<T: RichDisplay> Rich for T {}
impl<T: std::fmt::Debug + ?Sized> Plain for &T {}

macro_rules! chosen {
    ($value:expr) => {
        ($value).dsprep_ref().chosen()
    };
}

#[derive(Debug)]
struct Point {
    #[expect(dead_code, reason = "read by Debug")]
    x: f64,
}

#[test]
fn tables_arrays_and_figures_are_shown_richly_and_everything_else_as_text()
-> Result<(), dsprep_core::Error> {
    let table = table!("a" => [1, 2])?;
    let matrix = array![[0.5, 0.5]];
    let figure = attention_heatmap(&matrix, "Weights")?;
    assert_eq!(chosen!(table), "rich");
    assert_eq!(chosen!(&table), "rich");
    assert_eq!(chosen!(table.column("a")?), "rich");
    assert_eq!(chosen!(table.clone().lazy()), "rich");
    assert_eq!(chosen!(matrix), "rich");
    assert_eq!(chosen!(matrix.row(0)), "rich");
    assert_eq!(chosen!(matrix.t()), "rich");
    assert_eq!(chosen!(array![1, 2, 3]), "rich");
    assert_eq!(chosen!(figure), "rich");
    assert_eq!(chosen!(()), "rich");

    assert_eq!(chosen!(7), "plain");
    assert_eq!(chosen!("text"), "plain");
    assert_eq!(chosen!(String::from("text")), "plain");
    assert_eq!(chosen!(vec![1, 2]), "plain");
    assert_eq!(chosen!(Some(1.5)), "plain");
    assert_eq!(chosen!(Array3::<f64>::zeros((1, 2, 3))), "plain");
    assert_eq!(chosen!(array!["a", "b"]), "plain");
    assert_eq!(chosen!(Point { x: 1.0 }), "plain");
    Ok(())
}

#[test]
fn showing_a_value_does_not_move_it() -> Result<(), dsprep_core::Error> {
    let table = table!("a" => [1, 2])?;
    let matrix = array![[0.5, 0.5]];
    let figure = attention_heatmap(&matrix, "Weights")?;
    let text = String::from("text");
    let numbers = vec![3, 1, 2];
    let maybe = Some(text.clone());
    let point = Point { x: 1.0 };
    let slice: &[i32] = &numbers;
    show!(table);
    show!(&table);
    show!(matrix);
    show!(figure);
    show!(7_i32);
    show!(text);
    show!("text");
    show!(&"text");
    show!(numbers);
    show!(slice);
    show!(numbers[..2]);
    show!(maybe);
    show!(point);
    show!(numbers.iter().max());
    show!(numbers.iter().filter(|n| **n > 1).collect::<Vec<_>>());
    show!(matrix.row(0));
    show!(Ok::<i32, String>(1));
    drop((table, matrix, figure, text, numbers, maybe, point));
    Ok(())
}
