"""Stage "people": who every speaker of WORK/codes is, as resemblyzer hears it, for the language model to name (`train_lm.py --who`).

Writes WORK/people.npz: `names`, the speakers' keys, and `people`, float32 [speakers, 256]: the mean of what is heard in some of their
texts, less what all have in common, by its spread, of length 1.
"""
import argparse
import time
from pathlib import Path

import numpy as np

from judge import Judge
from lots import RATE, read_lots, who

LEAST_SECONDS = 1.6
"""resemblyzer listens to pieces of that length."""


def sounds_of(lots, most, random):
    """{speaker: up to `most` sounds, float32}; the longer ones first."""
    places = {}
    for lot in lots:
        for i, entry in enumerate(lot.entries):
            places.setdefault(who(entry["speaker"]), []).append((lot, i))
    found = {}
    for speaker, some in places.items():
        random.shuffle(some)
        some.sort(key=lambda place: place[0].entries[place[1]]["samples"] < LEAST_SECONDS * RATE)
        found[speaker] = [lot.samples(i) for lot, i in some[:most]]
    return found


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--work", type=Path, default=Path(__file__).parent / "work")
    arguments.add_argument("--speech", default="", help="names of lots, separated by commas; left out: all")
    arguments.add_argument("--texts", type=int, default=4, help="of each speaker, at most")
    arguments.add_argument("--seed", type=int, default=0)
    options = arguments.parse_args()
    judge, started, people = Judge(), time.time(), {}
    for speaker, sounds in sounds_of(read_lots(options.work, options.speech), options.texts, np.random.default_rng(options.seed)).items():
        people[speaker] = np.mean([judge.person(sound) for sound in sounds], 0)
    heard = np.array(list(people.values()))
    apart = (heard - heard.mean(0)) / (heard.std(0) + 1e-3)
    apart /= np.linalg.norm(apart, axis=1, keepdims=True)
    np.savez(options.work / "people.npz", names=np.array(list(people)), people=apart.astype(np.float32))
    print(f"{len(people)} speakers, {time.time() - started:.0f} s")


if __name__ == "__main__":
    main()
