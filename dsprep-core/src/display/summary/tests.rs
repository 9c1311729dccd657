use super::*;

struct Range {
    name: &'static str,
    ends: (f64, f64),
    rows: Option<usize>,
}

impl Summarise for Range {
    fn summary(&self) -> Summary {
        let summary = Summary::new("<Interval>").row("name", self.name, "");
        let summary = match self.rows {
            Some(rows) => summary.row("rows", rows, "all of them"),
            None => summary,
        };
        summary
            .row("interval", self.ends, "95 %")
            .remark_if(self.ends.0 > 0.0, "It is above 0.")
    }
}

fn interval(name: &'static str, low: f64, rows: Option<usize>) -> Range {
    let ends = (low, 0.5);
    Range { name, ends, rows }
}

fn text(value: &(impl RichDisplay + ?Sized)) -> String {
    value.mime_bundle().get("text/plain").unwrap().to_owned()
}

fn html(value: &(impl RichDisplay + ?Sized)) -> String {
    value.mime_bundle().get("text/html").unwrap().to_owned()
}

#[test]
fn a_result_is_aligned_and_ends_with_its_verdict() {
    assert_eq!(
        text(&interval("lift", 0.123_456_789, Some(12_000))),
        "<Interval>\n  name      lift\n  rows      12,000           all of them\n  \
         interval  0.123457 to 0.5  95 %\nIt is above 0."
    );
}

#[test]
fn a_result_is_a_table_whose_markup_is_escaped() {
    let html = html(&interval("<b>", 0.25, None));
    assert!(html.contains("colspan=\"3\""), "{html}");
    assert!(html.contains(">&lt;Interval&gt;</th>"), "{html}");
    assert!(html.contains(">&lt;b&gt;</td>"), "{html}");
    assert!(html.ends_with("<p>It is above 0.</p>\n"), "{html}");
}

#[test]
fn a_list_has_a_row_for_each_result_and_empty_cells_where_one_has_no_value() {
    let list = [interval("a", 0.25, None), interval("bc", -1.0, Some(1000))];
    assert_eq!(
        text(&list),
        "name       interval   rows\na      0.25 to 0.50\nbc    -1.00 to 0.50  1,000\n2 rows × 3 columns"
    );
    assert_eq!(html(&list).matches("<tr>").count(), 3);
}

#[test]
fn an_empty_list_and_a_missing_result_are_said_in_words() {
    assert_eq!(text(&Vec::<Range>::new()), "none: the list is empty");
    assert_eq!(text(&None::<Range>), "None");
}

struct Curve(Vec<f64>);

impl Summarise for Curve {
    fn summary(&self) -> Summary {
        Summary::new("Curve").column("x", &self.0)
    }
}

#[test]
fn curves_of_a_list_stand_one_below_the_other() {
    let curves = vec![Curve(vec![1.0]), Curve(vec![2.0])];
    assert_eq!(
        text(&curves),
        "Curve\n  x\n1.0\n1 row × 1 column\n\nCurve\n  x\n2.0\n1 row × 1 column"
    );
    assert_eq!(html(&curves).matches("<table").count(), 2);
}

#[test]
fn a_long_curve_is_cut_in_the_middle_and_says_so() {
    let text = text(&Curve((0..100).map(f64::from).collect()));
    assert!(text.starts_with("Curve\n   x\n 0.0\n"), "{text}");
    assert!(text.contains("\n 9.0\n   …\n90.0\n"), "{text}");
    assert!(
        text.ends_with("\n100 rows × 1 column; 80 rows in the middle not shown"),
        "{text}"
    );
}

#[test]
fn numbers_of_very_different_size_are_written_one_by_one() {
    let values = [1e-12, 0.5].map(Shown::from);
    let values: Vec<Option<&Shown>> = values.iter().map(Some).collect();
    assert_eq!(shown::column(&values), ["1e-12", "0.5"]);
}

#[test]
fn what_is_not_defined_says_why() {
    let undefined = crate::evaluate::BinaryConfusion {
        true_positives: 0,
        false_positives: 0,
        false_negatives: 1,
        true_negatives: 1,
    };
    let shown = Shown::from(undefined.precision()).alone();
    assert!(shown.starts_with("not defined: "), "{shown}");
}

#[test]
fn a_list_becomes_a_frame_with_a_row_for_each_and_nulls_where_one_has_no_value() -> crate::Result<()>
{
    let list = [
        interval("a", 0.123_456_789_012, None),
        interval("bc", -1.0, Some(1000)),
    ];
    let frame = list.to_frame()?;
    assert_eq!(
        frame.get_column_names(),
        ["name", "interval lower", "interval upper", "rows"]
    );
    assert_eq!(frame.column("rows")?.null_count(), 1);
    assert_eq!(
        frame.column("interval lower")?.f64()?.get(0),
        Some(0.123_456_789_012)
    );
    assert_eq!(frame.column("rows")?.u64()?.get(1), Some(1000));
    assert_eq!(Vec::<Range>::new().to_frame()?.shape(), (0, 0));
    Ok(())
}

#[test]
fn a_curve_becomes_a_frame_with_a_row_for_each_point_and_repeats_what_stands_beside_it()
-> crate::Result<()> {
    let summary = Summary::new("Fit")
        .row("x", 7_usize, "")
        .row("none", None::<f64>, "")
        .row("good", true, "")
        .column("x", [1.0, 2.0, 3.0])
        .column("short", [0.5]);
    let frame = summary.to_frame()?;
    assert_eq!(
        frame.get_column_names(),
        ["x", "short", "x 2", "none", "good"]
    );
    assert_eq!(frame.height(), 3);
    assert_eq!(frame.column("short")?.null_count(), 2);
    assert_eq!(frame.column("none")?.null_count(), 3);
    assert_eq!(frame.column("x 2")?.u64()?.to_vec(), [Some(7); 3]);
    let curves = vec![Curve(vec![1.0]), Curve(vec![]), Curve(vec![2.0, 3.0])].to_frame()?;
    assert_eq!(
        curves.column("result")?.u64()?.to_vec(),
        [Some(0), Some(2), Some(2)]
    );
    Ok(())
}
