"""Stage "evaluate": how well the codec and the voice are understood, how they sound and who they sound like (judge.py).

Rows, for each voice: the originals (the teachers), the same through the codec, speech from text with the shipped clip of the
voice ("named"), with a clip never trained on ("cloned"), the plain prompt (the default voice only), nine sentences as one text
("long"), and dialogues of two speakers.
Texts: the 20 announcements of `texts.EVALUATION` and the 40 of `texts.UNSEEN`, none of which is ever trained on.
`--engine shipped` measures the shipped files with the shipped engine, `--engine training` measures the checkpoints in WORK.
Too long is a generation that runs to its limit, too short one under half of the original.
"""
import argparse
import json
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
import torch

from codes import Encoder
from generate import Generator, Speech
from judge import Judge, word_error_rate
from reading import read
from teachers import Teachers
from texts import EVALUATION, UNSEEN
from voices import BY_NAME, VOICES
from wav import RATE, read_wav, write_wav

ROOT = Path(__file__).parent.parent
CLIP_TEXT = "The wind blew softly over the quiet field, and the sun went down behind the hills."
LONGEST_SECONDS = 10
PAIRS = [("ella", "robert"), ("robert", "mia"), ("mia", "frank"), ("frank", "alice"), ("alice", "angus"), ("angus", "ella")]
AT_ONCE = 9
"""Sentences of a long text."""


class TrainingEngine:
    """Speaks with the checkpoints in WORK."""

    def __init__(self, options):
        self.generator = Generator(
            options.work, options.language_model, options.temperature, options.top_k, options.top_p, options.repeats,
            codec=options.codec,
        )
        self.voices = json.loads((options.voices_dir / "voices.json").read_text())
        self.folder = options.voices_dir
        self._clips = {}

    def _clip(self, path):
        if path not in self._clips:
            self._clips[path] = self.generator.encode(read_wav(path))
        return self._clips[path]

    def _named(self, name):
        voice = next(voice for voice in self.voices if voice["name"] == name)
        return voice["transcript"], self.folder / voice["file"]

    def plain(self, text, seed, seconds=LONGEST_SECONDS):
        return self.generator.speak(read(text), seed=seed, longest=seconds * 25)

    def cloned(self, text, seed, clip, transcript, seconds=LONGEST_SECONDS, british=False):
        turns = [(read(transcript, british), self._clip(clip))]
        return self.generator.speak(read(text, british), turns=turns, seed=seed, longest=seconds * 25)

    def named(self, text, seed, name, seconds=LONGEST_SECONDS):
        transcript, clip = self._named(name)
        return self.cloned(text, seed, clip, transcript, seconds, BY_NAME[name].british)

    def dialogue(self, texts, seed, names):
        clips = [self._clip(self._named(name)[1]) for name in names]
        lines = [f"[SPEAKER{i}] {read(text, BY_NAME[names[i]].british)}" for i, text in enumerate(texts)]
        return self.generator.speak(" ".join(lines), scene_lines=clips, seed=seed, longest=LONGEST_SECONDS * 25)


