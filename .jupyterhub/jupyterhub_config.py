"""A class on one machine: JupyterHub, where each learner has copies of the notebooks of their own.

    pip install jupyterhub jupyterlab dsprep-0.1.0-*.whl && npm install --global configurable-http-proxy
    export RUSTUP_HOME=/opt/rustup    # where all may read the compiler
    dsprep setup --yes --shared
    groupadd learners                 # who may come in: useradd --create-home --groups learners NAME, and a password
    jupyterhub --config .jupyterhub/jupyterhub_config.py

As root, the hub lets in the accounts of the group `learners` (DSPREP_CLASS_GROUP names another), by their passwords, and starts each
one's server as that account: files, kernels and compiled cells of one are closed to the others, and kernels listen on no port that
others could listen to. The core kit lies once beside the program (`--shared`), and its pages are in memory once for all. No process of a
learner gets more than 4 GB, and no learner more than 2,000 threads. Where systemd runs and jupyterhub-systemdspawner is installed, a
learner gets no more than the memory and the processors below, all processes together.

Cells of the lecture that were compiled before are copied, too, so that each runs at once:

    DSPREP_CELL_CACHE=/srv/dsprep/cells dsprep warm notebooks && chmod -R a+rX /srv/dsprep

Without root, as for a trial, all servers belong to whoever started the hub, and any name comes in: `tests/peers/class_in_hub.py`
does so. It sets DSPREP_CLASS_PORT, DSPREP_CLASS_HUB_PORT, DSPREP_CLASS_FOLDER, DSPREP_CLASS_CELLS and DSPREP_CLASS_TOKEN, too.
"""

import importlib.util
import os
import pwd
import shutil
import subprocess

c = get_config()  # noqa: F821

ACCOUNTS = os.geteuid() == 0 and "DSPREP_CLASS_FOLDER" not in os.environ

c.Spawner.cmd = ["jupyterhub-singleuser"]
c.Spawner.default_url = "/lab/tree/00_start_here.ipynb"
# A first start makes the copies.
c.Spawner.start_timeout = 120
c.Spawner.http_timeout = 120
# Two hundred learners who come in the same minute start in turn.
c.JupyterHub.concurrent_spawn_limit = 10
# What a learner leaves open ends by itself: a kernel after an hour, a server after two.
c.Spawner.args = [
    "--MappingKernelManager.cull_idle_timeout=3600",
    "--MappingKernelManager.cull_interval=300",
    "--ServerApp.shutdown_no_activity_timeout=7200",
]
# Completion takes 300 MB of each learner who has an account: DSPREP_COMPLETION=off does without.
c.Spawner.env_keep.extend(["JUPYTER_PATH", "RUSTUP_HOME", "DSPREP_COMPLETION"])
# Held by the spawners of systemd, Docker and Kubernetes; the local one can't.
c.Spawner.mem_limit = "2G"
c.Spawner.cpu_limit = 2

CELLS = os.environ.get("DSPREP_CLASS_CELLS", "/srv/dsprep/cells")
# As the learner: notebooks and compiled cells that are missing; what is there stays as it is.
COPY = """
umask 077
dsprep lab --practice --prepare "$HOME/dsprep-practice" || exit
cells=${XDG_CACHE_HOME:-$HOME/.cache}/dsprep/cells
[ ! -d "$0" ] || { mkdir -p "$cells" && cp --no-clobber "$0"/* "$cells"; }
"""


def copies_of_an_account(spawner):
    """For a learner with an account and a home folder on this machine."""
    home = pwd.getpwnam(spawner.user.name).pw_dir
    # Some systems let all look into a new home folder.
    os.chmod(home, 0o700)
    command = ["runuser", "-u", spawner.user.name, "--", "sh", "-c", COPY, CELLS]
    subprocess.run(command, check=True, cwd=home, env={**spawner.get_env(), "HOME": home})


def copies_of_a_name(spawner):
    """For a learner who is no more than a name: a home folder of that name."""
    home = os.path.join(os.environ.get("DSPREP_CLASS_FOLDER", os.path.expanduser("~/dsprep-class")), spawner.user.name)
    os.makedirs(home, mode=0o700, exist_ok=True)
    spawner.home_dir = home
    subprocess.run(["sh", "-c", COPY, CELLS], check=True, cwd=home, env={**spawner.get_env(), "HOME": home})


c.Spawner.notebook_dir = "~/dsprep-practice"
if ACCOUNTS:
    c.Spawner.pre_spawn_hook = copies_of_an_account
    c.LocalAuthenticator.allowed_groups = {os.environ.get("DSPREP_CLASS_GROUP", "learners")}
    # A port of a kernel is open to all accounts of the machine: whoever listens there reads what the cells show. Files are not.
    c.Spawner.args.append("--KernelManager.transport=ipc")
    # The path of such a file has room for about a hundred letters.
    c.Spawner.environment = {"JUPYTER_RUNTIME_DIR": lambda spawner: f"{pwd.getpwnam(spawner.user.name).pw_dir}/.jupyter-run"}
    # So that one who takes all memory or starts processes without end stops themselves.
    if shutil.which("prlimit"):
        c.Spawner.cmd = ["prlimit", f"--data={4 << 30}", "--nproc=2000", "--", "jupyterhub-singleuser"]
    if os.path.isdir("/run/systemd/system") and importlib.util.find_spec("systemdspawner"):
        c.JupyterHub.spawner_class = "systemd"
        c.SystemdSpawner.isolate_tmp = True
else:
    c.JupyterHub.spawner_class = "simple"
    c.JupyterHub.authenticator_class = "dummy"
    c.Authenticator.allow_all = True
    c.Spawner.pre_spawn_hook = copies_of_a_name
    if os.geteuid() == 0:
        c.Spawner.args.append("--ServerApp.allow_root=True")

if "DSPREP_CLASS_PORT" in os.environ:
    c.JupyterHub.bind_url = f"http://127.0.0.1:{os.environ['DSPREP_CLASS_PORT']}"
    c.JupyterHub.hub_port = int(os.environ["DSPREP_CLASS_HUB_PORT"])
if "DSPREP_CLASS_TOKEN" in os.environ:
    c.JupyterHub.services = [{"name": "class", "api_token": os.environ["DSPREP_CLASS_TOKEN"]}]
    scopes = ["admin:users", "admin:servers", "access:servers", "tokens"]
    c.JupyterHub.load_roles = [{"name": "class", "scopes": scopes, "services": ["class"]}]
