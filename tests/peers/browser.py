"""JupyterLab on a folder, and Chromium: what the trials in a browser share.

Needs jupyterlab and playwright in the Python environment, and the kernel where this Python's Jupyter finds it (`dsprep kernel install
--prefix ENVIRONMENT`).
"""

import json
import os
import pathlib
import socket
import subprocess
import sys
import time
import urllib.request

# Where Debian has it, if CHROMIUM names no other.
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
OPTIONS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
# What an exit says when not the project but the machine is at fault.
NOT_HERE = 77
# How often the page is asked whether it is as far as that, in milliseconds. By itself, Playwright asks with each picture, and makes the
# browser draw pictures without end.
POLLING = 200
QUIET = {"@jupyterlab/apputils-extension/notification.jupyterlab-settings": {"fetchNews": "false", "checkForUpdates": False}}
# All cells are in the page, not only those in view, so that all can be looked at.
WHOLE = {"@jupyterlab/notebook-extension/tracker.jupyterlab-settings": {"windowingMode": "none", "autoStartDefaultKernel": True}}

# What runs in the page. `jupyterapp` is there because the server was asked to show it.
IS_OPEN = """name => {
  const panel = window.jupyterapp?.shell.currentWidget;
  return panel?.context?.path === name && panel.context.isReady && panel.sessionContext?.isReady
    && panel.sessionContext.session?.kernel?.status === 'idle';
}"""
OPEN = "async name => { await window.jupyterapp.commands.execute('docmanager:open', {path: name, factory: 'Notebook'}); }"
CLOSE = """async () => {
  const panel = window.jupyterapp.shell.currentWidget;
  await panel.sessionContext.shutdown();
  await panel.context.revert();
  panel.dispose();
}"""

# How far the colours of text and of what is behind it are apart: the ratio of the accessibility guidelines.
CONTRAST = """() => {
  const numbers = text => text.match(/[\\d.]+/g).map(Number);
  const light = colour => {
    const [r, g, b] = colour.map(it => it / 255).map(it => it <= 0.03928 ? it / 12.92 : ((it + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  // What is behind a part of the page, also where one colour lets another one through.
  const behind = it => {
    if (!it) return [255, 255, 255];
    const [r, g, b, part = 1] = numbers(getComputedStyle(it).backgroundColor);
    if (part === 1) return [r, g, b];
    const below = behind(it.parentElement);
    return [r, g, b].map((value, index) => part * value + (1 - part) * below[index]);
  };
  const texts = [...document.querySelectorAll('.jp-Notebook .jp-OutputArea-output :is(td, th, p, pre, span)')];
  const visible = texts.filter(it => it.offsetWidth > 0 && [...it.childNodes].some(node => node.nodeType === 3 && node.data.trim()));
  return visible.flatMap(it => {
    const back = behind(it);
    const [r, g, b, part = 1] = numbers(getComputedStyle(it).color);
    const [one, two] = [light([r, g, b].map((value, index) => part * value + (1 - part) * back[index])), light(back)];
    const [low, high] = [Math.min(one, two), Math.max(one, two)];
    const ratio = (high + 0.05) / (low + 0.05);
    return ratio < 3 ? [`"${it.textContent.trim().slice(0, 40)}" can't be read: contrast ${ratio.toFixed(1)}`] : [];
  });
}"""
# When what was changed is on the screen.
NEXT_PICTURE = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
THEME = "name => window.jupyterapp.commands.execute('apputils:change-theme', {theme: name})"


def change_theme(page, theme):
    """To `light` or `dark`."""
    page.evaluate(THEME, f"JupyterLab {theme.capitalize()}")
    page.wait_for_selector(f"body[data-jp-theme-light={'true' if theme == 'light' else 'false'}]", state="attached")
    page.evaluate(NEXT_PICTURE)


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Lab:
    """JupyterLab on the notebooks in `folder/notebooks`; its own files lie beside them."""

    settings = QUIET | WHOLE

    def __init__(self, folder, log):
        settings = folder / "settings"
        for name, values in self.settings.items():
            file = settings / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(values))
        environment = {name: value for name, value in os.environ.items() if name != "LD_LIBRARY_PATH"}
        environment["JUPYTER_CONFIG_DIR"] = str(folder / "config")
        environment["JUPYTERLAB_SETTINGS_DIR"] = str(settings)
        environment["JUPYTERLAB_WORKSPACES_DIR"] = str(folder / "workspaces")
        # What is tried here is no learner's progress.
        environment["XDG_DATA_HOME"] = str(folder / "data")
        environment["XDG_STATE_HOME"] = str(folder / "state")
        port = free_port()
        self.log = open(log, "w")
        # The program in front finds this environment's JupyterLab.
        environment["PATH"] = f"{pathlib.Path(sys.executable).parent}:{environment['PATH']}"
        environment.pop("VIRTUAL_ENV", None)
        self.process = subprocess.Popen(self.command(folder, port), stdout=self.log, stderr=self.log, env=environment)
        self.address = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + 120
        while True:
            try:
                urllib.request.urlopen(f"{self.address}/api", timeout=2)
                return
            except OSError:
                if time.monotonic() > deadline or self.process.poll() is not None:
                    print(f"JupyterLab does not start: see {log}")
                    self.stop()
                    sys.exit(NOT_HERE)
                time.sleep(0.3)

    def command(self, folder, port):
        return [
            str(pathlib.Path(sys.executable).with_name("jupyter-lab")),
            "--no-browser",
            "--allow-root",
            f"--port={port}",
            "--IdentityProvider.token=",
            "--ServerApp.disable_check_xsrf=True",
            "--LabApp.expose_app_in_browser=True",
            f"--ServerApp.root_dir={folder / 'notebooks'}",
        ]

    def open(self, page, name):
        """Opens a notebook, in the JupyterLab that the page shows if it shows one, and waits until its kernel is at hand."""
        if page.url.startswith(self.address):
            page.evaluate(OPEN, name)
        else:
            page.goto(f"{self.address}/lab/tree/{name}?reset")
        page.wait_for_function(IS_OPEN, arg=name, polling=POLLING, timeout=120_000)

    def end_kernels(self):
        """Ends all kernels, also one that a page which is gone has left behind."""
        with urllib.request.urlopen(f"{self.address}/api/sessions") as answer:
            sessions = json.load(answer)
        for session in sessions:
            request = urllib.request.Request(f"{self.address}/api/sessions/{session['id']}", method="DELETE")
            urllib.request.urlopen(request).close()

    def close(self, page):
        """Closes the notebook that is open, as it is on disk, and its kernel."""
        page.evaluate(CLOSE)

    def stop(self):
        self.process.terminate()
        self.process.wait(60)
        self.log.close()


def chromium(playwright):
    """The browser. Without one, there is nothing to try."""
    try:
        return playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
    except Exception as error:  # noqa: BLE001
        print(f"Chromium does not start ({CHROMIUM}): {str(error).splitlines()[0]}")
        sys.exit(NOT_HERE)
