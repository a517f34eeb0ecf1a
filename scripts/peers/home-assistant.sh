#!/bin/sh
# Checks this checkout's servers with a real Home Assistant:
#   home-assistant.sh FOLDER
# FOLDER: 2 GB, where a Debian 13 root with Home Assistant is set up once (some ten minutes); a set-up that was stopped goes on.
# The last run's logs are in FOLDER/run. Needs to be root, debootstrap, mosquitto, ip, unshare, and `npm run build`.
# All runs in namespaces of its own: what was started and mounted is gone with this script, however that ends, and in the checks
# nothing leaves this machine and no port of it is taken.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
checker=$here/../home-assistant
dir=${1:?name a folder}
mkdir -p "$dir"
dir=$(cd "$dir" && pwd)
root=$dir/root
. "$here/own-namespaces.sh"
# The last one for the Python of Debian 13, 3.13; later ones want 3.14.
version=2026.2.3

set_up_debian() {
  [ -e "$dir/debian.ready" ] && return
  rm -rf --one-file-system "$root"
  mkdir -p "$dir/debs"
  debootstrap --variant=minbase --cache-dir="$dir/debs" trixie "$root" "$(mirror)"
  rm -rf "$dir/debs"
  touch "$dir/debian.ready"
}

# The root asks the network as this machine does: names, certificates, and how apt and pip are set.
mount_root() {
  mount -t proc proc "$root/proc"
  mount --rbind /dev "$root/dev"
  cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
  apt-config dump Acquire >"$root/etc/apt/apt.conf.d/90as-outside"
  [ ! -f /etc/pip.conf ] || cp /etc/pip.conf "$root/etc/"
  if [ -f /etc/ssl/certs/ca-certificates.crt ]; then
    mkdir -p "$root/etc/ssl/certs"
    touch "$root/etc/ssl/certs/ca-certificates.crt"
    mount --bind /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
  fi
}

# ffmpeg makes MP3 of what the server gives, when Home Assistant is asked for that; g++ what has no wheel for this Python.
set_up_home_assistant() {
  [ "$(cat "$dir/home-assistant.ready" 2>/dev/null)" = "$version" ] && return
  in_root apt-get update
  in_root apt-get install --yes --no-install-recommends python3-venv python3-dev g++ ffmpeg
  [ -x "$root/ha/bin/pip" ] || in_root python3 -m venv /ha
  # By itself it brings the versions that it was tried with, and the lists of what each integration needs.
  in_root /ha/bin/pip install --no-compile --no-deps "homeassistant==$version"
  in_root /ha/bin/python - <"$checker/requirements.py" >"$root/requirements.txt"
  in_root sh -c '/ha/bin/pip install --no-compile -r /requirements.txt -c /ha/lib/python3*/site-packages/homeassistant/package_constraints.txt'
  in_root apt-get clean
  rm -rf "$root/root/.cache"
  echo "$version" >"$dir/home-assistant.ready"
}

case ${HIGGS_STEP:-} in
  '')
    run_steps
    ;;
  set-up)
    set_up_debian
    mount_root
    set_up_home_assistant
    ;;
  check)
    mount_root
    open_network
    exec node "$here/../../dist/scripts/home-assistant.js" "$dir"
    ;;
esac
