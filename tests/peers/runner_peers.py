"""`dsprep run` beside nbclient, on notebooks that neither of us wrote: those that nbclient and papermill carry for their
own tests, in Python's kernel. The verdict of each notebook and the outputs of each cell must be the same, but for the
differences that DIFFERENCES lists with their reasons. Also: parameters beside papermill, and JUnit's XML by a schema.

    pip install nbclient==0.11.0 papermill==2.7.0 ipykernel xmlschema
    DSPREP=target/release/dsprep python -m unittest -v runner_peers

The notebooks come out of the source packages of the same versions, which pip downloads (or which lie in
DSPREP_SOURCE_PACKAGES).
"""

import json
import os
import re
import subprocess
import sys
import tarfile
import tempfile
import unittest
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

PACKAGES = ["nbclient==0.11.0", "papermill==2.7.0"]
# How long a cell may take in both: long enough for a busy machine, and one notebook waits for it.
TIMEOUT = 20
DSPREP = str(Path(os.environ.get("DSPREP", "dsprep")).resolve())

# Where we differ on purpose: what nbclient says, what we say, and why. A verdict is `passed`, or what failed and the
# index of the cell. Whatever is not listed must be the same.
DIFFERENCES = {
    "Disable Stdin.ipynb": (
        "StdinNotImplementedError in cell 0",
        "question in cell 0",
        "we can answer questions (--input), so the kernel is allowed to ask, and the question is told",
    ),
}
# Their outputs are not compared: this one runs papermill, whose progress bars tell how fast it was.
TIMED = {"binder.ipynb"}
# And one difference in all: the cells behind one that fails keep their stored outputs in nbclient. In our copies they
# have none, since they were not run.


def dsprep(*args, cwd):
    hidden = ("LD_LIBRARY_PATH", "GITHUB_ACTIONS")
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    return subprocess.run(
        [DSPREP, *args], cwd=cwd, env=environment, capture_output=True, text=True, timeout=600, check=False
    )


def source_packages(folder):
    """The notebooks of the source packages, by name."""
    given = os.environ.get("DSPREP_SOURCE_PACKAGES")
    if given:
        packages = Path(given)
    else:
        packages = folder / "packages"
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:"]
        subprocess.run([*pip, "--dest", str(packages), *PACKAGES], check=True)
    for archive in sorted(packages.glob("*.tar.gz")):
        with tarfile.open(archive) as package:
            package.extractall(folder / "source", filter="data")
    found = {}
    for path in sorted((folder / "source").rglob("*.ipynb")):
        # What is beside them belongs to other tests: storage of Google and Amazon.
        if "binder" in path.parts[:-1] or {"gcs", "s3"} & set(path.parts) or "tests" not in path.parts:
            continue
        found[path.name] = path
    return found


