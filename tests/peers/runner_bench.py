"""`dsprep run` beside `jupyter execute` and nbmake with xdist, on the same notebooks of Python in one run.

    pip install nbclient==0.11.0 nbmake==1.5.5 pytest-xdist ipykernel
    DSPREP=target/release/dsprep python runner_bench.py [NOTEBOOKS [JOBS]]

Wall time, what the runner itself costs (its processes without the kernels): time of the processor for each notebook and
memory; and what all costs together. The kernels are the same in all, so the runner's own cost is the difference.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PAGE = os.sysconf("SC_PAGE_SIZE")
TICK = os.sysconf("SC_CLK_TCK")
DSPREP = str(Path(os.environ.get("DSPREP", "dsprep")).resolve())
CELLS = ["total = 0", "for n in range(1000):\n    total += n", "print(total)", "total", "[n ** 2 for n in range(20)]"]


def notebook():
    cells = [
        {"cell_type": "code", "execution_count": None, "id": f"cell-{number}", "metadata": {}, "outputs": [], "source": source}
        for number, source in enumerate(CELLS * 2)
    ]
    spec = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return json.dumps({"cells": cells, "metadata": {"kernelspec": spec}, "nbformat": 4, "nbformat_minor": 5})


def family(root):
    """All processes below `root`: number, whether it is a kernel, time of the processor, memory."""
    parents, seen = {}, {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            command = (entry / "cmdline").read_bytes()
            memory = int((entry / "statm").read_text().split()[1]) * PAGE
        except (OSError, IndexError):
            continue
        parents[int(entry.name)] = int(fields[1])
        seen[int(entry.name)] = (b"ipykernel_launcher" in command, (int(fields[11]) + int(fields[12])) / TICK, memory)
    below, grown = {root}, True
    while grown:
        more = {pid for pid, parent in parents.items() if parent in below} - below
        below |= more
        grown = bool(more)
    return {pid: seen[pid] for pid in below if pid in seen}


def measure(command, cwd):
    environment = {name: value for name, value in os.environ.items() if name != "LD_LIBRARY_PATH"}
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    start = time.monotonic()
    process = subprocess.Popen(command, cwd=cwd, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    os.set_blocking(process.stdout.fileno(), False)
    kernels, times, peak, said = set(), {}, 0, b""
    while process.poll() is None:
        said += process.stdout.read() or b""
        now = family(process.pid)
        kernels |= {pid for pid, (is_kernel, _, _) in now.items() if is_kernel}
        own = {pid: it for pid, it in now.items() if pid not in kernels and not (set(parents_of(pid)) & kernels)}
        for pid, (_, processor, _) in now.items():
            times[pid] = max(times.get(pid, 0), processor)
        peak = max(peak, sum(memory for _, _, memory in own.values()))
        time.sleep(0.02)
    wall = time.monotonic() - start
    said += process.stdout.read() or b""
    if process.returncode != 0:
        sys.exit(f"{command}: exit code {process.returncode}\n{said.decode(errors='replace')}")
    own = sum(processor for pid, processor in times.items() if pid not in kernels)
    return wall, own, sum(times.values()), peak


def parents_of(pid):
    while pid > 1:
        try:
            pid = int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
        except (OSError, IndexError):
            return
        yield pid


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    jobs = int(sys.argv[2]) if len(sys.argv) > 2 else os.cpu_count()
    python = sys.executable
    runs = {
        "jupyter execute": [python, "-m", "nbclient.cli"],
        f"nbmake, {jobs} workers": [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--nbmake", "-n", str(jobs)],
        "dsprep run -j 1": [DSPREP, "run", "-j", "1"],
        f"dsprep run -j {jobs}": [DSPREP, "run", "-j", str(jobs)],
    }
    # The script of nbclient is the same on all systems.
    runs["jupyter execute"] = [str(Path(python).parent / "jupyter-execute")]
    print(f"{count} notebooks of {len(CELLS) * 2} cells")
    print(f"{'':24} {'wall':>8} {'own CPU each':>13} {'all CPU':>8} {'own memory':>11}")
    for name, command in runs.items():
        folder = Path(tempfile.mkdtemp())
        try:
            names = [f"n{number:03}.ipynb" for number in range(count)]
            for file in names:
                (folder / file).write_text(notebook())
            wall, own, total, peak = measure([*command, *names], folder)
        finally:
            shutil.rmtree(folder)
        print(f"{name:24} {wall:6.1f} s {own / count * 1000:10.1f} ms {total:6.1f} s {peak / 2**20:7.0f} MiB", flush=True)


if __name__ == "__main__":
    main()
