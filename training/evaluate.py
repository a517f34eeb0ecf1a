"""Stage "evaluate": how well the codec and the voice are understood, by pocketsphinx.

Rows, for each voice: the originals (the teachers), the same through the codec, speech from text with the shipped clip of the
voice ("named"), with a clip never trained on ("cloned"), the plain prompt (ella only), and dialogues of two speakers.
Texts: the 20 announcements of `texts.EVALUATION` and the 40 of `texts.UNSEEN`, none of which is ever trained on.
`--engine shipped` measures the shipped files with the shipped engine, `--engine cli` does so by a `higgs-tts` command
for each text, `--engine training` measures the checkpoints in WORK. Too long is a generation that runs to its limit, too short one under half of the original.
"""
import argparse
import json
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
import torch

from codes import RATE, Encoder
from generate import Generator, Speech, read_wav, write_wav
from recognise import WordErrorRate
from teachers import Teachers
from texts import EVALUATION, UNSEEN
from voices import VOICE_INDEX, VOICES

ROOT = Path(__file__).parent.parent
CLIP_TEXT = "The wind blew softly over the quiet field."
LONGEST_SECONDS = 10
PAIRS = [("ella", "robert"), ("robert", "mia"), ("mia", "frank"), ("frank", "angus"), ("angus", "ella")]


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

    def plain(self, text, seed):
        return self.generator.speak(text, seed=seed, longest=LONGEST_SECONDS * 25)

    def cloned(self, text, seed, clip, transcript):
        turns = [(transcript, self._clip(clip))]
        return self.generator.speak(text, turns=turns, seed=seed, longest=LONGEST_SECONDS * 25)

    def named(self, text, seed, name):
        transcript, clip = self._named(name)
        return self.cloned(text, seed, clip, transcript)

    def dialogue(self, text, seed, names):
        clips = [self._clip(self._named(name)[1]) for name in names]
        return self.generator.speak(text, scene_lines=clips, seed=seed, longest=LONGEST_SECONDS * 25)


class CommandLineEngine:
    """Speaks with the shipped engine and the shipped files."""

    def __init__(self, options):
        self.command = ["node", str(ROOT / "dist" / "src" / "cli" / "main.js"), "say"]
        self.folder = tempfile.TemporaryDirectory()

    def _say(self, *arguments, seed):
        out = Path(self.folder.name) / "speech.wav"
        limit = ["--max-seconds", str(LONGEST_SECONDS)]
        command = [*self.command, *arguments, "--seed", str(seed), "-o", str(out), *limit]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(done.stderr)
        sound = read_wav(out)
        return Speech(sound, len(sound) >= (LONGEST_SECONDS - 0.5) * RATE)

    def plain(self, text, seed):
        return self._say(text, seed=seed)

    def named(self, text, seed, name, *arguments):
        return self._say(text, "--voice", name, *arguments, seed=seed)

    def cloned(self, text, seed, clip, transcript):
        return self._say(text, "--reference", str(clip), "--transcript", transcript, seed=seed)

    def dialogue(self, text, seed, names):
        script = Path(self.folder.name) / "dialogue.txt"
        script.write_text(text)
        voices = [part for i, name in enumerate(names) for part in ("--voice", f"SPEAKER{i}={name}")]
        return self._say("--dialogue", str(script), *voices, seed=seed)


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
        return Speech(read_wav(out), answer["stop"] != "ended")

    def _speak(self, text, seed, **more):
        return self._ask(speak=dict(text=text, seed=seed, maxSeconds=LONGEST_SECONDS, **more))

    def plain(self, text, seed):
        return self._speak(text, seed)

    def named(self, text, seed, name, **more):
        return self._speak(text, seed, voice=dict(kind="named", name=name), **more)

    def cloned(self, text, seed, clip, transcript):
        return self._speak(text, seed, voice=dict(kind="clip", clip=str(clip), transcript=transcript))

    def dialogue(self, text, seed, names):
        voices = {f"SPEAKER{i}": name for i, name in enumerate(names)}
        return self._ask(dialogue=dict(script=text, voices=voices, seed=seed, maxSeconds=LONGEST_SECONDS))


ENGINES = dict(training=TrainingEngine, cli=CommandLineEngine, shipped=ShippedEngine)


