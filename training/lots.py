"""Lots of spoken texts, WORK/speech/NAME-NUMBER.pcm and .json, as `speech.py` writes them."""
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

RATE = 24_000
HOP = 960
"""Samples of a frame."""


def who(speaker):
    """One key for a speaker: Kokoro's name, or a blend's parents and shares."""
    if isinstance(speaker, str):
        return speaker
    return " + ".join(f"{name} {share}" for name, share in sorted(speaker.items()))


@dataclass
class Lot:
    name: str
    entries: list
    offsets: np.ndarray
    sound: np.ndarray

    def samples(self, i):
        """Text i's sound, float32."""
        return self.sound[self.offsets[i] : self.offsets[i + 1]].astype(np.float32) / 32768


def read_lots(work, names):
    """`names`: what lots' names begin with, separated by commas."""
    lots = []
    for name in names.split(","):
        for path in sorted((Path(work) / "speech").glob(f"{name}*.pcm")):
            entries = json.loads(path.with_suffix(".json").read_text())
            offsets = np.concatenate([[0], np.cumsum([entry["samples"] for entry in entries])])
            lots.append(Lot(path.stem, entries, offsets, np.memmap(path, np.int16, "r")))
    if not lots:
        raise SystemExit(f"no lots named {names} in {work}/speech")
    return lots
