# For scripts here that set up a Debian root and check something with it: they set `dir`, and source this.
# What they start and mount is gone with them, however they end; in the checks nothing leaves this machine and no port of it is taken.

# Where this machine's apt has Debian from.
mirror() {
  apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' 'Label: Debian' 'Component: main' | head -n 1
}

# in_root COMMAND…: in the Debian root at $root.
in_root() {
  HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    chroot "$root" "$@"
}

# A network with one address, and nobody behind it: zeroconf works as in a house.
open_network() {
  ip link set lo up
  ip link add house type veth peer name house-end
  ip address add 192.168.77.1/24 dev house
  ip link set house up
  ip link set house-end up
  ip route add default dev house
}

# apart STEP [OPTION]: that step of the script, in namespaces that end with it.
apart() {
  HIGGS_STEP=$1 unshare --mount --pid --fork --kill-child --mount-proc ${2:-} "$0" "$dir" &
  running=$!
  wait "$running"
}

# The steps of the script: `set-up` with this machine's network, `check` in a network of its own.
run_steps() {
  # Where unshare is killed the kernel ends all that it started; signals that it could be asked by do not reach it.
  trap 'kill -KILL "$running"; exit 130' INT TERM HUP
  apart set-up
  apart check --net
}
