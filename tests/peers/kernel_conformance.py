"""The Jupyter project's own suite, jupyter_kernel_test, run on the kernel `dsprep`.

Run by .ci/run in a virtual environment of its own, after `dsprep kernel install --sys-prefix`:

    python -m unittest -v kernel_conformance.py
"""

import unittest

import jupyter_kernel_test
from jupyter_kernel_test import msgspec_v5

# The suite knows messages up to protocol 5.3. With 5.4 a kernel greets each client that listens to iopub.
msgspec_v5.schema_fragments["iopub_welcome"] = {
    "properties": {"subscription": {"type": "string"}},
    "required": ["subscription"],
    "additionalProperties": False,
}


class DsprepKernel(jupyter_kernel_test.KernelTests):
    kernel_name = "dsprep"
    language_name = "rust"
    file_extension = ".rs"

    code_hello_world = 'println!("hello, world")'
    code_stderr = 'eprintln!("to standard error")'
    code_page_something = ""
    code_generate_error = 'let x: i32 = "not a number";'
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": '"text".len()', "result": "4"},
    ]
    code_display_data = [
        {
            "code": "use dsprep_core::prelude::*;\ndisplay(&array![[1.0, 2.0], [3.0, 4.0]]);",
            "mime": "text/html",
        },
    ]
    complete_code_samples = ["1 + 1", "fn f() {}", "let x = 2;", ":vars"]
    incomplete_code_samples = ["fn f() {", "let x = (1,", "let s = \"abc", "let x ="]
    invalid_code_samples = ["let x = );", "fn f() }"]
    completion_samples = [
        {"text": "let number = 1; num", "matches": {"number"}},
        {"text": "struct Point { width: f64 } let point = Point { width: 1.0 }; point.wid", "matches": {"width"}},
    ]
    code_inspect_sample = "attention"
    code_interrupt_sample = "std::thread::sleep(std::time::Duration::from_secs(60))"
    code_clear_output = ""


if __name__ == "__main__":
    unittest.main()
