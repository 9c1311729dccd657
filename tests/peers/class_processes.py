"""The processes of learners in a class: which they are, and what they use."""

import os
import pathlib


def processes(name):
    """The processes of a learner."""
    for process in pathlib.Path("/proc").iterdir():
        try:
            if f"JUPYTERHUB_USER={name}".encode() in (process / "environ").read_bytes().split(b"\0"):
                yield process
        except OSError:
            continue


def memory(names):
    """Megabytes of these learners, where what several processes share is counted once; the server's and all."""
    servers, total = 0, 0
    for name in names:
        for process in processes(name):
            try:
                size = int((process / "smaps_rollup").read_text().split("Pss:")[1].split()[0]) / 1024
                is_server = b"jupyterhub-singleuser" in (process / "cmdline").read_bytes()
            except (OSError, IndexError):
                continue
            total += size
            servers += size if is_server else 0
    return servers, total


def processor_seconds(names, hub):
    """What the processes of these learners, and those of the hub with its proxy, have used, with children of theirs that have ended."""
    ticks = 0
    own = [process.name for name in names for process in processes(name)]
    for process in [*own, *hub.processes()]:
        try:
            fields = (pathlib.Path("/proc") / process / "stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        ticks += sum(int(it) for it in fields[11:15])
    return ticks / os.sysconf("SC_CLK_TCK")
