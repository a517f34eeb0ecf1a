"""WAV files of 16 bits at 24 kHz."""
import wave

import numpy as np

RATE = 24_000


def write_wav(path, sound):
    """`sound`: float in -1..1, one channel."""
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes((np.clip(sound, -1, 1) * 32767).astype(np.int16).tobytes())


def read_wav(path):
    """-> float32, one channel."""
    with wave.open(str(path)) as file:
        assert file.getframerate() == RATE and file.getsampwidth() == 2, path
        sound = np.frombuffer(file.readframes(file.getnframes()), np.int16).astype(np.float32) / 32768
        return sound.reshape(-1, file.getnchannels()).mean(1)
