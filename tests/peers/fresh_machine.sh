#!/usr/bin/env bash
# What the README says, on a machine that has nothing: a Debian without Rust, C compiler and checkout.
#
#   tests/peers/fresh_machine.sh FOLDER_OF_PACKAGES [TOOLCHAIN]
#
# Needs root and mmdebstrap. Makes a root file system of Debian's packages, copies in the packages of `dsprep pack` and the
# toolchain that they need (where rustup would load it), and runs the README's commands there as a user of its own,
# without a network. Says how long each took and how large everything is.
set -euo pipefail
packages=$(realpath "$1")
toolchain=${2:-$(rustc --print sysroot)}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
image=${DSPREP_ROOT_TAR:-}
if [ -z "$image" ]; then
    image=$work/root.tar
    mmdebstrap --variant=minbase --include=python3,python3-venv,ca-certificates,zstd bookworm "$image"
fi
mkdir "$root"
tar -xf "$image" -C "$root"
in_root() { unshare --net chroot "$root" env -i HOME=/home/ada PATH=/usr/local/bin:/usr/bin:/bin TERM=dumb setpriv --reuid 1000 --regid 1000 --clear-groups "$@"; }
timed() {
    local began=$EPOCHREALTIME
    "$@" || return
    printf '    took %.1f s\n' "$(awk "BEGIN { print $EPOCHREALTIME - $began }")"
}
mount -t proc proc "$root/proc"
trap 'umount "$root/proc"; rm -rf "$work"' EXIT
mkdir -p "$root/home/ada/.rustup/toolchains" "$root/packages"
cp "$packages"/* "$root/packages"
# The minimal profile: compiler, cargo and the standard library, without its source and documentation.
name=$(basename "$toolchain")
mkdir "$root/home/ada/.rustup/toolchains/$name"
tar -C "$toolchain" --exclude=./share --exclude=./lib/rustlib/src --exclude='./bin/*clippy*' --exclude='./bin/rust-*' -cf - . \
    | tar -xf - -C "$root/home/ada/.rustup/toolchains/$name"
chown -R 1000:1000 "$root/home/ada"
[ -z "$(in_root sh -c 'command -v cc gcc ld rustc cargo || true')" ] || { echo "not a fresh machine"; exit 1; }
[ ! -e "$root$(pwd)" ] || { echo "the checkout is there"; exit 1; }

echo "== archive: $(du -h "$packages"/*.tar.zst | cut -f1)"
timed in_root sh -c 'cd ~ && command -v zstd >/dev/null && tar --zstd -xf /packages/*.tar.zst' || {
    # Without the program zstd, as on a minimal Debian.
    zstd -dc "$packages"/*.tar.zst | tar -xf - -C "$root/home/ada"
    chown -R 1000:1000 "$root/home/ada"
}
in_root sh -c 'du -sh ~/dsprep-*/ | sed "s/^/    unpacked: /"'
timed in_root sh -c 'cd ~/dsprep-*/ && ./dsprep setup'
timed in_root sh -c 'cd ~/dsprep-*/ && ./dsprep run notebooks/00_start_here.ipynb --output-dir ~/out'
timed in_root sh -c 'cd ~/dsprep-*/ && ./dsprep run --check notebooks/q16_sql_joins.ipynb notebooks/q30_forecast_metrics.ipynb'

echo "== wheel: $(du -h "$packages"/*.whl | cut -f1)"
timed in_root sh -c 'cd ~ && python3 -m venv lab && lab/bin/pip install --quiet --no-index --no-deps /packages/*.whl'
timed in_root sh -c 'cd ~ && lab/bin/dsprep setup'
in_root sh -c 'cd ~ && ls lab/share/jupyter/kernels/dsprep/kernel.json'
in_root sh -c 'cd ~ && lab/bin/dsprep lab --practice --prepare'
timed in_root sh -c 'cd ~/dsprep-practice && ~/lab/bin/dsprep run 00_start_here.ipynb q16_sql_joins.ipynb q30_forecast_metrics.ipynb --output-dir ~/out'
