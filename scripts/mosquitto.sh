#!/usr/bin/env bash
# The MQTT broker that the announcer's tests run against: Debian's package, installed where it is missing.
# usage: . scripts/mosquitto.sh    says so where it cannot; the tests fail then.
if [ ! -x /usr/sbin/mosquitto ] && ! command -v mosquitto >/dev/null; then
  if [ "$(id -u)" -eq 0 ]; then
    mosquitto_install() { DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends mosquitto; }
    mosquitto_install >/dev/null 2>&1 || { apt-get update >/dev/null 2>&1 && mosquitto_install >/dev/null 2>&1; } ||
      echo 'mosquitto: Debian’s package is not to be had here; the tests that need it will fail' >&2
  else
    echo 'mosquitto is not installed (apt-get install mosquitto); the tests that need it will fail' >&2
  fi
fi
