#!/bin/sh
# Builds this checkout's container image and its add-on for Home Assistant, and checks both as they run:
#   container.sh FOLDER
# FOLDER: 1 GB, where images and the last run's logs (FOLDER/run) are. Needs to be root, debootstrap, buildah, podman, crun,
# mosquitto, Python 3 with venv, ip, unshare, and `npm run build`.
# No registry of images is asked: node:22-slim is made here, once, of Debian 12 and npm's packages of Node.js.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
checkout=$(cd "$here/../.." && pwd)
dir=${1:?name a folder}
mkdir -p "$dir"
dir=$(cd "$dir" && pwd)
root=$dir/root
. "$here/own-namespaces.sh"
base=docker.io/library/node:22-slim

# What buildah and podman keep is in the folder; limits that root may not raise everywhere are left as low as they are.
keep_in_folder() {
  printf '[storage]\ndriver = "overlay"\ngraphroot = "%s"\nrunroot = "%s"\n' "$dir/storage" "$dir/now" >"$dir/storage.conf"
  printf '%s\n' '[containers]' 'cgroups = "disabled"' 'default_ulimits = ["nofile=10000:10000", "nproc=10000:10000"]' \
    '[engine]' 'runtime = "crun"' 'cgroup_manager = "cgroupfs"' 'events_logger = "file"' "tmp_dir = \"$dir/now/engine\"" \
    >"$dir/containers.conf"
  export CONTAINERS_STORAGE_CONF="$dir/storage.conf" CONTAINERS_CONF="$dir/containers.conf"
  mkdir -p "$dir/now"
  mount -t tmpfs tmpfs "$dir/now"
}

# As the real one has it: Debian without its documentation, Node.js and npm in /usr/local, a user called node.
set_up_base() {
  [ -e "$dir/base.ready" ] && return
  rm -rf --one-file-system "$root" "$dir/node"
  debootstrap --variant=minbase bookworm "$root" "$(mirror)"
  rm -rf "$root"/var/cache/apt/*.bin "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/*
  for part in doc info locale man; do rm -rf "$root/usr/share/$part"/*; done
  npm install --prefix "$dir/node" --no-save --ignore-scripts --no-audit --no-fund \
    "node@npm:node-linux-$(node -p process.arch)@22" npm@10
  install -m 755 "$dir/node/node_modules/node/bin/node" "$root/usr/local/bin/node"
  mkdir -p "$root/usr/local/lib/node_modules"
  cp -R "$dir/node/node_modules/npm" "$root/usr/local/lib/node_modules/"
  for name in npm npx; do ln -s "../lib/node_modules/npm/bin/$name-cli.js" "$root/usr/local/bin/$name"; done
  in_root groupadd --gid 1000 node
  in_root useradd --uid 1000 --gid node --shell /bin/bash --create-home node
  made=$(buildah from scratch)
  buildah add --quiet "$made" "$root" /
  buildah config --env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin --cmd node "$made"
  buildah commit --quiet --rm --format docker "$made" "$base"
  rm -rf --one-file-system "$root" "$dir/node"
  touch "$dir/base.ready"
}

# npm asks as it does on this machine; in /usr/local/etc its settings and certificates are there while it builds, and not in the image.
npm_settings() {
  mkdir -p "$dir/npm"
  for which in globalconfig userconfig; do
    file=$(npm config get $which)
    [ ! -f "$file" ] || grep -v '^cafile' "$file" || :
  done >"$dir/npm/npmrc"
  certificates=$(npm config get cafile)
  [ ! -f "$certificates" ] || cp "$certificates" "$dir/npm/certificates.pem"
  [ ! -f "$certificates" ] || echo cafile=/usr/local/etc/certificates.pem >>"$dir/npm/npmrc"
}

build_image() {
  buildah build --isolation chroot --pull=never --format docker --volume "$dir/npm:/usr/local/etc:ro" -t higgs-tts "$checkout"
}

build_add_on() {
  buildah build --isolation chroot --pull=never --format docker -t higgs-tts-add-on "$checkout/homeassistant/higgs-tts"
}

set_up_wyoming() {
  [ -x "$dir/venv/bin/python" ] || python3 -m venv "$dir/venv"
  "$dir/venv/bin/python" -c 'import wyoming' 2>/dev/null ||
    "$dir/venv/bin/pip" install --quiet --disable-pip-version-check wyoming==1.10.2
}

case ${HIGGS_STEP:-} in
  '')
    run_steps
    ;;
  set-up)
    keep_in_folder
    set_up_base
    npm_settings
    build_image
    build_add_on
    # Those of the run before have lost their names.
    buildah rmi --prune
    set_up_wyoming
    ;;
  check)
    keep_in_folder
    open_network
    # crun wants one kind of control groups; the checks need none.
    mount -t cgroup2 cgroup2 /sys/fs/cgroup
    exec node "$checkout/dist/scripts/container.js" "$dir"
    ;;
esac
