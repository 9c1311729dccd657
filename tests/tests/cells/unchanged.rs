//! What looks like the kernel's own code reaches the compiler as it was written.

use crate::support::{Fails, Passes, Prints, Shows, Silent, notebook, run};
use dsprep_tests::Kernel;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::cell::RefCell;

#[test]
fn lines_that_look_like_the_kernels_own_are_the_cells() {
    notebook(&[
        (
            "let error = 5;\nif error > 3 {\n    eprintln!(\"too large: {}\", error);\n}\nerror + 1",
            Shows("6"),
        ),
        (
            "if let Err(error) = \"x\".parse::<u8>() {\n    eprintln!(\"{:?}\", error);\n    println!(\"{:?}\", error.kind());\n}",
            Prints("InvalidDigit\n"),
        ),
        (
            "struct Wrap<T>(T);\ntrait Make<T> { fn from(error: T) -> Self; }\nimpl<T> Make<T> for Wrap<T> {\nfn from(error: T) -> Self {\nWrap(error)\n}\n}",
            Silent,
        ),
        ("<Wrap<u8> as Make<u8>>::from(3).0", Shows("3")),
        ("let evcxr_variable_store = 4;", Silent),
        ("evcxr_variable_store", Shows("4")),
        (
            "struct DsprepType1(u8);\nlet DsprepType2 = DsprepType1(6);",
            Silent,
        ),
        ("DsprepType2.0", Shows("6")),
        (
            "println!(\"EVCXR_PANIC_NOTIFICATION of text\");\n1",
            Shows("1"),
        ),
        ("(1, 2\n).0", Shows("1")),
    ]);
}

/// A kernel whose cells may print lines from a list in any order, within a text over several lines.
#[test]
fn a_text_over_several_lines_keeps_each_of_them() {
    let lines = prop::sample::select(vec![
        "eprintln!(\"{}\", error);",
        "fn from(error: T) -> Self {",
        "evcxr_variable_store",
        "let x: DsprepType7 = x;",
        "#[unsafe(no_mangle)]",
        "mod evcxr_internal_runtime {",
        ").evcxr_display();",
        "dsprep_show!(1)",
        "::dsprep_core::cell::at_line(3);",
        "}",
        "  {",
        "// é",
    ]);
    let texts = prop::collection::vec(lines, 1..6);
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let config = Config {
        cases: 6,
        failure_persistence: None,
        ..Config::default()
    };
    let kernel = RefCell::new(Kernel::start());
    TestRunner::new_with_rng(config, rng)
        .run(&texts, |lines| {
            let text = lines.join("\n");
            let outcome = kernel
                .borrow_mut()
                .execute(&format!("print!(\"{{}}\", r##\"{text}\"##);"));
            prop_assert_eq!(outcome.stdout(), text);
            Ok(())
        })
        .unwrap();
    run(
        &mut kernel.into_inner(),
        &[("1", Passes), ("x", Fails("E0425", &[]))],
    );
}
