"""The kernel in a real JupyterLab in a real browser: what a learner does with the stop button and the keyboard.

    python tests/peers/lab_in_browser.py [FOLDER FOR SCREENSHOTS]

What it needs is told in browser.py. Ends with 1 if something is not as it should be, and with 77 if there is no browser or no
JupyterLab.
"""

import contextlib
import json
import pathlib
import sys
import tempfile
import time

import browser
from playwright.sync_api import Error, TimeoutError, sync_playwright  # noqa: A004

PATIENCE = 60_000


def notebook(cells):
    code = [
        {"cell_type": "code", "id": f"cell-{i}", "metadata": {}, "execution_count": None, "outputs": [], "source": source}
        for i, source in enumerate(cells)
    ]
    return {
        "cells": code,
        "metadata": {
            "kernelspec": {"name": "dsprep", "display_name": "Rust (dsprep)", "language": "rust"},
            "language_info": {"name": "rust"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


CELLS = [
    "use dsprep_core::polars::prelude::df;\nuse dsprep_core::prelude::*;\nlet kept = 41;",
    "println!(\"it runs\"); let mut n = 0_u64; loop { n = n.wrapping_add(1); std::hint::black_box(n); }",
    "kept + 1",
    'let name = dsprep_core::cell::input("Name: ");',
    "kept + 2",
    'println!("it runs"); std::process::Command::new("sleep").arg("100").status()?;',
    "kept + 3",
    'use std::io::Write; for i in 0..=20 { print!("\\rdone {i} of 20"); std::io::stdout().flush()?; std::thread::sleep(std::time::Duration::from_millis(150)); }',
    'for i in 0..20_000 { println!("line {i}"); }\nkept + 4',
    "struct Player { name: &'static str }\nlet player = Player { name: \"Ada\" };",
    "player.name",
    "let v = vec![3, 1, 2];\nlet table = table!(\"n\" => [1, 2, 3])?;",
    "v.",
    "attention",
    "v",
    "table.clone().lazy().filter(col(\"n\").gt(lit(1))).",
    "?attention",
    "attent",
    'let name = dsprep_core::cell::input("Name: ");\nformat!("hello {name}")',
    # Errors of each kind: the compiler's, a panic, a question mark, a check.
    'let number: u8 = "text";\nnumbre',
    "let none: Vec<u8> = Vec::new();\nnone[3]",
    '"x".parse::<u8>()?',
    'eprintln!("a warning"); dsprep_core::check::check_q17_surplus("SELECT 1")',
]


class Stuck(Exception):
    """A cell that does not end."""


class Page:
    def __init__(self, page, shots):
        self.page = page
        self.shots = shots
        self.number = 0

    def cell(self, index):
        return self.page.locator(".jp-Notebook .jp-Cell").nth(index)

    def shoot(self, name):
        self.number += 1
        self.page.screenshot(path=str(self.shots / f"{self.number:02}_{name}.png"))

    def select(self, index):
        self.cell(index).locator(".jp-InputArea-prompt").click()

    def run(self, index, wait=True):
        self.select(index)
        self.page.keyboard.press("Control+Enter")
        if wait:
            self.wait(index)

    def prompt(self, index):
        return self.cell(index).locator(".jp-InputArea-prompt").inner_text()

    def wait(self, index, before=None, seconds=60):
        """Until the cell has run, and shows another number than before."""
        deadline = time.monotonic() + seconds
        while not self.has_run(index, before):
            if time.monotonic() > deadline:
                self.shoot(f"stuck_{index}")
                raise Stuck(f"cell {index} does not end: {self.prompt(index)}")
            time.sleep(0.05)

    def has_run(self, index, before=None):
        prompt = self.prompt(index)
        return "*" not in prompt and prompt.strip() not in ("[ ]:", "") and prompt != before

    def output(self, index):
        return self.cell(index).locator(".jp-OutputArea").first.inner_text()

    def interrupt(self):
        self.page.locator('[data-jp-item-name="interrupt"]').click()


def expect(name, condition, seen):
    print(("ok    " if condition else "WRONG "), name, "" if condition else repr(seen)[:300], flush=True)
    if not condition:
        expect.wrong.append(name)


expect.wrong = []


def stop_and_go_on(page, busy, after, value, name):
    page.run(busy, wait=False)
    # Its first line, or the field for the answer: it is compiled and runs.
    page.cell(busy).locator(".jp-OutputArea-output").first.wait_for()
    started = time.monotonic()
    page.interrupt()
    page.wait(busy)
    took = time.monotonic() - started
    page.shoot(name)
    page.run(after)
    expect(f"{name}: stopped in {took:.1f} s, variables kept", page.output(after).strip().endswith(value), page.output(after))


def edit(page, index, text):
    page.cell(index).locator(".cm-content").click()
    page.page.keyboard.press("Control+a")
    page.page.keyboard.press("Delete")
    page.page.keyboard.insert_text(text)
    before = page.prompt(index)
    page.page.keyboard.press("Control+Enter")
    page.wait(index, before=before)
    page.page.keyboard.press("Escape")


def list_of(page, index, name):
    """What Tab at the end of a cell offers."""
    page.cell(index).locator(".cm-content").click()
    page.page.keyboard.press("Control+End")
    started = time.monotonic()
    page.page.keyboard.press("Tab")
    try:
        page.page.wait_for_selector(".jp-Completer:not(.lm-mod-hidden) .jp-Completer-item", timeout=5_000)
        names = page.page.locator(".jp-Completer-item .jp-Completer-match").all_inner_texts()
    except Exception:  # noqa: BLE001
        names = []
    page.shoot(name.replace(" ", "_"))
    print(f"      Tab at a {name}: {len(names)} in {time.monotonic() - started:.1f} s")
    page.page.keyboard.press("Escape")
    return names


def wait_for_list(page, index, name):
    """What Tab offers once the libraries are read, which it does not wait for: JupyterLab drops an answer that takes a second."""
    deadline = time.monotonic() + 60
    while not (names := list_of(page, index, name)) and time.monotonic() < deadline:
        time.sleep(1)
    return names


def look(page):
    page.run(0)
    stop_and_go_on(page, 1, 2, "42", "a loop")
    stop_and_go_on(page, 3, 4, "43", "a question")
    stop_and_go_on(page, 5, 6, "44", "a child")

    page.run(7, wait=False)
    seen = set()
    while not page.has_run(7):
        area = page.cell(7).locator(".jp-OutputArea")
        seen.add(area.inner_text().strip() if area.count() else "")
        time.sleep(0.05)
    page.shoot("progress")
    expect("a progress bar moves", len(seen) > 4 and "20 of 20" in page.output(7), seen)

    started = time.monotonic()
    page.run(8)
    text = page.output(8)
    page.shoot("20000_lines")
    expect(f"20,000 lines and a result in {time.monotonic() - started:.1f} s", text.strip().endswith("45"), text[-200:])
    stored = page.page.evaluate("document.querySelectorAll('.jp-OutputArea-output').length")
    expect("lines are few outputs", stored < 100, stored)

    page.run(9)
    edit(page, 9, "struct Player { name: &'static str, score: u32 }\nlet player = Player { name: \"Ada\", score: 3 };")
    edit(page, 10, "player.score")
    page.shoot("edited_struct")
    expect("an edited struct cell keeps its variable", page.output(10).strip().endswith("3"), page.output(10))

    page.run(18, wait=False)
    field = page.cell(18).locator(".jp-Stdin-input")
    field.wait_for()
    page.shoot("question")
    field.fill("Ada")
    page.page.keyboard.press("Enter")
    page.wait(18)
    expect("a question is answered", "hello Ada" in page.output(18), page.output(18))

    page.run(11)
    wait_for_list(page, 17, "name of the core")
    page.cell(17).locator(".cm-content").click()
    page.page.keyboard.press("Control+End")
    page.page.keyboard.press("Tab")
    page.page.wait_for_selector(".jp-Completer:not(.lm-mod-hidden) .jp-Completer-item")
    page.page.keyboard.press("Enter")
    page.page.wait_for_selector(".jp-Completer:not(.lm-mod-hidden)", state="detached")
    page.shoot("inserted")
    text = page.cell(17).locator(".cm-content").inner_text()
    expect("what Tab inserts is the name alone", text == "attention", text)
    # A Tab at a bare name once silenced all that came after it.
    names = wait_for_list(page, 14, "bare name")
    expect("a bare name is completed", "vec!" in names, names)
    page.cell(12).locator(".cm-content").click()
    page.page.keyboard.press("Control+End")
    for attempt in ("first", "second"):
        started = time.monotonic()
        page.page.keyboard.press("Tab")
        try:
            page.page.wait_for_selector(".jp-Completer:not(.lm-mod-hidden) .jp-Completer-item", timeout=5_000)
            page.shoot(f"completion_{attempt}")
            names = page.page.locator(".jp-Completer-item .jp-Completer-match").all_inner_texts()
            expect(f"{attempt} Tab after {time.monotonic() - started:.1f} s", len(names) > 0, names)
        except Exception as error:  # noqa: BLE001
            page.shoot(f"no_completion_{attempt}")
            expect(f"{attempt} Tab shows a list", False, error)
        page.page.keyboard.press("Escape")
        page.cell(12).locator(".cm-content").click()
        page.page.keyboard.press("Control+End")
    page.cell(13).locator(".cm-content").click()
    page.page.keyboard.press("Control+End")
    page.page.keyboard.press("Shift+Tab")
    tooltip = page.page.locator(".jp-Tooltip")
    with contextlib.suppress(TimeoutError):
        tooltip.wait_for(timeout=10_000)
    page.shoot("tooltip")
    expect("documentation of attention", tooltip.count() and "attention" in tooltip.inner_text(), tooltip.count())
    page.page.keyboard.press("Escape")
    names = wait_for_list(page, 15, "chain of polars")
    expect("the chain goes on with collect", "collect" in names, names)

    for index in range(19, len(CELLS)):
        page.run(index)
    for theme in ["dark", "light"]:
        browser.change_theme(page.page, theme)
        page.cell(19).scroll_into_view_if_needed()
        page.shoot(f"errors_{theme}")
        unread = page.page.evaluate(browser.CONTRAST)
        expect(f"errors can be read in the {theme} theme", not unread, unread)

    page.run(16)
    page.shoot("page_of_help")
    expect("?attention shows its documentation", "Attention" in page.output(16), page.output(16)[:200])

    page.page.locator(".jp-DebuggerBugButton").first.click()
    panel = page.page.locator(".jp-DebuggerVariables").first
    with contextlib.suppress(TimeoutError):
        panel.get_by_text("DataFrame").first.wait_for(timeout=20_000)
    page.shoot("variables")
    text = panel.inner_text() if panel.count() else ""
    expect("the panel of variables tells values and types", "(i32)" in text and "] (Vec<i32>)" in text and "DataFrame" in text, text[:300])


def attempt(playwright, folder, shots):
    """All of it in a JupyterLab and a browser of its own; what is wrong."""
    expect.wrong = []
    (folder / "notebooks").mkdir(parents=True)
    (folder / "notebooks/try.ipynb").write_text(json.dumps(notebook(CELLS)))
    chromium = browser.chromium(playwright)
    lab = browser.Lab(folder, shots / "jupyterlab.log")
    try:
        tab = chromium.new_page(viewport={"width": 1280, "height": 900})
        tab.set_default_timeout(PATIENCE)
        lab.open(tab, "try.ipynb")
        look(Page(tab, shots))
        chromium.close()
    except (Error, Stuck) as error:
        expect("no step fails", False, str(error))
    finally:
        lab.stop()
    return expect.wrong


def main():
    shots = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp(prefix="lab-"))
    shots.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        folder = pathlib.Path(folder)
        wrong = attempt(playwright, folder / "first", shots)
        if wrong:
            # What a browser does depends on the machine, too: what is right the second time is told, but is no fault.
            print("Once more:")
            wrong = attempt(playwright, folder / "second", shots)
    print(f"screenshots: {shots}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
