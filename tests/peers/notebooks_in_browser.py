"""Every notebook in a real JupyterLab in a real browser: Run All, no error, every figure visible, in light and in dark.

    python tests/peers/notebooks_in_browser.py [--shots FOLDER] [--width PIXELS] [--seconds N] [NOTEBOOK…]

What it needs is told in browser.py. Works on copies, in one page, one notebook after the other. In each, the first exercise is then
solved; the first notebook is restarted and run from the start. After N seconds no other notebook is begun, and those that were not
are named. Ends with 1 if something is not as it should be, after all notebooks were tried, and with 77 if there is no browser or no
JupyterLab; the screenshots stay for whoever looks at them.
"""

import argparse
import base64
import contextlib
import pathlib
import re
import shutil
import sys
import tempfile
import time

import browser
from playwright.sync_api import sync_playwright

PROJECT = pathlib.Path(__file__).resolve().parents[2]
# How long the cells of a notebook may take, in milliseconds. On a machine whose cells were compiled before, it is a second or two.
CELLS = 300_000

# What runs in the page.
# Without stored outputs and numbers, so that what is seen afterwards is of this run.
RUN_ALL = """async () => {
  await window.jupyterapp.commands.execute('notebook:clear-all-cell-outputs');
  window.jupyterapp.commands.execute('notebook:run-all-cells');
}"""
RESTART = """async () => {
  await window.jupyterapp.shell.currentWidget.sessionContext.restartKernel();
}"""
IS_DONE = """() => {
  const panel = window.jupyterapp.shell.currentWidget;
  const cells = panel.content.widgets.filter(cell => cell.model.type === 'code' && cell.model.sharedModel.source.trim());
  return cells.every(cell => cell.prompt !== '*' && (cell.model.executionCount !== null
      || (cell.model.getMetadata('tags') || []).includes('skip-execution')))
    && panel.sessionContext.session.kernel.status === 'idle';
}"""
ERRORS = """() => window.jupyterapp.shell.currentWidget.content.widgets.flatMap((cell, index) => {
  if (cell.model.type !== 'code' || (cell.model.getMetadata('tags') || []).some(tag => tag.startsWith('raises-exception'))) return [];
  const outputs = cell.model.outputs.toJSON();
  return outputs.filter(output => output.output_type === 'error').map(output => `cell ${index + 1}: ${output.ename}: ${output.evalue}`);
})"""
# The numbers of the code cells, in order.
COUNTS = """() => window.jupyterapp.shell.currentWidget.content.widgets
  .filter(cell => cell.model.type === 'code' && cell.model.executionCount !== null).map(cell => cell.model.executionCount)"""
# The first exercise, its place, what it shows, and the text of its solution.
EXERCISE = """() => {
  const cells = window.jupyterapp.shell.currentWidget.content.widgets;
  const has = (cell, tag) => (cell.model.getMetadata('tags') || []).includes(tag);
  const place = cells.findIndex(cell => cell.model.type === 'code' && has(cell, 'exercise'));
  if (place < 0) return null;
  const solution = cells.slice(place).find(cell => has(cell, 'solution'));
  return {place, solution: solution?.model.sharedModel.source};
}"""
SHOWN = "place => JSON.stringify(window.jupyterapp.shell.currentWidget.content.widgets[place].model.outputs.toJSON())"
SOLVE = """async ([place, source]) => {
  const panel = window.jupyterapp.shell.currentWidget;
  panel.content.activeCellIndex = place;
  panel.content.widgets[place].model.sharedModel.setSource(source);
  await window.jupyterapp.commands.execute('notebook:run-cell');
}"""
# What an output holds that is wider than its room, and can't be reached by scrolling.
CUT = """() => [...document.querySelectorAll('.jp-Notebook .jp-OutputArea-output table')].flatMap((table, index) => {
  const room = table.closest('.jp-OutputArea-output');
  if (table.offsetWidth === 0 || table.offsetWidth <= room.clientWidth + 1) return [];
  let it = table;
  for (; it && !it.classList.contains('jp-OutputArea'); it = it.parentElement) {
    if (['auto', 'scroll'].includes(getComputedStyle(it).overflowX)) return [];
  }
  return [`table ${index + 1}: is cut at its right side`];
})"""
FIGURES = """() => [...document.querySelectorAll('.jp-Notebook .jp-OutputArea-output')].flatMap(output => {
  const drawn = [...output.querySelectorAll('img, svg')].filter(it => !it.closest('button'));
  return drawn.map(it => {
    const box = it.getBoundingClientRect();
    const whole = it.tagName === 'IMG' ? it.complete && it.naturalWidth > 0 : it.childElementCount > 0;
    const room = output.getBoundingClientRect();
    return {width: box.width, height: box.height, whole, hidden: box.width > 0 && box.right > room.right + 1,
            folded: box.width === 0};
  });
})"""


