"""Simulated learners who run a lecture in a real JupyterHub: time of a cell, memory, and that one can't reach another.

    python tests/peers/class_in_hub.py [--learners 1 4 8 16] [--notebook q16_sql_joins] [--completion] [--accounts] [--measured FILE]

Needs jupyterhub, jupyterlab and websockets in the Python environment, configurable-http-proxy (npm) and `dsprep` on PATH, with its
kernel where this Python's Jupyter finds it. The hub is configured by `.jupyterhub/jupyterhub_config.py`. Each learner has a server
of their own, runs the notebook's cells one after the other with a pause to read, and begins a second behind the one before. The
cells were compiled before, as for a class. Then one learner computes on all processors and another one runs the lecture, and
tries to read, write and stop what is the first one's, with their own token.

With `--accounts`, as root, each learner has an account of the system, made for the trial and removed after it; program, compiler and
Python have to be where all may read them. One learner then also tries as that account, past the hub: to read, to end, to listen, and to
take all threads and all memory. With `--measured`, times and memory are written for `class_simulation.py`.

With `--completion`, learners ask as JupyterLab does when it opens a notebook, so that completion is ready; as all belong to one account here,
they share it. Ends with 1 if a cell fails or a learner reaches what is another's.
"""

import argparse
import asyncio
import json
import os
import pathlib
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import uuid

import class_accounts
import websockets
from class_processes import memory, processor_seconds

PROJECT = pathlib.Path(__file__).resolve().parents[2]
TOKEN = uuid.uuid4().hex
PAUSE = (1.0, 3.0)
# A hundred threads for each processor, until they are interrupted.
GREEDY = """let threads: Vec<_> = (0..100 * std::thread::available_parallelism()?.get())
    .map(|_| std::thread::spawn(|| { let mut n = 0_u64; loop { n = std::hint::black_box(n.wrapping_add(1)); } }))
    .collect();
std::thread::sleep(std::time::Duration::from_secs(600));"""


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Hub:
    def __init__(self, folder, accounts=None):
        self.names = []
        self.accounts = accounts
        self.port = free_port()
        environment = {name: value for name, value in os.environ.items() if name != "LD_LIBRARY_PATH"}
        environment |= {
            "DSPREP_CLASS_PORT": str(self.port),
            "DSPREP_CLASS_HUB_PORT": str(free_port()),
            "DSPREP_CLASS_TOKEN": TOKEN,
            "DSPREP_CLASS_CELLS": str(folder / "cells"),
            **({"DSPREP_CLASS_GROUP": accounts.GROUP} if accounts else {"DSPREP_CLASS_FOLDER": str(folder / "learners")}),
            # Learners have homes of their own, and share the compiler.
            "RUSTUP_HOME": os.environ.get("RUSTUP_HOME", os.path.expanduser("~/.rustup")),
            "CONFIGPROXY_AUTH_TOKEN": uuid.uuid4().hex,
        }
        bin_folder = pathlib.Path(sys.executable).parent
        environment["PATH"] = f"{bin_folder}:{environment['PATH']}"
        self.log = open(folder / "hub.log", "w")
        self.process = subprocess.Popen(
            [
                str(bin_folder / "jupyterhub"),
                f"--config={PROJECT / '.jupyterhub/jupyterhub_config.py'}",
                f"--ConfigurableHTTPProxy.api_url=http://127.0.0.1:{free_port()}",
            ],
            cwd=folder,
            env=environment,
            stdout=self.log,
            stderr=self.log,
        )

    def ask(self, path, method="GET", token=TOKEN, body=None):
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}",
            method=method,
            headers={"Authorization": f"token {token}", "Content-Type": "application/json"},
            data=None if body is None else json.dumps(body).encode(),
        )
        with urllib.request.urlopen(request, timeout=120) as answer:
            text = answer.read()
            return json.loads(text) if text.strip() else None

    def wait(self, what, seconds=180):
        deadline = time.monotonic() + seconds
        while True:
            try:
                if what():
                    return
            except OSError:
                pass
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise TimeoutError("the hub did not get ready")
            time.sleep(0.3)

    def serve(self, count):
        """Starts servers until there are so many learners."""
        while len(self.names) < count:
            name = f"dsprep-trial-{len(self.names) + 1}"
            if self.accounts:
                self.accounts.add(name)
            self.names.append(name)
            self.ask(f"/hub/api/users/{name}", "POST")
            self.ask(f"/hub/api/users/{name}/server", "POST", body={})
            self.wait(lambda: self.ask(f"/hub/api/users/{name}")["servers"].get("", {}).get("ready"))

    def processes(self):
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        proxy = [it for it in children if b"configurable-http-proxy" in pathlib.Path(f"/proc/{it}/cmdline").read_bytes()]
        return [str(self.process.pid), *proxy]

    def kernel(self, name):
        return self.ask(f"/user/{name}/api/kernels", "POST", body={"name": "dsprep"})["id"]

    def end_kernels(self):
        for name in self.names:
            for kernel in self.ask(f"/user/{name}/api/kernels"):
                self.ask(f"/user/{name}/api/kernels/{kernel['id']}", "DELETE")

    def stop(self):
        for name in self.names:
            try:
                self.ask(f"/hub/api/users/{name}/server", "DELETE")
            except OSError:
                pass
        self.process.terminate()
        self.process.wait(60)


