"""A checkpoint in transformers' own classes, by AutoProcessor and AutoModel: python transformers_speak.py CHECKPOINT [OUT.wav]

CHECKPOINT holds model/ and codec/ (models/embedded is one). Speaks a sentence in a plain and in a cloned voice, and fails where
that gives no sound. Needs torch and transformers: install.sh.
"""
import json
import os
import sys
import wave
from pathlib import Path

import torch
from transformers import AutoProcessor, HiggsAudioV2ForConditionalGeneration

SENTENCE = "Dinner is ready."
RATE_HZ = 24000


def said(text):
    return {"role": "user", "content": [{"type": "text", "text": text}]}


def clip_of(checkpoint):
    voice = json.loads((checkpoint / "voices" / "voices.json").read_text())[0]
    with wave.open(str(checkpoint / "voices" / voice["file"])) as file:
        samples = torch.frombuffer(bytearray(file.readframes(file.getnframes())), dtype=torch.int16) / 32768
    return samples.numpy(), voice["transcript"]


def speak(processor, model, turns):
    inputs = processor.apply_chat_template(
        [{"role": "system", "content": [{"type": "text", "text": "Generate audio following instruction."}]}, *turns],
        add_generation_prompt=True, tokenize=True, return_dict=True, return_tensors="pt",
        processor_kwargs={"sampling_rate": RATE_HZ},
    )  # fmt: skip
    torch.manual_seed(1)
    with torch.inference_mode():
        outputs = model.generate(**inputs, max_new_tokens=150)
        (sound,) = processor.batch_decode(outputs)
    return sound.float().flatten()


def main(checkpoint, out=None):
    checkpoint = Path(checkpoint).absolute()
    # The processor's config names the codec from there.
    os.chdir(checkpoint / "model")
    processor = AutoProcessor.from_pretrained(".")
    model = HiggsAudioV2ForConditionalGeneration.from_pretrained(".", dtype=torch.float32)
    clip, words = clip_of(checkpoint)
    cloned = [said(words), {"role": "assistant", "content": [{"type": "audio", "audio": clip}]}]
    for name, turns in [("plain", []), ("cloned", cloned)]:
        sound = speak(processor, model, [*turns, said(SENTENCE)])
        seconds, peak = len(sound) / RATE_HZ, sound.abs().max().item()
        print(json.dumps({"voice": name, "seconds": round(seconds, 2), "peak": round(peak, 3)}))
        if not (0.4 < seconds < 5 and peak > 0.02):
            sys.exit(f"the {name} voice gave no speech")
    if out is not None:
        with wave.open(out, "wb") as file:
            file.setparams((1, 2, RATE_HZ, 0, "NONE", ""))
            file.writeframes((sound.clamp(-1, 1) * 32767).to(torch.int16).numpy().tobytes())


main(*sys.argv[1:])
