#!/bin/sh
# Goes on with the training from what ships, in WORK, with two processes: sh go_on.sh WORK
# In an empty WORK it begins with new speech. Started again after it was ended, it goes on from its checkpoints; every stage is
# quickly over where it is done. README.md says what has to be installed, and how the codec and the listener came about.
set -e
cd "$(dirname "$0")"
work=${1:?name a folder to work in}
kokoro_minutes=${KOKORO_MINUTES:-120}
hibari_minutes=${HIBARI_MINUTES:-150}
foretell_minutes=${FORETELL_MINUTES:-6}
lm_steps=${LM_STEPS:-6500}
decoder_steps=${DECODER_STEPS:-7600}
# Another one in each WORK, for other sentences and other blends than before.
seed=${SEED:-$(date +%s)}
python=${PYTHON:-python}
export OMP_NUM_THREADS=1 PYTHONDONTWRITEBYTECODE=1
export MALLOC_MMAP_THRESHOLD_=8000000000 MALLOC_TRIM_THRESHOLD_=16000000000 MALLOC_TOP_PAD_=1000000000
stage() {
  nice -n 3 "$python" "$@" --work "$work"
}
has() {
  ls "$work"/$1 >/dev/null 2>&1
}

mkdir -p "$work"
has 'kokoro-js-*.tgz' || (cd "$work" && npm pack --silent kokoro-js@1.2.1 >/dev/null)
has kokoro-float.onnx || stage kokoro.py
if ! has codec.pt; then
  stage restore.py
  cp checkpoints/listener.pt "$work"
  cp "$work/shipped-codec.pt" "$work/codec.pt"
fi
has music.pcm || stage music.py

# A blend is drawn with six sentences, a named voice with one: half of Kokoro's speech is theirs.
has 'speech/clips-*.pcm' || stage speech.py clips --name clips
has 'speech/heart-*.pcm' || stage speech.py hibari --name heart --minutes "$hibari_minutes" --seed "$seed" >>"$work/speech.log"
has 'speech/moved-*.pcm' || stage speech.py hibari --name moved --moved 1 --minutes "$hibari_minutes" --seed $((seed + 1)) >>"$work/speech.log"
if ! has spoken; then
  stage speech.py kokoro --name new --blends 0.13 --minutes "$kokoro_minutes" --processes 2 --seed $((seed + 2)) >>"$work/speech.log"
  touch "$work/spoken"
fi
stage codes.py --speech clips,heart,moved,new --music 0.02 --threads 1 >>"$work/codes.log"

# The decoder learns from the codes as the language model that ships draws them.
if ! has foretold-done; then
  stage foretell.py --language-model shipped-lm.pt --speech new,moved,heart --minutes "$foretell_minutes" --threads 1 >>"$work/foretell.log"
  touch "$work/foretold-done"
fi
stage train_codec.py --speech clips,heart,moved,new --from codec.pt --out codec-dec.pt --decoder-only --coded --foretold 0.75 --wave 0 \
  --matrix-rate 0.001 --rate 2e-4 --decay 0.6 --average 0.98 --coherence 0.7 --listener listener.pt --listening 0.6 --person-net 3 \
  --steps "$decoder_steps" --threads 1 >>"$work/codec-dec.log" 2>&1 &
stage train_lm.py --compile --from shipped-lm.pt --own 0.5 --named 0.45 --marred 0.2 --positions 2560 --rate 1.4e-3 --matrix-rate 0.0085 \
  --decay 0.6 --average 0.99 --forms plain=1.2,described=0.8,scene=2.5,turn=3.5,two=0.8,music=0.4 --save-every 50 \
  --steps "$lm_steps" --threads 1 >>"$work/lm.log" 2>&1
wait
