"""Learners with accounts of the system: made for a trial, and what one of them can do to another past the hub."""

import http.cookiejar
import os
import pathlib
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
import uuid

from class_processes import processes


class Accounts:
    """Accounts of the system, for the time of the trial."""

    GROUP = "dsprep-trial"
    PASSWORD = uuid.uuid4().hex

    def __init__(self, folder):
        self.homes, self.names = folder / "homes", []
        self.homes.mkdir(mode=0o755)
        subprocess.run(["groupadd", self.GROUP], check=True)

    def add(self, name):
        home = str(self.homes / name)
        subprocess.run(["useradd", "--create-home", "--home-dir", home, "--shell", "/bin/sh", "--groups", self.GROUP, name], check=True)
        self.names.append(name)
        subprocess.run(["chpasswd"], input=f"{name}:{self.PASSWORD}\n", text=True, check=True)

    def remove(self):
        for name in self.names:
            subprocess.run(["userdel", "--remove", "--force", name], check=False, stderr=subprocess.DEVNULL)
        subprocess.run(["groupdel", self.GROUP], check=False)


def login(hub, name, password):
    """Whether a learner comes in by the form of the hub."""
    cookies = http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(cookies))
    address = f"http://127.0.0.1:{hub.port}/hub/login"
    browser.open(address, timeout=60).read()
    token = next(cookie.value for cookie in cookies if cookie.name == "_xsrf")
    form = urllib.parse.urlencode({"username": name, "password": password, "_xsrf": token}).encode()
    try:
        return "/hub/login" not in browser.open(address, form, timeout=120).url
    except urllib.error.HTTPError as error:
        if error.code != 403:
            raise
        return False


def listening(name):
    """The TCP ports on which a learner's processes listen."""
    sockets = set()
    for process in processes(name):
        for file in (process / "fd").iterdir():
            try:
                target = os.readlink(file)
            except OSError:
                continue
            if target.startswith("socket:["):
                sockets.add(target[8:-1])
    lines = [line.split() for file in ("tcp", "tcp6") for line in (pathlib.Path("/proc/net") / file).read_text().splitlines()[1:]]
    return sorted({int(it[1].rsplit(":", 1)[1], 16) for it in lines if it[3] == "0A" and it[9] in sockets})


def as_account(name, *command):
    return subprocess.run(["runuser", "-u", name, "--", *command], capture_output=True, text=True, check=False, cwd="/")


def isolation(hub, one, other):
    """What `one` tries as an account of the machine against `other`, whose kernel runs."""
    if not login(hub, one, Accounts.PASSWORD):
        sys.exit("a learner does not come in by name and password")
    if login(hub, one, "wrong") or login(hub, "root", Accounts.PASSWORD):
        sys.exit("somebody comes in without the right password")
    print("comes in: by name and password only")
    home = hub.accounts.homes / other
    running = list(processes(other))
    kernels = [process for process in running if b"jupyterhub-singleuser" not in (process / "cmdline").read_bytes()]
    tries = {
        "to list another's home": ["ls", str(home)],
        "to read another's notebook": ["cat", str(home / "dsprep-practice/00_start_here.ipynb")],
        "to write there": ["touch", str(home / "dsprep-practice/x")],
        **{f"to end process {it.name} of another": ["sh", "-c", f"kill -0 {it.name}"] for it in running},
        **{f"to read the memory of kernel {it.name}": ["head", "-c1", str(it / "maps")] for it in kernels},
        **{f"to read the keys of kernel {it.name}": ["cat", str(it / "environ")] for it in kernels},
    }
    tries |= {f"to look into {it}": ["ls", str(it)] for it in pathlib.Path("/tmp").glob("dsprep*") if it.owner() == other and it.is_dir()}
    for what, command in tries.items():
        done = as_account(one, *command)
        if done.returncode == 0:
            sys.exit(f"NOT REFUSED: {what}")
    print(f"refused: {len(tries)} tries to read, write and end, {len(running)} processes of another among them")
    ports = listening(other)
    if len(ports) != 1:
        sys.exit(f"NOT CLOSED: another's processes listen on {ports}")
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{ports[0]}/user/{other}/api/contents", timeout=60)
        sys.exit("NOT CLOSED: another's server asks nobody who they are")
    except urllib.error.HTTPError as error:
        print(f"closed: kernels listen on no port, and the server refuses ({error.code}) whoever has no token")
