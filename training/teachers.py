"""The named voices' originals: what their teachers say, kept in WORK/originals once it was said."""
import re
import zlib
from pathlib import Path

import numpy as np

from hibari_teacher import Hibari
from kokoro import Kokoro, speakers
from reading import read
from speech import finished
from wav import read_wav, write_wav


class Teachers:
    """Loaded when the first text is not kept yet."""

    def __init__(self, work):
        self.work, self.folder = Path(work), Path(work) / "originals"
        self.folder.mkdir(parents=True, exist_ok=True)
        self._hibari = self._kokoro = self._styles = None

    def say(self, text, voice):
        """-> samples and times, as the teacher gives them."""
        phones = read(text, voice.british)
        if voice.speaker == "af_heart":
            self._hibari = self._hibari or Hibari()
            return self._hibari.speak(phones)
        if self._kokoro is None:
            self._kokoro = Kokoro(self.work / "kokoro-float.onnx")
            self._styles = speakers(next(self.work.glob("kokoro-js-*.tgz")))
        return self._kokoro.speak(phones, self._styles[voice.speaker])

    def speak(self, text, voice):
        """-> float32 at 24 kHz, trimmed and of the training's loudness."""
        key = f"{re.sub('[^a-z]+', '-', text.lower())[:40]}{zlib.crc32(text.encode()):08x}"
        path = self.folder / f"{voice.name}-{key}.wav"
        if not path.exists():
            samples, _ = finished(*self.say(text, voice))
            write_wav(path, samples.astype(np.float32) / 32768)
        return read_wav(path)