class Row:
    """One line of the table."""

    def __init__(self):
        self.wer, self.count, self.long, self.short, self.seconds = WordErrorRate(), 0, 0, 0, 0.0

    def add(self, text, speech, expected_seconds=None):
        self.count += 1
        seconds = len(speech.sound) / RATE
        self.seconds += seconds
        self.long += speech.limited
        self.short += expected_seconds is not None and seconds < 0.5 * expected_seconds
        return self.wer.add(text, speech.sound)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--work", type=Path, default=Path(__file__).parent / "work")
    arguments.add_argument("--engine", choices=list(ENGINES), default="training")
    arguments.add_argument("--kinds", default="original,codec,plain,named,cloned,dialogue")
    arguments.add_argument("--voices", default=",".join(voice.name for voice in VOICES))
    arguments.add_argument("--voices-dir", type=Path, default=ROOT / "models" / "embedded" / "voices")
    arguments.add_argument("--sets", default="announcements,unseen")
    arguments.add_argument("--every", type=int, default=1, help="take every n-th text only")
    arguments.add_argument("--language-model", default="lm.pt", help="checkpoint in WORK, for --engine training")
    arguments.add_argument("--codec", default="codec.pt", help="checkpoint in WORK, for the codec's row as well")
    arguments.add_argument("--temperature", type=float, default=0.3)
    arguments.add_argument("--top-k", type=int, default=30)
    arguments.add_argument("--top-p", type=float, default=0.95)
    arguments.add_argument("--repeats", type=int, default=2, help="RAS: repeats in the last 7 frames; 0: none")
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--threads", type=int, default=1)
    arguments.add_argument("--keep", type=Path, help="folder for the sounds")
    arguments.add_argument("--show", action="store_true", help="print what was heard")
    options = arguments.parse_args()
    torch.set_num_threads(options.threads)
    kinds, teachers = options.kinds.split(","), Teachers()
    sets = {"announcements": EVALUATION, "unseen": UNSEEN}
    rows, started = {}, time.time()
    engine = None
    if set(kinds) - {"original", "codec"}:
        engine = ENGINES[options.engine](options)
    encoder = Encoder(options.work / options.codec, "cpu") if "codec" in kinds else None
    folder = tempfile.TemporaryDirectory()

    def original(text, name):
        return teachers.speak(text, VOICES[VOICE_INDEX[name]]).samples.astype(np.float32) / 32768

    def note(kind, name, group, text, speech, expected=None):
        heard = rows.setdefault((kind, name, group), Row()).add(text, speech, expected)
        if options.show:
            print(f"{kind} {name}: {text} => {heard} ({len(speech.sound) / RATE:.1f} s)", flush=True)
        if options.keep:
            options.keep.mkdir(parents=True, exist_ok=True)
            write_wav(options.keep / f"{kind}-{name}-{group}-{rows[kind, name, group].count}.wav", speech.sound)

    for name in options.voices.split(","):
        clip = Path(folder.name) / f"{name}.wav"
        write_wav(clip, original(CLIP_TEXT, name))
        for group in options.sets.split(","):
            for i, text in list(enumerate(sets[group]))[:: options.every]:
                seed, sound = options.seed + i, original(text, name)
                seconds = len(sound) / RATE
                if "original" in kinds:
                    note("original", name, group, text, Speech(sound, False))
                if "codec" in kinds:
                    with torch.no_grad():
                        codes = torch.from_numpy(encoder(sound).astype(np.int64))[None]
                        note("codec", name, group, text, Speech(encoder.codec.decode(codes)[0, 0].numpy(), False))
                if "plain" in kinds and name == "ella":
                    note("plain", name, group, text, engine.plain(text, seed), seconds)
                if "named" in kinds:
                    note("named", name, group, text, engine.named(text, seed, name), seconds)
                if "cloned" in kinds:
                    note("cloned", name, group, text, engine.cloned(text, seed, clip, CLIP_TEXT), seconds)
    if "dialogue" in kinds:
        for k, names in enumerate(PAIRS):
            for group in options.sets.split(","):
                texts = sets[group]
                for i in range(k, len(texts) - 1, 5 * options.every):
                    both = [texts[i], texts[(i + 7) % len(texts)]]
                    script = "\n".join(f"[SPEAKER{j}] {text}" for j, text in enumerate(both))
                    if options.engine == "training":
                        script = script.replace("\n", " ")
                    seconds = sum(len(original(text, name)) / RATE for text, name in zip(both, names))
                    speech = engine.dialogue(script, options.seed + i, names)
                    note("dialogue", "+".join(names), group, " ".join(both), speech, seconds)

    print("| what | voice | texts | WER | too long | too short | seconds |\n|---|---|---|---|---|---|---|")
    totals = {}
    for (kind, name, group), row in rows.items():
        print(
            f"| {kind} | {name} | {row.count} {group} | {float(row.wer):.3f} | {row.long} | {row.short} "
            f"| {row.seconds:.0f} |"
        )
        total = totals.setdefault(kind, [0, 0, 0, 0, 0])
        for k, value in enumerate((row.wer.errors, row.wer.words, row.long, row.short, row.count)):
            total[k] += value
    for kind, (errors, count, long, short, number) in totals.items():
        print(f"| {kind} | all | {number} | {errors / count:.3f} | {long} | {short} | |")
    print(f"{time.time() - started:.0f} s")


if __name__ == "__main__":
    main()