def by_nbclient(path):
    """The verdict of nbclient, and the notebook with its outputs."""
    try:
        notebook = nbformat.read(path, as_version=4)
    except Exception:
        return "no notebook", None
    client = NotebookClient(
        notebook, timeout=TIMEOUT, kernel_name="python3", resources={"metadata": {"path": str(path.parent)}}
    )
    ran = []
    client.on_cell_execute = lambda cell, cell_index: ran.append(cell_index)
    try:
        client.execute(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    except CellExecutionError as error:
        return f"{error.ename} in cell {ran[-1]}", notebook
    except CellTimeoutError:
        return f"timeout in cell {ran[-1]}", notebook
    except DeadKernelError:
        return f"dead kernel in cell {ran[-1]}", notebook
    return "passed", notebook


def verdict(run):
    """Our verdict, from the line of JSON about the end of a notebook."""
    if run["outcome"] == "passed":
        return "passed"
    failure = run["failures"][0]
    reason = failure["reason"]
    place = f" in cell {failure['cell']['index']}" if failure["cell"] else ""
    for words, short in [("timed out", "timeout"), ("the kernel died", "dead kernel"), ("it asks for input", "question")]:
        if words in reason:
            return short + place
    return reason.split(":")[0].split("\n")[0] + place


def steady(text):
    """A text without what no two runs have in common."""
    text = "".join(text) if isinstance(text, list) else text
    text = re.sub(r"\x1b\[[0-9;]*m", "", text)
    text = re.sub(r"0x[0-9a-f]{6,}", "ADDRESS", text)
    text = re.sub(r"\S*/ipykernel_\d+/\d+\.py", "CELL", text)
    text = re.sub(r"\b[0-9a-f]{32}\b", "ID", text)
    text = re.sub(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?Z?", "TIME", text)
    return text.strip()


def shown(cell):
    """What a cell shows: streams as one text each, then the other outputs in order."""
    streams, others = {}, []
    for output in cell.get("outputs", []):
        kind = output["output_type"]
        if kind == "stream":
            streams[output["name"]] = streams.get(output["name"], "") + "".join(output["text"])
        elif kind == "error":
            others.append(("error", output["ename"], steady(output["evalue"])))
        else:
            data = {mime: steady(value) if isinstance(value, (str, list)) else value for mime, value in output["data"].items()}
            others.append((kind, json.dumps(data, sort_keys=True)))
    return {name: steady(text) for name, text in streams.items() if text.strip()}, others


class BesideNbclient(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        # As in an environment that is activated: cells call its programs.
        os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        cls.scratch = tempfile.TemporaryDirectory()
        cls.folder = Path(cls.scratch.name)
        cls.notebooks = source_packages(cls.folder)
        readable = [str(path) for path in cls.notebooks.values() if by_reading(path)]
        report, copies = cls.folder / "report.jsonl", cls.folder / "copies"
        cls.finished = dsprep(
            "run", "--kernel", "python3", "--timeout", str(TIMEOUT), "--json", str(report), "--junit",
            str(cls.folder / "junit.xml"), "--output-dir", str(copies), *readable, cwd=cls.folder,
        )
        events = [json.loads(line) for line in report.read_text().splitlines()] if report.exists() else []
        cls.runs = {
            Path(event["notebook"]).name: event["run"] for event in events if event["event"] == "notebook-finished"
        }
        cls.copies = {path.name: path for path in copies.rglob("*.ipynb")}

    @classmethod
    def tearDownClass(cls):
        cls.scratch.cleanup()

    def test_there_are_notebooks(self):
        self.assertGreater(len(self.notebooks), 35, list(self.notebooks))

    def test_verdicts_and_outputs_are_those_of_nbclient(self):
        self.assertTrue(self.runs, self.finished.stderr)
        for name, path in self.notebooks.items():
            with self.subTest(notebook=name):
                theirs, executed = by_nbclient(path)
                if name not in self.runs:
                    refused = dsprep("run", "--kernel", "python3", str(path), cwd=self.folder)
                    ours = "refused" if refused.returncode == 2 else f"exit code {refused.returncode}"
                else:
                    ours = verdict(self.runs[name])
                if name in DIFFERENCES:
                    self.assertEqual((theirs, ours), DIFFERENCES[name][:2])
                else:
                    self.assertEqual(ours, theirs)
                if executed is None or name not in self.copies or name in TIMED:
                    continue
                copy = json.loads(self.copies[name].read_text())
                self.assertEqual(len(copy["cells"]), len(executed.cells))
                failed = re.search(r" in cell (\d+)$", ours)
                last = int(failed[1]) if failed else len(executed.cells)
                for index, (cell, own) in enumerate(zip(executed.cells, copy["cells"])):
                    if cell.cell_type != "code" or (index == last and name in DIFFERENCES):
                        continue
                    self.assertEqual(shown(own), shown(cell) if index <= last else ({}, []), f"cell {index}")

    def test_junit_fits_the_schema(self):
        import xmlschema

        schema = xmlschema.XMLSchema(str(Path(__file__).parent.parent / "reference" / "junit.xsd"))
        schema.validate(str(self.folder / "junit.xml"))

    def test_parameters_are_those_of_papermill(self):
        import papermill

        path, output = self.notebooks["simple_execute.ipynb"], self.folder / "papermill.ipynb"
        papermill.execute_notebook(str(path), str(output), {"msg": "it's \"new\""}, kernel_name="python3", progress_bar=False)
        finished = dsprep(
            "run", "--kernel", "python3", "-p", "msg=it's \"new\"", "--output-dir", "with-parameters", str(path),
            cwd=self.folder,
        )
        self.assertEqual(finished.returncode, 0, finished.stdout + finished.stderr)
        [copy] = (self.folder / "with-parameters").rglob("simple_execute.ipynb")

        def of(path):
            return [shown(cell) for cell in json.loads(path.read_text())["cells"] if cell["cell_type"] == "code"]

        self.assertEqual(of(copy), of(output))


class Tour(unittest.TestCase):
    """The notebook that evcxr shows itself by, as its crate carries it."""

    # By their index: wget from an address that is no more, a compile error and a failing await that are meant, and two
    # cells that wait for somebody at the other end of a socket.
    FAILING = {1, 27, 30, 32, 33}

    def test_the_cells_work_that_can(self):
        cargo = Path(os.environ.get("CARGO_HOME", Path.home() / ".cargo"))
        found = sorted(cargo.glob("registry/src/*/evcxr_jupyter-*/samples/evcxr_jupyter_tour.ipynb"))
        if not found:
            self.skipTest("the source of evcxr_jupyter is not here")
        with tempfile.TemporaryDirectory() as folder:
            report = Path(folder) / "report.jsonl"
            finished = dsprep("run", "--keep-going", "--timeout", "400", "--json", str(report), str(found[-1]), cwd=folder)
            events = [json.loads(line) for line in report.read_text().splitlines()]
        [run] = [event["run"] for event in events if event["event"] == "notebook-finished"]
        failing = {cell["index"] for cell in run["cells"] if cell["outcome"] == "failed"}
        self.assertEqual(failing, self.FAILING, finished.stdout)
        self.assertEqual(len(run["cells"]), 23)


def by_reading(path):
    """Whether we take the file for a notebook at all: one that is refused keeps the others from being run."""
    listed = dsprep("run", "--list", "--kernel", "python3", str(path), cwd=path.parent)
    return listed.returncode == 0


if __name__ == "__main__":
    unittest.main()
