"""Slides whose cells run: `dsprep lab --slides --large` in a real JupyterLab in a real browser, with the speaker's second screen.

    python tests/peers/deck_in_browser.py [FOLDER FOR SCREENSHOTS] [NOTEBOOK]

What it needs is told in browser.py; DSPREP names the program, if it is not that of the release build. Goes through all slides of question
30 and runs the cells of the first ones. Ends with 1 if something is not as it should be, and with 77 if there is no browser.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import browser
from playwright.sync_api import sync_playwright

PROJECT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("DSPREP", str(PROJECT / os.environ.get("CARGO_TARGET_DIR", "target") / "release/dsprep"))
NAME = "q30_forecast_metrics"
# On how many slides cells are run.
RUN = 12

READY = "() => window.dsprepDeck?.isOn && window.jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.status === 'idle'"
# What is on the screen: the place in the deck, the cells that can be seen, and what is wrong with the slide.
SEEN = """() => {
  const deck = window.dsprepDeck;
  const cells = deck.notebook.widgets.map((cell, place) => ({place, code: cell.model.type === 'code', box: cell.node.getBoundingClientRect()}));
  const shown = cells.filter(cell => cell.box.height > 0);
  const area = deck.notebook.node.getBoundingClientRect();
  const figures = [...deck.notebook.node.querySelectorAll('.jp-OutputArea-output img')].filter(it => it.getBoundingClientRect().width > 0);
  const wrong = [];
  if (area.left !== 0 || area.top !== 0 || area.width !== window.innerWidth || area.height !== window.innerHeight) wrong.push('does not fill the screen');
  if (shown.length === 0) wrong.push('is empty');
  if (figures.some(it => it.naturalWidth === 0 || it.getBoundingClientRect().right > window.innerWidth)) wrong.push('a figure is cut');
  const at = document.elementFromPoint(window.innerWidth / 2, 2);
  if (!deck.notebook.node.contains(at)) wrong.push(`is covered at its top by ${at.className}`);
  return {number: deck.slide + 1, count: deck.slides.length, code: shown.filter(it => it.code).map(it => it.place), figures: figures.length, wrong};
}"""
# The number of a cell, and whether it failed.
RESULT = """place => {
  const cell = window.dsprepDeck.notebook.widgets[place];
  return {count: cell.model.executionCount, busy: cell.prompt === '*', failed: cell.model.outputs.toJSON().some(it => it.output_type === 'error')};
}"""
# Sizes in pixels of code, text, tables and figures.
SIZES = """() => {
  const size = selector => {
    const found = [...document.querySelectorAll('.jp-Notebook ' + selector)].find(it => it.offsetWidth > 0);
    return found ? parseFloat(getComputedStyle(found).fontSize) : 0;
  };
  const figures = [...document.querySelectorAll('.jp-OutputArea-output img')].map(it => it.getBoundingClientRect().width);
  return {code: size('.cm-content'), text: size('.jp-RenderedMarkdown p'), table: size('.jp-OutputArea-output table'), figure: Math.max(0, ...figures)};
}"""
CLEAR = "() => window.jupyterapp.commands.execute('notebook:clear-all-cell-outputs')"


class Lecture(browser.Lab):
    """`dsprep lab --slides --large`, in folders of its own, with JupyterLab's settings as they come."""

    settings = browser.QUIET

    def command(self, folder, port):
        options = ["--IdentityProvider.token=", "--allow-root", "--LabApp.expose_app_in_browser=True"]
        notebook = str(folder / "notebooks" / f"{NAME}.ipynb")
        return [PROGRAM, "lab", "--slides", "--large", "--no-browser", f"--port={port}", notebook, "--", *options]


def run_cells(page, slide):
    """Runs the code cells of the slide by click and Ctrl+Enter; what is wrong."""
    wrong = []
    for place in slide["code"]:
        page.locator(".jp-Notebook .jp-Cell").nth(place).locator(".cm-content").click()
        page.keyboard.press("Control+Enter")
        page.wait_for_function(f"() => (({RESULT})({place})).count !== null && !(({RESULT})({place})).busy", timeout=120_000)
        page.keyboard.press("Escape")
        if page.evaluate(RESULT, place)["failed"]:
            wrong.append(f"slide {slide['number']}, cell {place + 1}: failed")
    return wrong


