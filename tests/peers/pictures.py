"""The README's pictures of the runner, made from real runs.

    pip install pyte playwright                  # and a Chromium, whose path CHROMIUM tells
    DSPREP=target/release/dsprep python pictures.py

`terminal.svg` is the screen of a terminal in the middle of a run, `report.png` the page of `--html`.
"""

import fcntl
import json
import os
import pty
import re
import select
import shutil
import struct
import subprocess
import sys
import tempfile
import termios
import time
from html import escape
from pathlib import Path

import pyte

ROOT = Path(__file__).resolve().parent.parent.parent
PICTURES = ROOT / ".github"
DSPREP = str(Path(os.environ.get("DSPREP", "dsprep")).resolve())
COLUMNS, ROWS = 104, 30
COLORS = {
    "default": "#d8dee9", "black": "#4c566a", "red": "#ff6b6b", "green": "#7ee787", "brown": "#e3b341", "yellow": "#e3b341",
    "blue": "#79c0ff", "magenta": "#d2a8ff", "cyan": "#76e3ea", "white": "#eceff4",
}


def project(folder):
    """Some notebooks, one of which has a mistake, and one a figure that changed since it was stored."""
    for name in ["q16_sql_joins", "q17_duplicates", "q18_top_n", "q20_attention", "q30_forecast_metrics"]:
        shutil.copy(ROOT / "notebooks" / f"{name}.ipynb", folder)
    path = folder / "q17_duplicates.ipynb"
    notebook = json.loads(path.read_text())
    cells = [index for index, cell in enumerate(notebook["cells"]) if cell["cell_type"] == "code"]
    mistake = {
        "cell_type": "code", "execution_count": None, "id": "mistake", "metadata": {}, "outputs": [],
        "source": "let counted: usize = 3;\nlet expected: i64 = counted;\nexpected",
    }
    notebook["cells"].insert(cells[2], mistake)
    path.write_text(json.dumps(notebook, ensure_ascii=False, indent=1) + "\n")


def screen(folder):
    """The terminal's screen when the first failure is told and others still run."""
    terminal = pyte.HistoryScreen(COLUMNS, ROWS, history=1000)
    stream = pyte.ByteStream(terminal)
    pid, fd = pty.fork()
    if pid == 0:
        os.chdir(folder)
        os.environ["TERM"] = "xterm-256color"
        os.execv(DSPREP, [DSPREP, "run", "-j", "2", "."])
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    kept, start = None, time.monotonic()
    while time.monotonic() - start < 300:
        if not select.select([fd], [], [], 0.2)[0]:
            continue
        try:
            data = os.read(fd, 65536)
        except OSError:
            break
        stream.feed(data)
        text = "\n".join(terminal.display)
        bars = sum("━" in line for line in terminal.display)
        if "FAIL" in text and bars >= 2 and "not run" in text:
            kept = [[line[x] for x in range(COLUMNS)] for line in (terminal.buffer[y] for y in range(ROWS))]
    os.waitpid(pid, 0)
    return kept


def svg(rows):
    while rows and not "".join(char.data for char in rows[-1]).strip():
        rows.pop()
    width, height = COLUMNS * 8.43 + 32, len(rows) * 19 + 32
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height}" role="img">',
        "<title>dsprep run in a terminal</title>",
        f'<rect width="{width:.0f}" height="{height}" rx="8" fill="#1e222a"/>',
        '<g font-family="ui-monospace, SFMono-Regular, Menlo, DejaVu Sans Mono, monospace" font-size="14">',
    ]
    for number, row in enumerate(rows):
        words = []
        for x, char in enumerate(row):
            look = (COLORS.get(char.fg, f"#{char.fg}" if len(char.fg) == 6 else COLORS["default"]), char.bold)
            if not char.data.strip():
                words.append(None)
            elif words and words[-1] and words[-1][1] == look:
                words[-1][2] += char.data
            else:
                words.append([x, look, char.data])
        # Each word by itself, since fonts differ in how wide a blank is.
        for x, (color, bold), text in filter(None, words):
            weight = ' font-weight="bold"' if bold else ""
            out.append(f'<text x="{16 + x * 8.43:.1f}" y="{30 + number * 19}" fill="{color}"{weight}>{escape(text)}</text>')
    return "\n".join([*out, "</g>", "</svg>", ""])


def report(folder):
    """The page about a check in which a figure is not as stored."""
    from playwright.sync_api import sync_playwright

    path = folder / "q20_attention.ipynb"
    notebook = json.loads(path.read_text())
    # The first figure in other colours, as after a change of the palette.
    cell = next(cell for cell in notebook["cells"] if "svg" in json.dumps(cell.get("outputs", [])))
    outputs = json.dumps(cell["outputs"])
    other = re.sub(r"(#|%23)(\w\w)(\w\w)(\w\w)\b", r"\1\4\3\2", outputs)
    assert other != outputs
    cell["outputs"] = json.loads(other)
    path.write_text(json.dumps(notebook, ensure_ascii=False, indent=1) + "\n")
    subprocess.run(
        [DSPREP, "run", "--check", "--html", "report.html", "q16_sql_joins.ipynb", "q18_top_n.ipynb", "q20_attention.ipynb"],
        cwd=folder, check=False,
    )
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1000, "height": 1250}, color_scheme="light")
        page.goto((folder / "report.html").as_uri())
        page.screenshot(path=str(PICTURES / "report.png"))
        browser.close()


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        project(folder)
        if "--report-only" not in sys.argv:
            rows = screen(folder)
            if rows is None:
                sys.exit("the screen that is wanted did not come")
            (PICTURES / "terminal.svg").write_text(svg(rows))
        report(folder)


if __name__ == "__main__":
    main()
