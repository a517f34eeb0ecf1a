#!/bin/sh
# Starts the server by the add-on's options; the Supervisor tells the broker, and is told where voice assistants find the server.
set -eu
data=${HIGGS_ADDON_DATA:-/data}
supervisor=${HIGGS_SUPERVISOR:-http://supervisor}

# An option's value; lists with commas between them.
option() {
  node -p 'String(JSON.parse(fs.readFileSync(process.argv[1], "utf8"))[process.argv[2]] ?? "")' "$data/options.json" "$1"
}

# What the Supervisor answers at a path, or nothing: `ask PATH EXPRESSION [BODY]`, with the answer's data as `data`.
ask() {
  node -e '
    const [url, expression, body] = process.argv.slice(1);
    const headers = { authorization: `Bearer ${process.env.SUPERVISOR_TOKEN}`, "content-type": "application/json" };
    fetch(url, body === undefined ? { headers } : { method: "POST", headers, body })
      .then((response) => (response.ok ? response.json() : Promise.reject(new Error(`${url}: ${response.status}`))))
      .then(({ data }) => process.stdout.write(String(new Function("data", `return ${expression}`)(data))))
      .catch((error) => process.stderr.write(`higgs-tts: ${error.message}\n`));
  ' "$supervisor/$1" "$2" ${3+"$3"}
}

# The Supervisor is told below: once is enough.
set -- serve --no-zeroconf --http 0.0.0.0:8880 --wyoming 0.0.0.0:10200 --languages "$(option languages)"
HIGGS_API_KEY=$(option api_keys)
export HIGGS_API_KEY

for url in $(option remote | tr ',' ' '); do set -- "$@" --remote "$url"; done

if [ "$(option announcements)" = true ]; then
  broker=$(ask services/mqtt '`mqtt${data.ssl ? "s" : ""}://${encodeURIComponent(data.username ?? "")}@${data.host}:${data.port}`')
  if [ -n "$broker" ]; then
    HIGGS_MQTT_PASSWORD=$(ask services/mqtt 'data.password ?? ""')
    export HIGGS_MQTT_PASSWORD
    set -- "$@" --mqtt "$broker" --mqtt-id home --sounds 0.0.0.0:8890
    for pair in sounds_url:--sounds-url quiet_hours:--quiet-hours; do
      value=$(option "${pair%%:*}")
      if [ -n "$value" ]; then set -- "$@" "${pair##*:}" "$value"; fi
    done
  fi
fi

ask discovery '""' "{\"service\":\"wyoming\",\"config\":{\"uri\":\"tcp://$(hostname):10200\"}}"

if [ "$(id -u)" = 0 ]; then
  chown -R node:node "$data"
  exec setpriv --reuid=node --regid=node --init-groups higgs-tts "$@"
fi
exec higgs-tts "$@"