def request(kind, content, name):
    header = {"msg_id": uuid.uuid4().hex, "msg_type": kind, "username": name, "session": name, "version": "5.3", "date": ""}
    return {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell", "buffers": []}


def execution(code, name):
    content = {"code": code, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False, "stop_on_error": True}
    return request("execute_request", content, name)


def channels(hub, name, kernel):
    # The hub takes no token in an address.
    headers = {"Authorization": f"token {TOKEN}"}
    address = f"ws://127.0.0.1:{hub.port}/user/{name}/api/kernels/{kernel}/channels"
    return websockets.connect(address, max_size=None, open_timeout=60, additional_headers=headers)


async def learn(hub, name, cells, delay, completion):
    """Runs the cells; returns the seconds of each."""
    await asyncio.sleep(delay)
    kernel = await asyncio.to_thread(hub.kernel, name)
    seconds = []
    async with channels(hub, name, kernel) as channel:
        if completion:
            await channel.send(json.dumps(request("history_request", {"hist_access_type": "tail", "n": 10, "output": False, "raw": True}, name)))
        for cell in cells:
            message = execution(cell, name)
            identity = message["header"]["msg_id"]
            began = time.monotonic()
            await channel.send(json.dumps(message))
            while True:
                answer = json.loads(await asyncio.wait_for(channel.recv(), 300))
                if answer["parent_header"].get("msg_id") != identity:
                    continue
                if answer["header"]["msg_type"] == "error":
                    raise RuntimeError(f"{name}: {answer['content']['ename']}: {answer['content']['evalue']}")
                if answer["header"]["msg_type"] == "status" and answer["content"]["execution_state"] == "idle":
                    break
            seconds.append(time.monotonic() - began)
            await asyncio.sleep(random.uniform(*PAUSE))
    return seconds


async def lecture(hub, names, cells, completion=False):
    return await asyncio.gather(*(learn(hub, name, cells, index, completion) for index, name in enumerate(names)))


def tell(label, times, servers, total, count):
    times = sorted(times)
    p95 = times[min(len(times) - 1, int(0.95 * len(times)))]
    each = f"{total / count:4.0f} MB, of it {servers / count:3.0f} Jupyter's server" if count else ""
    print(f"{label:>22}  {len(times):4}  {statistics.median(times):5.2f} s  {p95:5.2f} s  {times[-1]:5.2f} s  {each}", flush=True)


async def starve(hub, greedy, other, cells):
    """The seconds of one learner's cells while another one computes on all processors."""
    kernel = await asyncio.to_thread(hub.kernel, greedy)
    async with channels(hub, greedy, kernel) as channel:
        await channel.send(json.dumps(execution(GREEDY, greedy)))
        await asyncio.sleep(10)
        times = await learn(hub, other, cells, 0, False)
    return kernel, times


def refused(what, attempt):
    try:
        attempt()
    except urllib.error.HTTPError as error:
        if error.code not in (403, 404):
            raise
        print(f"refused ({error.code}): {what}")
    else:
        sys.exit(f"NOT REFUSED: {what}")


def isolation(hub, one, other, kernel):
    """What `one` tries with the token of their own against `other`, whose kernel runs."""
    token = hub.ask(f"/hub/api/users/{one}/tokens", "POST", body={"note": "the learner's own"})["token"]
    hub.ask(f"/user/{one}/api/contents", token=token)
    ask = lambda *rest, **more: lambda: hub.ask(*rest, token=token, **more)  # noqa: E731
    refused("to list another's files", ask(f"/user/{other}/api/contents"))
    content = {"type": "file", "format": "text", "content": "x"}
    refused("to write into another's folder", ask(f"/user/{other}/api/contents/x.txt", "PUT", body=content))
    refused("to see another's kernels", ask(f"/user/{other}/api/kernels"))
    refused("to interrupt another's kernel", ask(f"/user/{other}/api/kernels/{kernel}/interrupt", "POST", body={}))
    refused("to end another's kernel", ask(f"/user/{other}/api/kernels/{kernel}", "DELETE"))
    refused("to stop another's server", ask(f"/hub/api/users/{other}/server", "DELETE"))
    refused("to list all learners", ask("/hub/api/users"))


def run_once(hub, name, code):
    """Runs a cell in a kernel of its own; the text of its error, if it has one."""

    async def run():
        kernel = await asyncio.to_thread(hub.kernel, name)
        async with channels(hub, name, kernel) as channel:
            message = execution(code, name)
            await channel.send(json.dumps(message))
            error = ""
            while True:
                answer = json.loads(await asyncio.wait_for(channel.recv(), 300))
                if answer["parent_header"].get("msg_id") != message["header"]["msg_id"]:
                    continue
                if answer["header"]["msg_type"] == "error":
                    error = answer["content"]["evalue"]
                if answer["header"]["msg_type"] == "status" and answer["content"]["execution_state"] == "idle":
                    return error

    return asyncio.run(run())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--learners", type=int, nargs="+", default=[1, 4, 8, 16])
    parser.add_argument("--notebook", default="q16_sql_joins")
    parser.add_argument("--cells", type=int, default=20, help="how many of its code cells")
    parser.add_argument("--completion", action="store_true")
    parser.add_argument("--accounts", action="store_true", help="give each learner an account of the system (as root)")
    parser.add_argument("--measured", type=pathlib.Path, help="write times and memory into this file")
    options = parser.parse_args()
    file = PROJECT / "notebooks" / f"{options.notebook}.ipynb"
    code = [cell for cell in json.loads(file.read_text())["cells"] if cell["cell_type"] == "code"]
    code = [cell for cell in code if not any(tag.startswith(("raises", "skip")) for tag in cell["metadata"].get("tags", []))]
    cells = ["".join(cell["source"]) for cell in code][: options.cells]
    random.seed(1)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        folder.chmod(0o755)
        environment = {**os.environ, "DSPREP_CELL_CACHE": str(folder / "cells")}
        subprocess.run(["dsprep", "warm", str(file)], check=True, env=environment, cwd=folder)
        subprocess.run(["chmod", "--recursive", "a+rX", str(folder / "cells")], check=True)
        accounts = class_accounts.Accounts(folder) if options.accounts else None
        hub = Hub(folder, accounts)
        classes = []
        try:
            hub.wait(lambda: hub.ask("/hub/api/"))
            print(f"{'learners':>22}  {'n':>4}  {'p50':>7}  {'p95':>7}  {'slowest':>7}  memory of each", flush=True)
            for count in options.learners:
                hub.serve(count)
                names = hub.names[:count]
                before = processor_seconds(names, hub)
                times = sum(asyncio.run(lecture(hub, names, cells, options.completion)), [])
                used = processor_seconds(names, hub) - before
                servers, total = memory(names)
                tell(count, times, servers, total, count)
                classes.append({"learners": count, "seconds": times, "processor_seconds": used, "memory_each": total / count})
                hub.end_kernels()
            hub.serve(2)
            one, other = hub.names[:2]
            kernel, times = asyncio.run(starve(hub, other, one, cells))
            tell("one beside a greedy one", times, 0, 0, 0)
            isolation(hub, one, other, kernel)
            if accounts:
                class_accounts.isolation(hub, one, other)
                error = run_once(hub, other, "let all = vec![1_u8; 8 << 30]; all.iter().map(|&it| it as u64).sum::<u64>()")
                if not error:
                    sys.exit("NOT REFUSED: 8 GB in one cell")
                print(f"refused: 8 GB in one cell: {error}")
            hub.end_kernels()
            if options.measured:
                options.measured.write_text(json.dumps({"cores": os.cpu_count(), "pause": PAUSE, "classes": classes}))
        except BaseException:
            print((folder / "hub.log").read_text()[-3000:], file=sys.stderr)
            raise
        finally:
            hub.stop()
            if accounts:
                accounts.remove()


main()
