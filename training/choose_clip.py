"""Stage "choose a clip": by which of several clips a voice is understood best, in the shipped engine with the shipped files.

    python choose_clip.py frank

Says texts that are in neither list of `texts.py`, and that Whisper understands without a slip where hibari says them, by the voice's
clip (`voices.py`) and by each of the others, spoken by its teacher. Prints a row a clip: word errors, DNSMOS, what it says.
"""
import argparse
from pathlib import Path

import numpy as np
import torch

from evaluate import ShippedEngine
from judge import Judge, word_error_rate
from teachers import Teachers
from texts import Writer
from voices import BY_NAME, VOICES
from wav import write_wav

CLIPS = [
    "My brother fixed the bathroom light, so we can all see again.",
    "The market on the square sells bread, cheese and fresh fish.",
    "She put the blue boxes by the door, and went back to her work.",
    "You should wear a thick coat today, because the wind is very cold.",
    "Nothing much grows in this field, although it rains every week.",
]
SEED = 20_000


def clear_texts(count, teachers, judge):
    """-> [texts] that a natural voice gets across."""
    writer, found = Writer(SEED), []
    while len(found) < count:
        text = writer.text()
        if 20 <= len(text) <= 90 and judge.plain(judge.heard(teachers.say(text, VOICES[0])[0])) == judge.plain(text):
            found.append(text)
    return found


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("voice", choices=BY_NAME)
    arguments.add_argument("--clips", nargs="+", default=CLIPS, help="their texts; left out: five of a sentence each")
    arguments.add_argument("--work", type=Path, default=Path(__file__).parent / "work")
    arguments.add_argument("--texts", type=int, default=40)
    options = arguments.parse_args()
    torch.set_num_threads(1)
    voice, teachers, judge, engine = BY_NAME[options.voice], Teachers(options.work), Judge(), ShippedEngine(options)
    texts = clear_texts(options.texts, teachers, judge)
    for number, clip in enumerate([voice.clip, *options.clips]):
        path, rows = options.work / "originals" / f"choose-{voice.name}-{number}.wav", []
        write_wav(path, teachers.speak(clip, voice))
        for i, text in enumerate(texts):
            sound = engine.cloned(text, SEED + i, path, clip, british=voice.british).sound
            rows.append((judge.plain(text), judge.plain(judge.heard(sound)), judge.quality(sound)[0]))
        plain, heard, quality = zip(*rows)
        print(f"{word_error_rate(plain, heard):.3f}  {np.mean(quality):.2f}  {clip}", flush=True)


if __name__ == "__main__":
    main()