class ShippedEngine:
    """The same engine and files, kept open: many times faster than a command for each text."""

    def __init__(self, options):
        self.folder = tempfile.TemporaryDirectory()
        command = ["node", str(Path(__file__).parent / "speak.mjs")]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def _ask(self, **request):
        out = Path(self.folder.name) / "speech.wav"
        self.process.stdin.write(json.dumps(dict(request, out=str(out))) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return Speech(read_wav(out), answer["stop"] != "ended", answer["words"])

    def _speak(self, text, seed, seconds=LONGEST_SECONDS, **more):
        return self._ask(speak=dict(text=text, seed=seed, maxSeconds=seconds, **more))

    def plain(self, text, seed, seconds=LONGEST_SECONDS, **more):
        return self._speak(text, seed, seconds, **more)

    def named(self, text, seed, name, seconds=LONGEST_SECONDS, **more):
        return self._speak(text, seed, seconds, voice=dict(kind="named", name=name), **more)

    def cloned(self, text, seed, clip, transcript, seconds=LONGEST_SECONDS, british=False):
        accent = "british" if british else "american"
        return self._speak(text, seed, seconds, voice=dict(kind="clip", clip=str(clip), transcript=transcript, accent=accent))

    def dialogue(self, texts, seed, names):
        voices = {f"SPEAKER{i}": name for i, name in enumerate(names)}
        script = "\n".join(f"[SPEAKER{i}] {text}" for i, text in enumerate(texts))
        return self._ask(dialogue=dict(script=script, voices=voices, seed=seed, maxSeconds=LONGEST_SECONDS))


ENGINES = dict(training=TrainingEngine, shipped=ShippedEngine)


class Row:
    """One line of the table."""

    def __init__(self):
        self.texts, self.heard, self.quality = [], [], []
        self.long = self.short = 0
        self.seconds = 0.0

    def add(self, judge, text, speech, expected_seconds=None):
        seconds = len(speech.sound) / RATE
        self.seconds += seconds
        self.long += speech.limited
        self.short += expected_seconds is not None and seconds < 0.5 * expected_seconds
        heard = judge.heard(speech.sound)
        self.texts.append(judge.plain(text))
        self.heard.append(judge.plain(heard))
        self.quality.append(judge.quality(speech.sound))
        return heard

    def cells(self):
        overall, signal, p808 = np.mean(self.quality, 0)
        rate = word_error_rate(self.texts, self.heard)
        return f"{len(self.texts)} | {rate:.3f} | {overall:.2f} | {signal:.2f} | {p808:.2f} | {self.long} | {self.short}"


def total(rows):
    whole = Row()
    for row in rows:
        for name in ("texts", "heard", "quality"):
            getattr(whole, name).extend(getattr(row, name))
        whole.long, whole.short, whole.seconds = whole.long + row.long, whole.short + row.short, whole.seconds + row.seconds
    return whole


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--work", type=Path, default=Path(__file__).parent / "work")
    arguments.add_argument("--engine", choices=list(ENGINES), default="training")
    arguments.add_argument("--kinds", default="original,codec,plain,named,cloned,long,dialogue")
    arguments.add_argument("--voices", default=",".join(voice.name for voice in VOICES))
    arguments.add_argument("--voices-dir", type=Path, default=ROOT / "models" / "embedded" / "voices")
    arguments.add_argument("--every", type=int, default=1, help="take every n-th text only")
    arguments.add_argument("--language-model", default="lm.pt", help="checkpoint in WORK, for --engine training")
    arguments.add_argument("--codec", default="codec.pt", help="checkpoint in WORK, for the codec's row as well")
    arguments.add_argument("--temperature", type=float, default=0.3)
    arguments.add_argument("--top-k", type=int, default=30)
    arguments.add_argument("--top-p", type=float, default=0.95)
    arguments.add_argument("--repeats", type=int, default=0, help="RAS; 0: never")
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--keep", type=Path, help="folder for the sounds")
    arguments.add_argument("--show", action="store_true", help="what is heard in each")
    options = arguments.parse_args()
    torch.set_num_threads(1)
    kinds, teachers, judge = options.kinds.split(","), Teachers(options.work), Judge()
    texts, rows, started = (EVALUATION + UNSEEN)[:: options.every], {}, time.time()
    engine = ENGINES[options.engine](options) if set(kinds) - {"original", "codec"} else None
    encoder = Encoder(options.work / options.codec) if "codec" in kinds else None
    folder = tempfile.TemporaryDirectory()

    def note(kind, name, text, speech, expected=None):
        row = rows.setdefault((kind, name), Row())
        heard = row.add(judge, text, speech, expected)
        if options.show:
            print(f"{kind} {name}: {text} => {heard} ({len(speech.sound) / RATE:.1f} s)", flush=True)
        if options.keep:
            options.keep.mkdir(parents=True, exist_ok=True)
            write_wav(options.keep / f"{kind}-{name}-{len(row.texts)}.wav", speech.sound)

    for name in options.voices.split(","):
        voice, clip = BY_NAME[name], Path(folder.name) / f"{name}.wav"
        write_wav(clip, teachers.speak(CLIP_TEXT, voice))
        for i, text in enumerate(texts):
            seed, sound = options.seed + i, teachers.speak(text, voice)
            seconds = len(sound) / RATE
            if "original" in kinds:
                note("original", name, text, Speech(sound, False))
            if "codec" in kinds:
                with torch.no_grad():
                    codes = torch.from_numpy(encoder(sound).astype(np.int64))[None]
                    note("codec", name, text, Speech(encoder.codec.decode(codes)[0, 0].numpy(), False))
            if "plain" in kinds and voice is VOICES[0]:
                note("plain", name, text, engine.plain(text, seed), seconds)
            if "named" in kinds:
                note("named", name, text, engine.named(text, seed, name), seconds)
            if "cloned" in kinds:
                said = engine.cloned(text, seed, clip, CLIP_TEXT, british=voice.british)
                note("cloned", name, text, said, seconds)
        if "long" in kinds:
            for i in range(0, len(texts) - AT_ONCE + 1, AT_ONCE):
                text = " ".join(one[0].upper() + one[1:] for one in texts[i : i + AT_ONCE])
                note("long", name, text, engine.named(text, options.seed + i, name, 60))
    if "dialogue" in kinds:
        for k, names in enumerate(PAIRS):
            for i in range(k, len(texts) - 1, len(PAIRS)):
                both = [texts[i], texts[(i + 7) % len(texts)]]
                seconds = sum(len(teachers.speak(text, BY_NAME[name])) / RATE for text, name in zip(both, names))
                speech = engine.dialogue(both, options.seed + i, names)
                note("dialogue", "+".join(names), " ".join(both), speech, seconds)

    print("| what | voice | texts | WER | DNSMOS | signal | P.808 | too long | too short |\n|---|---|---|---|---|---|---|---|---|")
    for (kind, name), row in rows.items():
        print(f"| {kind} | {name} | {row.cells()} |")
    for kind in dict.fromkeys(kind for kind, _ in rows):
        print(f"| {kind} | all | {total(row for (other, _), row in rows.items() if other == kind).cells()} |")
    print(f"{time.time() - started:.0f} s")


if __name__ == "__main__":
    main()