def through(page, speaker, shots):
    """All slides, one after the other; what is wrong, how many there were and what they showed."""
    wrong, run, figures, notes, sizes = [], 0, 0, 0, {}
    while True:
        slide = page.evaluate(SEEN)
        if slide["number"] <= RUN:
            wrong += run_cells(page, slide)
            run += len(slide["code"])
            slide = page.evaluate(SEEN)
            page.screenshot(path=str(shots / f"deck_{slide['number']:02}.png"))
        figures += slide["figures"]
        wrong += [f"slide {slide['number']}: {text}" for text in slide["wrong"]]
        now = page.evaluate(SIZES)
        sizes = {name: max(size, sizes.get(name, 0)) for name, size in now.items()}
        speaker.get_by_text(f"Slide {slide['number']} of {slide['count']}", exact=True).wait_for(timeout=10_000)
        notes += "No notes" not in speaker.locator("#notes").inner_text()
        before = (slide["number"], page.evaluate("() => window.dsprepDeck.shown.length"))
        page.keyboard.press("PageDown")
        after = page.evaluate("() => [window.dsprepDeck.slide + 1, window.dsprepDeck.shown.length]")
        if tuple(after) == before:
            return wrong, slide["count"], run, figures, notes, sizes


def look(context, page, shots):
    page.wait_for_function(READY, polling=browser.POLLING, timeout=120_000)
    page.evaluate(CLEAR)
    with context.expect_page() as opened:
        page.get_by_role("button", name="Notes").click()
    speaker = opened.value
    wrong, count, run, figures, notes, sizes = through(page, speaker, shots)
    print(f"{count} slides, {run} cells run on the first {RUN}, {figures} figures, notes on {notes}; pixels: {sizes}")
    if run < 5 or notes < 3:
        wrong.append("hardly any cells or notes")
    if min(sizes["code"], sizes["text"], sizes["table"]) < 20 or (figures and sizes["figure"] < 1000):
        wrong.append(f"type is not large: {sizes}")
    speaker.screenshot(path=str(shots / "deck_speaker.png"))
    # The speaker's window turns the slides, too; and from slides one comes to the notebook and back.
    page.keyboard.press("Home")
    speaker.get_by_text(f"Slide 1 of {count}", exact=True).wait_for()
    speaker.keyboard.press("PageDown")
    page.wait_for_function("() => window.dsprepDeck.slide === 1 || window.dsprepDeck.step === 1", timeout=10_000)
    page.get_by_role("button", name="Notebook").click()
    if len(page.evaluate(SEEN)["code"]) < 10 or "does not fill the screen" not in page.evaluate(SEEN)["wrong"]:
        wrong.append("the button does not lead to the notebook")
    page.screenshot(path=str(shots / "deck_notebook.png"))
    page.get_by_role("button", name="Notebook").click()
    wrong += [f"back on slides: {text}" for text in page.evaluate(SEEN)["wrong"]]
    # Running a cell and going on stays on the slide.
    page.keyboard.press("Home")
    while not page.evaluate(SEEN)["code"]:
        page.keyboard.press("PageDown")
    place, slide = page.evaluate(SEEN)["code"][-1], page.evaluate(SEEN)["number"]
    page.locator(".jp-Notebook .jp-Cell").nth(place).locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")
    if page.evaluate(SEEN)["number"] != slide or not page.evaluate("() => window.dsprepDeck.shown.includes(window.dsprepDeck.notebook.activeCell)"):
        wrong.append("Shift+Enter leaves the slide")
    return wrong


def main():
    shots = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else PROJECT / "target/dsprep/deck")
    shots.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        folder = pathlib.Path(folder)
        shutil.copytree(PROJECT / "notebooks", folder / "notebooks")
        chromium = browser.chromium(playwright)
        lab = Lecture(folder, shots / "lecture.log")
        try:
            context = chromium.new_context(viewport={"width": 1440, "height": 900})
            page = context.new_page()
            page.goto(f"{lab.address}/lab/tree/{NAME}.ipynb?reset")
            wrong = look(context, page, shots)
            chromium.close()
        finally:
            lab.stop()
    print(f"screenshots: {shots}")
    for text in wrong:
        print(text)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
