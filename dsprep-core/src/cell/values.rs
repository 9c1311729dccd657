//! What variables hold, in a few words each, for who looks at them between two cells.
//!
//! A cell is compiled no longer for it: this library knows how the usual types are written, those of the standard library,
//! arrays and tables, and tells nothing of others. All of them can be read while threads of cells run, as none can be
//! changed through a shared reference.

use ndarray::{Array, Dimension, Ix1, Ix2, Ix3};
use polars::prelude::{Column, DataFrame, LazyFrame, Series};
use std::any::{Any, TypeId};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::fmt::{self, Debug, Write as _};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;

/// The most characters that are told of a variable.
const LONGEST: usize = 160;
/// The most parts of a list that are looked at.
const MOST_PARTS: usize = 40;

/// Writes a value whose type is the right one.
type Write = fn(&dyn Any, &mut Short) -> fmt::Result;

/// What `value` is, if its type is known.
pub(super) fn text(value: &dyn Any) -> Option<String> {
    let write = known().get(&value.type_id())?;
    let mut short = Short::default();
    let written = catch_unwind(AssertUnwindSafe(|| write(value, &mut short)));
    if written.ok()?.is_err() {
        short.text.push('…');
    }
    Some(short.text)
}

/// A text that takes no more than [`LONGEST`] characters.
#[derive(Default)]
struct Short {
    text: String,
    length: usize,
}

impl fmt::Write for Short {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for character in text.chars() {
            if self.length == LONGEST {
                return Err(fmt::Error);
            }
            self.text.push(character);
            self.length += 1;
        }
        Ok(())
    }
}

fn known() -> &'static HashMap<TypeId, Write> {
    static KNOWN: OnceLock<HashMap<TypeId, Write>> = OnceLock::new();
    KNOWN.get_or_init(|| {
        let mut known = HashMap::new();
        add_plain(&mut known);
        add_maps(&mut known);
        add_tables(&mut known);
        known
    })
}

type Known = HashMap<TypeId, Write>;

/// Adds types with the functions that write a value of them.
macro_rules! add {
    ($known:ident: $($type:ty => $write:expr),* $(,)?) => {$(
        $known.insert(TypeId::of::<$type>(), |value, short| match value.downcast_ref::<$type>() {
            Some(value) => $write(value, short),
            None => Ok(()),
        });
    )*};
}

fn add_plain(known: &mut Known) {
    add!(known: () => debug);
    macro_rules! with_lists {
        ($($type:ty),*) => {$(add!(known:
            $type => debug,
            Option<$type> => debug,
            ($type, $type) => debug,
            ($type, $type, $type) => debug,
            Vec<$type> => |value: &Vec<$type>, short: &mut Short| list(value.len(), value.iter(), ["[", "]"], short),
            Vec<Option<$type>> => |value: &Vec<Option<$type>>, short: &mut Short| list(value.len(), value.iter(), ["[", "]"], short),
            Vec<Vec<$type>> => |value: &Vec<Vec<$type>>, short: &mut Short| list(value.len(), value.iter(), ["[", "]"], short),
            Vec<($type, $type)> => |value: &Vec<($type, $type)>, short: &mut Short| list(value.len(), value.iter(), ["[", "]"], short),
            VecDeque<$type> => |value: &VecDeque<$type>, short: &mut Short| list(value.len(), value.iter(), ["[", "]"], short),
        );)*};
    }
    with_lists!(
        bool,
        char,
        i8,
        i16,
        i32,
        i64,
        i128,
        isize,
        u8,
        u16,
        u32,
        u64,
        u128,
        usize,
        f32,
        f64,
        String,
        &'static str
    );
}

