#!/bin/sh
# Foreign programs against a real server: run.sh [openai-js] [openai-python] [wyoming] [livekit] [pipecat]; see README.md.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
dir=${HIGGS_CLIENTS_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/higgs-clients}
[ $# -gt 0 ] || set -- openai-js openai-python wyoming
mkdir -p "$dir"

free_port() { node -e 'const s = net.createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'; }
http=$(free_port) wyoming=$(free_port)
HIGGS_API_KEY=a-key-for-clients node "$root/dist/src/cli/main.js" serve --http "$http" --wyoming "$wyoming" 2>"$dir/server.log" &
server=$!
trap 'kill "$server" 2>/dev/null || true' EXIT
trap 'exit 130' INT TERM
node -e '
  const wait = (left) => fetch(process.argv[1]).catch(() => left > 0
    ? new Promise((done) => setTimeout(done, 250)).then(() => wait(left - 1))
    : Promise.reject(new Error("the server does not answer")));
  wait(120).catch((error) => { console.error(error.message); process.exit(1); });
' "http://127.0.0.1:$http/healthz"

# with_python MODULE PACKAGES… : a Python that can import the module, its path on standard output.
with_python() {
  module=$1
  shift
  [ -d "$dir/venv" ] || python3 -m venv "$dir/venv"
  "$dir/venv/bin/python" -c "import $module" 2>/dev/null ||
    "$dir/venv/bin/pip" install --quiet --disable-pip-version-check "$@" >&2
  echo "$dir/venv/bin/python"
}

status=0
for client in "$@"; do
  base=http://127.0.0.1:$http/v1
  case $client in
    openai-js) node "$root/dist/scripts/clients/openai.js" "$base" ;;
    openai-python) "$(with_python openai openai)" "$here/openai_client.py" "$base" ;;
    wyoming) "$(with_python wyoming wyoming==1.10.2)" "$root/test/service/wyoming/assistant.py" 127.0.0.1 "$wyoming" ;;
    livekit) "$(with_python livekit.plugins.openai livekit-agents livekit-plugins-openai)" "$here/livekit_client.py" "$base" ;;
    pipecat) "$(with_python pipecat.services.openai.tts 'pipecat-ai[openai]>=1.3')" "$here/pipecat_client.py" "$base" ;;
    *) echo "there is no client called $client" >&2; false ;;
  esac && echo "$client: well" || { echo "$client: FAILED"; status=1; }
done
exit "$status"
