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
        page.wait_for_function(IS_OPEN, arg=name, timeout=120_000)

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
