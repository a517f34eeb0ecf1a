"""The voices of the embedded model and what speaks each of them to learn from."""
from dataclasses import dataclass

import numpy as np

SAMPLE_RATE = 24_000
MARGIN_SECONDS = 0.06
LOUDNESS_RMS = 0.08


@dataclass(frozen=True)
class Voice:
    """One speaker: its teacher ("flite" or "pico"), the teacher's voice, and, for flite, how far its pitch and its
    formants are moved (rms keeps its own pitch, which only moves along with the formants)."""

    name: str
    base: str
    pitch: float = 1.0
    formants: float = 1.0
    description: str = ""
    teacher: str = "flite"

    @property
    def source(self):
        """What speaks, in words."""
        moved = [f"{what} by {by}" for what, by in (("pitch", self.pitch), ("formants", self.formants)) if by != 1]
        return f"{self.teacher} {self.base}" + (", moved: " + ", ".join(moved) if moved else "")


VOICES = [
    Voice("ella", "slt", formants=0.92, description="feminine"),
    Voice("mia", "en-US", description="feminine, calm", teacher="pico"),
    Voice("robert", "rms", description="masculine"),
    Voice("frank", "rms", formants=1.14, description="masculine, young"),
    Voice("angus", "awb", description="masculine, scottish"),
]
VOICE_INDEX = {voice.name: index for index, voice in enumerate(VOICES)}


@dataclass
class Utterance:
    """Sound at 24 kHz (int16) and, for every phone, (name, start s, end s, index of its word in the text)."""

    samples: np.ndarray
    phones: list


def finished(sound, phones):
    """Sound trimmed to 60 ms around what is heard, with its phones' times, loudness made equal; None for silence.

    `sound`: float32 in -1..1 at 24 kHz.
    """
    loud = np.flatnonzero(np.abs(sound) > 0.01)
    if len(loud) == 0:
        return None
    margin = int(MARGIN_SECONDS * SAMPLE_RATE)
    first = max(0, loud[0] - margin)
    sound = sound[first : loud[-1] + margin]
    shift = first / SAMPLE_RATE
    phones = [(name, start - shift, end - shift, word) for name, start, end, word in phones]
    rms = max(float(np.sqrt(np.mean(sound**2))), 1e-4)
    sound = np.clip(sound * (LOUDNESS_RMS / rms), -0.99, 0.99)
    return Utterance((sound * 32767).astype(np.int16), phones)
