"""Stage "music heard": whether there is music under speech when it is asked for, and none when it is not.

Every announcement of `texts.EVALUATION` is spoken with music and without, by the teachers (the originals) and by the
shipped engine. Speech has quiet moments, which music fills: a sound's bed is the level of its quietest tenth (frames of
40 ms) over its mean level. Music counts as heard from `HEARD_DB` upwards, which parts nine of ten originals rightly on
either side.
"""
import argparse
from collections import defaultdict
from pathlib import Path

import numpy as np

from evaluate import ShippedEngine
from lots import HOP
from music import over_music
from teachers import Teachers
from texts import EVALUATION
from voices import VOICES

HEARD_DB = -13.0


def bed_db(sound):
    """Level of the quietest tenth of the frames over the level of all of `sound`, dB."""
    power = (sound[: len(sound) // HOP * HOP].reshape(-1, HOP) ** 2).mean(1)
    return float(10 * np.log10(np.quantile(power, 0.1) / power.mean() + 1e-9))


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--work", type=Path, default=Path(__file__).parent / "work")
    arguments.add_argument("--every", type=int, default=1, help="take every n-th text only")
    options = arguments.parse_args()
    music = np.fromfile(options.work / "music.pcm", np.int16)
    teachers, engine, random = Teachers(options.work), ShippedEngine(options), np.random.default_rng(0)
    beds = defaultdict(list)
    for i, text in list(enumerate(EVALUATION))[:: options.every]:
        for voice in VOICES:
            original = teachers.speak(text, voice)
            spoken = {
                ("original", "no"): original,
                ("original", "yes"): over_music(original, music, random)[0],
                ("spoken", "no"): engine.named(text, 1 + i, voice.name).sound,
                ("spoken", "yes"): engine.named(text, 1 + i, voice.name, music=dict(kind="model")).sound,
            }
            for what, sound in spoken.items():
                beds[what].append(bed_db(sound))
    print("| what | music asked for | sounds | music heard | bed, dB (10 %, median, 90 %) |\n|---|---|---|---|---|")
    for what, found in beds.items():
        low, middle, high = np.quantile(found, (0.1, 0.5, 0.9))
        heard = np.mean(np.array(found) >= HEARD_DB)
        print(f"| {what[0]} | {what[1]} | {len(found)} | {heard:.2f} | {low:.0f}, {middle:.0f}, {high:.0f} |")


if __name__ == "__main__":
    main()
