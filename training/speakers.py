"""Stage "speakers": whether each voice is told from the others, by resemblyzer's speaker embedding.

Reads the sounds that `evaluate.py --keep FOLDER` left (KIND-VOICE-NUMBER.wav) and prints, for each kind and
voice, the share of sounds that are nearer to their own voice's mean original than to any other voice's.
"""
import argparse
from collections import defaultdict
from pathlib import Path

import numpy as np

from judge import Judge
from teachers import Teachers
from texts import UNSEEN
from voices import VOICES
from wav import read_wav

ORIGINALS = 12


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--work", type=Path, default=Path(__file__).parent / "work")
    options = arguments.parse_args()
    judge, teachers = Judge(), Teachers(options.work)

    means = []
    for voice in VOICES:
        sounds = [teachers.speak(text, voice) for text in UNSEEN[:ORIGINALS]]
        mean = np.mean([judge.person(sound) for sound in sounds], 0)
        means.append(mean / np.linalg.norm(mean))
    names = [voice.name for voice in VOICES]
    found = defaultdict(list)
    for path in sorted(options.folder.glob("*.wav")):
        kind, name = path.name.split("-")[:2]
        if name in names:
            likeness = np.array(means) @ judge.person(read_wav(path))
            found[kind, name].append((likeness.argmax() == names.index(name), likeness[names.index(name)]))
    print("| what | voice | sounds | own voice nearest | cosine to own |\n|---|---|---|---|---|")
    for (kind, name), results in sorted(found.items()):
        nearest, likeness = np.mean(results, 0)
        print(f"| {kind} | {name} | {len(results)} | {nearest:.3f} | {likeness:.2f} |")


if __name__ == "__main__":
    main()
