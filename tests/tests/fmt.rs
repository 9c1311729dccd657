//! `dsprep fmt`.

use dsprep_tests::{Sandbox, assert_code, code};
use serde_json::json;
use std::fs;

#[test]
fn only_the_source_of_rust_cells_changes() {
    let sandbox = Sandbox::new();
    let cells = [
        code("let x=1;\nx+1"),
        json!({"cell_type": "markdown", "metadata": {}, "source": ["let y=2;\n", "it  stays"]}),
        code("let torn = ;"),
        code(":dep rand = \"0.8\"\nlet z = 3;"),
        json!({
            "cell_type": "code", "execution_count": 4, "metadata": {"tags": ["skip-format"]},
            "outputs": [{"output_type": "stream", "name": "stdout", "text": ["1\n"]}], "source": "let w=4;",
        }),
    ];
    let path = sandbox.notebook("a.ipynb", &cells);
    // As Jupyter lays files out: with one blank for each step.
    let wide = fs::read_to_string(&path).expect("a file");
    let lines = wide.lines().map(|line| {
        let text = line.trim_start();
        format!("{}{text}\n", " ".repeat((line.len() - text.len()) / 2))
    });
    let before: String = lines.collect();
    fs::write(&path, &before).expect("it can be written");

    let checked = sandbox.dsprep(&["fmt", "--check", "a.ipynb"]);
    assert_code(&checked, 1);
    assert_eq!(checked.stdout, "a.ipynb: cell 1 not formatted\n");
    assert_eq!(fs::read_to_string(&path).expect("a file"), before);

    let formatted = sandbox.dsprep(&["fmt", "."]);
    assert_code(&formatted, 0);
    assert_eq!(formatted.stdout, "a.ipynb: cell 1 formatted\n");
    let after = fs::read_to_string(&path).expect("a file");
    let expected = before
        .replace("let x=1;\\n", "let x = 1;\\n")
        .replace("x+1", "x + 1");
    assert_eq!(after, expected);

    let again = sandbox.dsprep(&["fmt", "--check", "a.ipynb"]);
    assert_code(&again, 0);
    assert_eq!(again.stdout, "");
}

#[test]
fn a_notebook_of_another_language_and_what_is_none_are_left_alone() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "python.ipynb",
        "{\"cells\": [{\"cell_type\": \"code\", \"execution_count\": null, \"metadata\": {}, \"outputs\": [], \
         \"source\": \"x=1\"}], \"metadata\": {\"kernelspec\": {\"name\": \"python3\", \"language\": \"python\"}}, \
         \"nbformat\": 4, \"nbformat_minor\": 5}",
    );
    assert_code(&sandbox.dsprep(&["fmt", "--check", "python.ipynb"]), 0);
    sandbox.write("broken.ipynb", "{");
    assert_code(&sandbox.dsprep(&["fmt", "broken.ipynb"]), 2);
    assert_code(&sandbox.dsprep(&["fmt", "missing.ipynb"]), 2);
}
