"""Runs what the notebooks call "the same in Python", and compares what it prints.

    python tests/peers/same_in_python.py [--update] [NOTEBOOK …]

Needs NumPy, pandas, SciPy and scikit-learn in the Python environment, and PyTorch for the blocks that use it; without
PyTorch those are left out, with those that use what they define, and their number is told. A text cell holds the code in a ```python block and what it prints in the
```text block after it (a block without one only defines something); the blocks of a notebook share their names, as cells do. What is printed must be the same to
the character, and where the cell before is code, each number that Python prints with a decimal point must also be
among what Rust printed there, unless the summary says that it differs ("In Python it is not so"). Ends with 1 if
something differs. `--update` stores what is printed.
"""

import ast
import contextlib
import importlib.util
import io
import json
import pathlib
import re
import sys
import traceback

FOLD = re.compile(r"<summary>([^\n]*)</summary>(.*?)</details>", re.S)
BLOCK = re.compile(r"```python\n((?:(?!```).)*)```(?:\n\n```text\n((?:(?!```).)*)```)?", re.S)
NUMBER = re.compile(r"(?<![\w.])-?\d+\.\d+(?:e[+-]?\d+)?")
HAS_TORCH = importlib.util.find_spec("torch") is not None


def text_of(outputs):
    """All that a cell printed and shows as text, with plain minus signs."""
    parts = []
    for output in outputs:
        parts.append("".join(output.get("text", "")))
        parts.append("".join(output.get("data", {}).get("text/plain", "")))
    return "\n".join(parts).replace("−", "-").replace(",", " ")


def run(code, names):
    """What the code prints, or the account of its error."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, "block", "exec"), names)
    return printed.getvalue()


def defined(code):
    """The names that the code binds."""
    nodes = list(ast.walk(ast.parse(code)))
    names = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    names |= {node.name for node in nodes if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    imports = [node for node in nodes if isinstance(node, (ast.Import, ast.ImportFrom))]
    return names | {alias.asname or alias.name.split(".")[0] for node in imports for alias in node.names}


def wants_torch(error, lost):
    """Whether an error is that PyTorch is missing, or what a block that was left out for that defines."""
    if isinstance(error, ModuleNotFoundError):
        return (error.name or "").split(".")[0] == "torch"
    return isinstance(error, NameError) and error.name in lost


def missing(expected, rust):
    """The numbers with a decimal point that Rust has not printed, to the digits that Python printed."""
    theirs = [float(number) for number in re.findall(r"-?\d+\.?\d*(?:e[+-]?\d+)?", rust)]

    def is_there(text):
        digits = len(text.split("e")[0].split(".")[1])
        return any(abs(float(text) - number) <= 0.51 * 10.0**-digits for number in theirs)

    return [number for number in NUMBER.findall(expected) if not is_there(number)]


def check(path, update):
    """The problems of a notebook, how many blocks were run, and how many were left out."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    names, problems, done, left_out, changed = {"__name__": "notebook"}, [], 0, 0, False
    lost = set()
    rust = ""
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code":
            rust = text_of(cell["outputs"])
            continue
        folds = FOLD.findall(source) if "```text" in source else []
        blocks = [(summary, *block) for summary, fold in folds for block in BLOCK.findall(fold)]
        for summary, code, expected in blocks:
            place = f"{path.name}, cell {cell['id']}"
            try:
                printed = run(code, names)
            except Exception as error:
                if not HAS_TORCH and wants_torch(error, lost):
                    left_out += 1
                    lost |= defined(code)
                    continue
                problems.append(f"{place}: {traceback.format_exc(limit=1)}")
                continue
            done += 1
            if printed != expected:
                if update:
                    source = source.replace(f"```python\n{code}```\n\n```text\n{expected}", f"```python\n{code}```\n\n```text\n{printed}")
                    changed = True
                else:
                    problems.append(f"{place}: it prints\n{printed}and the notebook says\n{expected}")
            is_solution = "solution" in cell["metadata"].get("tags", [])
            if rust and not is_solution and "The same" in summary:
                others = missing(printed.replace("−", "-"), rust)
                if others:
                    problems.append(f"{place}: the cell before does not print {', '.join(others)}")
        if changed:
            cell["source"] = source.splitlines(keepends=True)
        # What is folded, as a debrief, may stand between a cell and its Python.
        if not source.startswith("<details>"):
            rust = ""
    if changed:
        path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return problems, done, left_out


def main(arguments):
    update = "--update" in arguments
    root = pathlib.Path(__file__).resolve().parents[2] / "notebooks"
    paths = [pathlib.Path(argument) for argument in arguments if argument != "--update"]
    problems, done, left_out = [], 0, 0
    for path in paths or sorted(root.glob("*.ipynb")):
        found, ran, skipped = check(path, update)
        problems += found
        done, left_out = done + ran, left_out + skipped
    print("\n".join(problems))
    print(f"{done} blocks run, {left_out} left out for want of PyTorch, {len(problems)} problems")
    return 1 if problems or not done else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
