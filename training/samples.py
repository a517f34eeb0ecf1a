"""Stage "samples": what `docs/voice.md` lets one hear and see, made by the shipped engine.

Writes docs/samples/{VOICE,dialogue,music,clip,cloned}.wav and docs/samples/spectrograms.png: for each voice the teacher's
sentence above the shipped model's, and at the end the clip of a speaker that the model never heard above what it makes of it.
"""
import argparse
import shutil
from pathlib import Path

import matplotlib
import numpy as np
from PIL import Image

from cloning import Strangers
from evaluate import CLIP_TEXT, ROOT, ShippedEngine
from teachers import Teachers
from voices import VOICES
from wav import RATE, read_wav, write_wav

matplotlib.use("Agg")
from matplotlib import pyplot  # noqa: E402

SENTENCE = "The front door is open."
DIALOGUE = ["Is the coffee ready?", "It will be in a minute."]
WINDOW, HOP = 600, 120
FLOOR_DB = -70


def spectrogram(sound):
    """[frequencies up to 8 kHz, every 5 ms], dB below the loudest."""
    frames = np.lib.stride_tricks.sliding_window_view(sound, WINDOW)[::HOP]
    power = np.abs(np.fft.rfft(frames * np.hanning(WINDOW), 1024)) ** 2
    decibels = 10 * np.log10(power[:, : 1024 * 8000 // RATE].T + 1e-12)
    return np.maximum(decibels - decibels.max(), FLOOR_DB)


def draw(pairs, path):
    """`pairs`: {voice: (teacher's sound, model's sound)}."""
    size = (2.4 * len(pairs), 4)
    figure, axes = pyplot.subplots(2, len(pairs), figsize=size, dpi=80, sharey=True, layout="constrained")
    for column, (name, sounds) in enumerate(pairs.items()):
        for axis, sound, what in zip(axes[:, column], sounds, ("clip" if name == "cloned" else "teacher", "model")):
            extent = (0, len(sound) / RATE, 0, 8)
            axis.imshow(spectrogram(sound), origin="lower", aspect="auto", extent=extent, cmap="magma")
            axis.set_title(f"{name}, {what}", fontsize=9)
            axis.tick_params(labelsize=7)
    axes[0, 0].set_ylabel("kHz", fontsize=8)
    axes[1, 0].set_ylabel("kHz", fontsize=8)
    figure.supxlabel(f"seconds: {SENTENCE[:-1]}; the clip's sentence at the right", fontsize=8)
    figure.canvas.draw()
    # Few colours make a small file.
    Image.fromarray(np.asarray(figure.canvas.buffer_rgba())).convert("RGB").quantize(48).save(path, optimize=True)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--work", type=Path, default=Path(__file__).parent / "work")
    arguments.add_argument("--out", type=Path, default=ROOT / "docs" / "samples")
    arguments.add_argument("--seed", type=int, default=1)
    options = arguments.parse_args()
    # The curves lie there too, and cannot be drawn again once their logs are gone.
    options.out.mkdir(parents=True, exist_ok=True)
    teachers, engine, pairs = Teachers(options.work), ShippedEngine(options), {}
    for voice in VOICES:
        said = engine.named(SENTENCE, options.seed, voice.name).sound
        write_wav(options.out / f"{voice.name}.wav", said)
        pairs[voice.name] = teachers.speak(SENTENCE, voice), said
    strangers = Strangers(options.work)
    name, clip = next(iter(strangers.clips.items()))
    british = strangers.is_british(name)
    pairs["cloned"] = read_wav(clip), engine.cloned(CLIP_TEXT, options.seed, clip, CLIP_TEXT, british=british).sound
    shutil.copy(clip, options.out / "clip.wav")
    write_wav(options.out / "cloned.wav", engine.cloned(SENTENCE, options.seed, clip, CLIP_TEXT, british=british).sound)
    draw(pairs, options.out / "spectrograms.png")
    write_wav(options.out / "dialogue.wav", engine.dialogue(DIALOGUE, options.seed, ("ella", "robert")).sound)
    with_music = engine.named(SENTENCE, options.seed, "ella", music=dict(kind="model"))
    write_wav(options.out / "music.wav", with_music.sound)


if __name__ == "__main__":
    main()
