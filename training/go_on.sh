#!/bin/sh
# Goes on with the training in WORK, stage by stage, with two processes: sh go_on.sh WORK
# Every stage resumes from its own checkpoint and is quickly over where it is done.
set -e
cd "$(dirname "$0")"
work=$1
speech=${SPEECH:-lab,many,heart,hibari,moved,clips,fast}
codec_steps=${CODEC_STEPS:-3400}
lm_steps=${LM_STEPS:-20000}
decoder_steps=${DECODER_STEPS:-20000}
export OMP_NUM_THREADS=1 PYTHONDONTWRITEBYTECODE=1
export MALLOC_MMAP_THRESHOLD_=8000000000 MALLOC_TRIM_THRESHOLD_=16000000000 MALLOC_TOP_PAD_=1000000000
run() {
  nice -n 3 "${PYTHON:-python}" "$@" --work "$work" --threads 1
}

# Speech by hibari takes minutes.
speak() {
  nice -n 3 "${PYTHON:-python}" speech.py "$@" --work "$work" >>"$work/speech.log" 2>&1
}
ls "$work"/speech/clips-*.pcm >/dev/null 2>&1 || speak clips --name clips
ls "$work"/speech/heart-*.pcm >/dev/null 2>&1 || speak hibari --name heart --minutes 150 --seed 5
ls "$work"/speech/moved-*.pcm >/dev/null 2>&1 || speak hibari --name moved --minutes 60 --moved 1 --seed 22

# Speech by Kokoro goes on beside the codec, one process each, until there are four hours of it; SILENT=1 leaves it out.
if [ -z "$SILENT" ] && [ "$(ls "$work"/speech/many-*.pcm 2>/dev/null | wc -l)" -lt 90 ]; then
  speak kokoro --name many --minutes 240 --seed 3 &
  speaking=$!
fi
[ -f "$work/listener.pt" ] || run listener.py --speech "$speech" >>"$work/listener.log" 2>&1
# Codes that are there stay: the language model was trained on them.
[ -f "$work/codes/silence.npy" ] || run train_codec.py --speech "$speech" --from codec-warm.pt --out codec.pt --listener listener.pt --matrix-rate 0.003 \
  --rate 5e-4 --codes-rate 0.1 --person-net 5 --steps "$codec_steps" --decay 0.6 \
  --save-every 50 >>"$work/codec.log" 2>&1
# The same speech moved a little is other codes: without it the language model learns its speech by heart.
ls "$work"/speech/near-*.pcm >/dev/null 2>&1 || speak move fast,lab --name near --within 0.04 --seed 5
run codes.py --speech "$speech,near" >>"$work/codes.log" 2>&1
[ -z "$speaking" ] || kill "$speaking" 2>/dev/null || true
# The decoder learns from what the language model makes of the codes, by its last stretch (lm-cool.pt) where there is one.
if [ -f "$work/lm-cool.pt" ] && [ ! -d "$work/foretold" ]; then
  run foretell.py --speech near,many,clips,heart-0,moved-0 >>"$work/foretell.log" 2>&1
fi
run train_codec.py --speech "$speech,near" --from codec.pt --out codec-dec.pt --decoder-only --coded --foretold 0.9 --listener listener.pt \
  --listening 0.6 --matrix-rate 0.001 --rate 2e-4 --coherence 0.7 --wave 0 --steps "$decoder_steps" --decay 0.5 \
  --save-every 200 >>"$work/codec-dec.log" 2>&1 &
run train_lm.py --compile --positions 2560 --named 0.5 --decay 0.1 \
  --forms plain=1.5,described=0.7,scene=2.5,turn=3,two=0.8,music=0.4 --steps "$lm_steps" >>"$work/lm.log" 2>&1
wait
