"""A deck whose cells run: jupyterlab-deck in a real JupyterLab in a real browser, as large as in a lecture hall.

    python tests/peers/deck_in_browser.py [FOLDER FOR SCREENSHOTS]

What it needs is told in browser.py, and jupyterlab-deck besides. The page is 960 by 600 points of one and a half pixels, as a
screen of 1440 by 900 whose browser magnifies to 150 %. Ends with 1 if something is not as it should be.
"""

import pathlib
import shutil
import sys
import tempfile

import browser
from playwright.sync_api import sync_playwright

PROJECT = pathlib.Path(__file__).resolve().parents[2]
NAME = "q30_forecast_metrics"
SLIDES = 40

CALL = "name => window.jupyterapp.commands.execute(name)"
IS_DONE = """() => {
  const panel = window.jupyterapp.shell.currentWidget;
  return panel.content.widgets.every(cell => cell.model.type !== 'code' || cell.prompt !== '*')
    && panel.sessionContext.session.kernel.status === 'idle';
}"""
# The cells on the slide: their places, and whether they are code.
ON_SLIDE = """() => window.jupyterapp.shell.currentWidget.content.widgets
  .map((cell, place) => ({place, code: cell.model.type === 'code', shown: cell.node.getBoundingClientRect().height > 0}))
  .filter(cell => cell.shown)"""
# The number of a cell, whether it failed, and by how much a figure of it is wider than its room.
SEEN = """place => {
  const cell = window.jupyterapp.shell.currentWidget.content.widgets[place];
  const figures = [...cell.node.querySelectorAll('.jp-OutputArea-output img')];
  return {
    count: cell.model.executionCount,
    failed: cell.model.outputs.toJSON().some(output => output.output_type === 'error'),
    figures: figures.length,
    cut: figures.some(it => it.getBoundingClientRect().right > window.innerWidth || it.naturalWidth === 0),
  };
}"""


def main():
    shots = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else PROJECT / "target/dsprep/deck")
    shots.mkdir(parents=True, exist_ok=True)
    wrong, run, figures = [], set(), 0
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        folder = pathlib.Path(folder)
        shutil.copytree(PROJECT / "notebooks", folder / "notebooks")
        chromium = browser.chromium(playwright)
        lab = browser.Lab(folder, shots / "jupyterlab.log")
        try:
            page = chromium.new_context(viewport={"width": 960, "height": 600}, device_scale_factor=1.5).new_page()
            lab.open(page, f"{NAME}.ipynb")
            if not page.evaluate("() => window.jupyterapp.commands.hasCommand('deck:start')"):
                print("jupyterlab-deck is not installed")
                sys.exit(browser.NOT_HERE)
            # As a teacher: all cells once before the lecture, so that everything is known; then the deck.
            page.evaluate(CALL, "notebook:run-all-cells")
            page.wait_for_timeout(1000)
            page.wait_for_function(IS_DONE, timeout=600_000)
            page.evaluate(CALL, "notebook:move-cursor-up")
            page.evaluate("() => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = 0; }")
            page.evaluate(CALL, "deck:start")
            page.wait_for_timeout(2000)
            before = None
            for number in range(SLIDES):
                cells = page.evaluate(ON_SLIDE)
                if cells == before:
                    break
                before = cells
                for cell in cells:
                    place = cell["place"]
                    if not cell["code"] or place in run:
                        continue
                    old = page.evaluate(SEEN, place)["count"]
                    page.locator(".jp-Notebook .jp-Cell").nth(place).locator(".cm-content").click()
                    page.keyboard.press("Control+Enter")
                    page.wait_for_timeout(300)
                    page.wait_for_function(IS_DONE, timeout=60_000)
                    page.keyboard.press("Escape")
                    seen = page.evaluate(SEEN, place)
                    run.add(place)
                    figures += seen["figures"]
                    if seen["count"] == old or seen["failed"] or seen["cut"]:
                        wrong.append(f"slide {number + 1}, cell {place + 1}: {seen}")
                page.screenshot(path=str(shots / f"deck_{number + 1:02}.png"))
                # Down through the parts of a slide, then on.
                page.evaluate(CALL, "deck:down")
                page.wait_for_timeout(400)
                if page.evaluate(ON_SLIDE) == cells:
                    page.evaluate(CALL, "deck:forward")
                    page.wait_for_timeout(400)
            chromium.close()
        finally:
            lab.stop()
    print(f"{len(run)} cells run on their slides, {figures} figures; screenshots: {shots}")
    for text in wrong:
        print(text)
    return 1 if wrong or len(run) < 10 or not figures else 0


if __name__ == "__main__":
    sys.exit(main())