def is_blank(page, box):
    """Whether the picture of a part of the page has one colour only."""
    shot = page.screenshot(clip=box)
    # The browser that made the picture reads it, so no library for pictures is needed.
    return page.evaluate(
        """async bytes => {
          const image = new Image();
          image.src = 'data:image/png;base64,' + bytes;
          await image.decode();
          const canvas = new OffscreenCanvas(image.width, image.height);
          const context = canvas.getContext('2d');
          context.drawImage(image, 0, 0);
          const data = new Uint32Array(context.getImageData(0, 0, image.width, image.height).data.buffer);
          return data.every(pixel => pixel === data[0]);
        }""",
        base64.b64encode(shot).decode(),
    )


def look(page, name, theme, shots):
    """What is wrong with what the open notebook shows in a theme."""
    browser.change_theme(page, theme)
    wrong = [f"{name}, {theme}, {it}" for it in page.evaluate(CUT) + page.evaluate(browser.CONTRAST)]
    figures = page.evaluate(FIGURES)
    for number, figure in enumerate(figures, 1):
        where = f"{name}, {theme}, figure {number} of {len(figures)}"
        if figure["folded"]:
            continue
        if not figure["whole"] or figure["width"] < 20 or figure["height"] < 20:
            wrong.append(f"{where}: is empty or was not loaded")
        elif figure["hidden"]:
            wrong.append(f"{where}: is cut at its right side")
    drawn = page.locator(".jp-Notebook .jp-OutputArea-output").locator("img, svg")
    for index in range(drawn.count()):
        element = drawn.nth(index)
        if not element.is_visible():
            continue
        element.scroll_into_view_if_needed()
        box = element.bounding_box()
        view = page.viewport_size
        clip = {
            "x": max(box["x"], 0),
            "y": max(box["y"], 0),
            "width": min(box["width"], view["width"] - max(box["x"], 0)),
            "height": min(box["height"], view["height"] - max(box["y"], 0)),
        }
        if clip["width"] < 1 or clip["height"] < 1 or is_blank(page, clip):
            wrong.append(f"{name}, {theme}, figure {index + 1}: has one colour only")
        elif index < 2:
            page.screenshot(path=str(shots / f"{name}_{theme}_{index + 1}.png"))
    return wrong, len(figures)


def run_all(page, name):
    """Runs all cells; returns what is wrong. A cell behind one that failed has no number of its own."""
    page.evaluate(RUN_ALL)
    page.wait_for_function(IS_DONE, polling=browser.POLLING, timeout=CELLS)
    wrong = [f"{name}, {error}" for error in page.evaluate(ERRORS)]
    counts = page.evaluate(COUNTS)
    if counts != list(range(1, len(counts) + 1)):
        wrong.append(f"{name}: cells are numbered {counts}, so not all were run")
    return wrong


def solve(page, name, shots):
    """The first exercise as it stands, and solved; returns what is wrong, and the place of the exercise."""
    exercise = page.evaluate(EXERCISE)
    if exercise is None:
        return [], None
    place, wrong = exercise["place"], []
    if "Not yet." not in page.evaluate(SHOWN, place):
        wrong.append(f"{name}, cell {place + 1}: the exercise as it stands does not show \"Not yet.\"")
    solution = re.search(r"```rust\n(.*?)```", exercise["solution"] or "", re.DOTALL)
    if solution is None:
        return [*wrong, f"{name}, cell {place + 1}: no solution"], place
    page.evaluate(SOLVE, [place, solution[1].rstrip()])
    page.wait_for_function(IS_DONE, polling=browser.POLLING, timeout=CELLS)
    page.locator(".jp-Notebook .jp-Cell").nth(place).scroll_into_view_if_needed()
    page.screenshot(path=str(shots / f"{name}_solved.png"))
    if "Passed." not in page.evaluate(SHOWN, place):
        wrong.append(f"{name}, cell {place + 1}: the solved exercise does not show \"Passed.\"")
    return wrong, place


