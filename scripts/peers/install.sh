#!/bin/sh
# Installs what `higgs-tts bench --peers` compares with, apart from this package: node-llama-cpp and, where there is a Python,
# PyTorch with transformers. Into the given folder, or HIGGS_PEERS_DIR; several GB of room.
set -eu
dir=${1:-${HIGGS_PEERS_DIR:?name a folder, or set HIGGS_PEERS_DIR}}
mkdir -p "$dir"
cd "$dir"
[ -f package.json ] || npm init --yes >/dev/null
npm install --ignore-scripts node-llama-cpp@3.22.1
if command -v python3 >/dev/null; then
  [ -d venv ] || python3 -m venv venv
  venv/bin/pip install --quiet 'transformers>=5.17' 'torch>=2.13'
  # The codec's class wants torchaudio to be there; its library, built for CUDA, is not used.
  venv/bin/pip install --quiet --no-deps torchaudio
fi
echo "HIGGS_PEERS_DIR=$(pwd) higgs-tts bench --peers"