fn add_maps(known: &mut Known) {
    macro_rules! to {
        ($key:ty: $($value:ty),*) => {$(add!(known:
            BTreeMap<$key, $value> => |map: &BTreeMap<$key, $value>, short: &mut Short| entries(map.len(), map.iter(), short),
            HashMap<$key, $value> => |map: &HashMap<$key, $value>, short: &mut Short| entries(map.len(), map.iter(), short),
        );)*};
    }
    macro_rules! of {
        ($($key:ty),*) => {$(
            to!($key: i32, i64, u32, u64, usize, f64, String, &'static str, Vec<String>, Vec<usize>);
            add!(known:
                BTreeSet<$key> => |set: &BTreeSet<$key>, short: &mut Short| list(set.len(), set.iter(), ["{", "}"], short),
                HashSet<$key> => |set: &HashSet<$key>, short: &mut Short| list(set.len(), set.iter(), ["{", "}"], short),
            );
        )*};
    }
    of!(String, &'static str, char, i32, i64, u32, u64, usize);
}

fn add_tables(known: &mut Known) {
    macro_rules! arrays {
        ($($number:ty),*) => {$(add!(known:
            Array<$number, Ix1> => array,
            Array<$number, Ix2> => array,
            Array<$number, Ix3> => array,
        );)*};
    }
    arrays!(bool, i32, i64, u8, u32, u64, usize, f32, f64);
    add!(known:
        DataFrame => frame,
        Series => series,
        Column => |column: &Column, short: &mut Short| series(column.as_materialized_series(), short),
        LazyFrame => |_: &LazyFrame, short: &mut Short| short.write_str("a query, not computed yet"),
    );
}

fn debug<T: Debug>(value: &T, short: &mut Short) -> fmt::Result {
    write!(short, "{value:?}")
}

/// The first parts of a list, and how many there are where that is not seen.
fn list<T: Debug>(
    length: usize,
    parts: impl Iterator<Item = T>,
    [open, close]: [&str; 2],
    short: &mut Short,
) -> fmt::Result {
    let before = short.length;
    short.write_str(open)?;
    let written = separated(parts, short, |part, short| write!(short, "{part:?}"));
    let is_whole = written.is_ok() && length <= MOST_PARTS;
    if is_whole && short.write_str(close).is_ok() {
        return Ok(());
    }
    count_first(length, before, short)
}

/// The same of a map.
fn entries<K: Debug, V: Debug>(
    length: usize,
    parts: impl Iterator<Item = (K, V)>,
    short: &mut Short,
) -> fmt::Result {
    let before = short.length;
    short.write_str("{")?;
    let written = separated(parts, short, |(key, value), short| {
        write!(short, "{key:?}: {value:?}")
    });
    let is_whole = written.is_ok() && length <= MOST_PARTS;
    if is_whole && short.write_str("}").is_ok() {
        return Ok(());
    }
    count_first(length, before, short)
}

fn separated<T>(
    parts: impl Iterator<Item = T>,
    short: &mut Short,
    write: impl Fn(T, &mut Short) -> fmt::Result,
) -> fmt::Result {
    for (index, part) in parts.take(MOST_PARTS).enumerate() {
        if index > 0 {
            short.write_str(", ")?;
        }
        write(part, short)?;
    }
    Ok(())
}

/// Puts the number of parts before what was written from the character `before` on, which is not all.
fn count_first(length: usize, before: usize, short: &mut Short) -> fmt::Result {
    let at = short.text.char_indices().nth(before);
    let at = at.map_or(short.text.len(), |(at, _)| at);
    short.text.insert_str(at, &format!("{length} in all: "));
    Err(fmt::Error)
}

fn array<T: Debug, D: Dimension>(value: &Array<T, D>, short: &mut Short) -> fmt::Result {
    let shape: Vec<String> = value.shape().iter().map(usize::to_string).collect();
    if shape.len() > 1 {
        write!(short, "{}: ", shape.join(" × "))?;
    }
    list(value.len(), value.iter(), ["[", "]"], short)
}

fn frame(value: &DataFrame, short: &mut Short) -> fmt::Result {
    let (rows, columns) = value.shape();
    write!(short, "{rows} × {columns}: ")?;
    let names = value.columns().iter();
    separated(names, short, |column, short| {
        write!(short, "{} {}", column.name(), column.dtype())
    })?;
    if columns > MOST_PARTS {
        return Err(fmt::Error);
    }
    Ok(())
}

fn series(value: &Series, short: &mut Short) -> fmt::Result {
    write!(short, "{} {}: ", value.name(), value.dtype())?;
    let parts = (0..value.len().min(MOST_PARTS)).filter_map(|index| value.get(index).ok());
    let before = short.length;
    let written = separated(parts, short, |part, short| write!(short, "{part}"));
    if written.is_ok() && value.len() <= MOST_PARTS {
        return Ok(());
    }
    count_first(value.len(), before, short)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    fn told<T: Any>(value: T) -> Option<String> {
        text(&value)
    }

    #[test]
    fn the_usual_types_are_told_in_a_few_words() {
        for (told, expected) in [
            (told(5_u8), "5"),
            (told("a\nb"), r#""a\nb""#),
            (told(vec![1.0, 2.5]), "[1.0, 2.5]"),
            (told(Some('x')), "Some('x')"),
            (told(array![1.0, 2.0]), "[1.0, 2.0]"),
            (told(array![[1, 2], [3, 4]]), "2 × 2: [1, 2, 3, 4]"),
            (told(BTreeMap::from([('a', 1)])), "{'a': 1}"),
            (told(BTreeSet::from([1, 2])), "{1, 2}"),
            (told(Vec::<String>::new()), "[]"),
        ] {
            assert_eq!(told.as_deref(), Some(expected));
        }
        assert_eq!(told(std::rc::Rc::new(1)), None);
    }

    #[test]
    fn tables_are_told_by_their_columns() -> polars::prelude::PolarsResult<()> {
        let table = polars::df!("group" => ["a", "b"], "value" => [1.0, 2.0])?;
        let column = table.column("value")?.clone();
        assert_eq!(told(table).as_deref(), Some("2 × 2: group str, value f64"));
        assert_eq!(told(column).as_deref(), Some("value f64: 1.0, 2.0"));
        Ok(())
    }

    #[test]
    fn what_is_long_is_cut_and_says_how_much_there_is() {
        let text = told((0..1000).collect::<Vec<i32>>()).unwrap_or_default();
        assert!(text.starts_with("1000 in all: [0, 1, "), "{text}");
        assert!(text.ends_with('…'), "{text}");
        let text = told("é".repeat(1000)).unwrap_or_default();
        assert_eq!(text.chars().count(), LONGEST + 1);
        let text = told(vec!["long".repeat(30); 3]).unwrap_or_default();
        assert!(text.starts_with("3 in all: [\"long"), "{text}");
    }
}