def again(page, name, place):
    """Restart and run all: no error, and what was solved stays solved."""
    page.evaluate(RESTART)
    page.wait_for_function(browser.IS_OPEN, arg=f"{name}.ipynb", polling=browser.POLLING, timeout=120_000)
    wrong = run_all(page, f"{name}, once more")
    if place is not None and "Passed." not in page.evaluate(SHOWN, place):
        wrong.append(f"{name}, once more: the solved exercise does not show \"Passed.\"")
    return wrong


def check(page, lab, name, shots, restart):
    lab.open(page, f"{name}.ipynb")
    wrong = run_all(page, name)
    count = 0
    for theme in ["light", "dark"]:
        more, count = look(page, name, theme, shots)
        wrong += more
    more, place = solve(page, name, shots)
    wrong += more
    if restart:
        wrong += again(page, name, place)
    lab.close(page)
    return wrong, count


class Tab:
    """The page in which notebooks are opened one after the other: another one after something went wrong in it."""

    def __init__(self, playwright, width):
        self.playwright, self.width = playwright, width
        self.browser = self.page = None

    def get(self):
        if self.browser is None or not self.browser.is_connected():
            self.browser = browser.chromium(self.playwright)
            self.page = None
        if self.page is None:
            self.page = self.browser.new_page(viewport={"width": self.width, "height": 900})
        return self.page

    def leave(self, shot):
        """Takes a picture and closes the page."""
        # A browser that is gone shows nothing.
        with contextlib.suppress(Exception):
            self.page.screenshot(path=str(shot))
            self.page.close()
        self.page = None


def attempt(tab, lab, name, shots, restart):
    """Tries a notebook, and tells how it went."""
    began, figures = time.monotonic(), 0
    try:
        found, figures = check(tab.get(), lab, name, shots, restart)
    except Exception as error:  # noqa: BLE001 - the next notebook may still be all right
        found = [f"{name}: {str(error).splitlines()[0]}"]
        tab.leave(shots / f"{name}_failed.png")
    print(f"{'FAIL' if found else 'ok':4}  {name:28} {figures:3} figures  {time.monotonic() - began:5.1f} s", flush=True)
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shots", type=pathlib.Path, default=PROJECT / "target/dsprep/browser")
    parser.add_argument("--width", type=int, default=1280)
    parser.add_argument("--seconds", type=int, help="begin no other notebook after so long")
    parser.add_argument("notebooks", nargs="*")
    options = parser.parse_args()
    options.shots.mkdir(parents=True, exist_ok=True)
    names = options.notebooks or sorted(file.stem for file in (PROJECT / "notebooks").glob("*.ipynb"))
    wrong, skipped, began = [], [], time.monotonic()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        folder = pathlib.Path(folder)
        shutil.copytree(PROJECT / "notebooks", folder / "notebooks")
        tab = Tab(playwright, options.width)
        tab.get()
        lab = browser.Lab(folder, options.shots / "jupyterlab.log")
        try:
            for name in names:
                if options.seconds and time.monotonic() - began > options.seconds:
                    skipped.append(name)
                    continue
                found = attempt(tab, lab, name, options.shots, name == names[0])
                if found:
                    # What a browser does depends on the machine, too: what is right the second time is told, but is no fault.
                    print("\n".join(f"      {text}" for text in found), flush=True)
                    tab.leave(options.shots / f"{name}_first.png")
                    lab.end_kernels()
                    found = attempt(tab, lab, name, options.shots, name == names[0])
                wrong += found
        finally:
            lab.stop()
    for text in wrong:
        print(text)
    if skipped:
        print(f"SKIPPED: no time for {', '.join(skipped)}")
    print(f"{len(names) - len(skipped)} notebooks in {time.monotonic() - began:.0f} s; screenshots: {options.shots}")
    sys.exit(1 if wrong else 0)


main()
