"""Stage "cloning": whether speakers never heard come out as themselves.

Twenty blends of Kokoro's speakers that `speech.py` keeps out of the blends (voices.KEPT_OUT) say a clip; from each clip
the engine says sentences that were never trained on. By resemblyzer's embedding each of these is to be nearer to its own clip than to any
of the named voices' clips and of the other nineteen. `--of` also has the teacher say the sentences, as these speakers and as its own sound
through the codec (`--codec`, a checkpoint in WORK): more than that cannot come out of the language model.
"""
import argparse
import functools
import json
from pathlib import Path

import numpy as np

from codes import Encoder
from evaluate import CLIP_TEXT, ENGINES, ROOT
from judge import Judge, word_error_rate
from kokoro import Kokoro, blend, speakers
from reading import read
from speech import finished
from texts import UNSEEN
from voices import KEPT_OUT, VOICES
from wav import read_wav, write_wav

SPEAKERS = 20
SHARES = [0.25, 0.4, 0.6, 0.75]


class Strangers:
    """20 speakers: blends of two of those kept out each, in shares of their own."""

    def __init__(self, work):
        self.styles, self.teacher = speakers(next(work.glob("kokoro-js-*.tgz"))), Kokoro(work / "kokoro-float.onnx")
        random, self.blends, folder = np.random.default_rng(5), {}, work / "originals"
        folder.mkdir(exist_ok=True)
        while len(self.blends) < SPEAKERS:
            parents, share = [str(name) for name in random.choice(KEPT_OUT, 2, replace=False)], float(random.choice(SHARES))
            self.blends[f"{parents[0]} {share:.2f} {parents[1]}"] = parents, share
        self.clips = {name: folder / f"clone {name}.wav" for name in self.blends}
        for name, path in self.clips.items():
            if not path.exists():
                write_wav(path, self.say(CLIP_TEXT, name))

    def is_british(self, name):
        parents, share = self.blends[name]
        return (parents[0] if share > 0.5 else parents[1]).startswith("b")

    @functools.cache
    def say(self, text, name):
        """-> samples, float32."""
        parents, share = self.blends[name]
        style = blend([self.styles[parent] for parent in parents], [share, 1 - share])
        samples, _ = finished(*self.teacher.speak(read(text, self.is_british(name)), style))
        return samples.astype(np.float32) / 32768


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--work", type=Path, default=Path(__file__).parent / "work")
    arguments.add_argument("--engine", choices=list(ENGINES), default="shipped")
    arguments.add_argument("--of", default="spoken", help="spoken by the engine, teacher, codec, separated by commas")
    arguments.add_argument("--sentences", type=int, default=3)
    arguments.add_argument("--voices-dir", type=Path, default=ROOT / "models" / "embedded" / "voices")
    arguments.add_argument("--language-model", default="lm.pt", help="checkpoint in WORK, for --engine training")
    arguments.add_argument("--codec", default="codec.pt", help="checkpoint in WORK, for --engine training")
    arguments.add_argument("--temperature", type=float, default=0.3)
    arguments.add_argument("--top-k", type=int, default=30)
    arguments.add_argument("--top-p", type=float, default=0.95)
    arguments.add_argument("--repeats", type=int, default=2)
    arguments.add_argument("--keep", type=Path, help="folder for the sounds")
    options = arguments.parse_args()
    strangers, judge = Strangers(options.work), Judge()
    clips, kinds = strangers.clips, options.of.split(",")
    engine = ENGINES[options.engine](options) if "spoken" in kinds else None
    encoder = Encoder(options.work / options.codec) if "codec" in kinds else None
    entries = json.loads((options.voices_dir / "voices.json").read_text())
    known = {entry["name"]: options.voices_dir / entry["file"] for entry in entries if entry["name"] in {v.name for v in VOICES}}
    names = [*clips, *known]
    people = np.array([judge.person(read_wav({**clips, **known}[name])) for name in names])
    say = dict(
        spoken=lambda text, name, k: engine.cloned(text, 1 + k, clips[name], CLIP_TEXT, british=strangers.is_british(name)).sound,
        teacher=lambda text, name, k: strangers.say(text, name),
        codec=lambda text, name, k: encoder.through(strangers.say(text, name)),
    )
    print("| of | speakers | sentences | own clip nearest | cosine to own clip | WER |\n|---|---|---|---|---|---|")
    for kind in kinds:
        right, likeness, texts, heard = [], [], [], []
        for number, name in enumerate(clips):
            for k in range(options.sentences):
                text = UNSEEN[(number * options.sentences + k) % len(UNSEEN)]
                sound = say[kind](text, name, k)
                if options.keep:
                    options.keep.mkdir(parents=True, exist_ok=True)
                    write_wav(options.keep / f"clone-{kind}-{number:02}-{k}.wav", sound)
                found = people @ judge.person(sound)
                right.append(names[int(found.argmax())] == name)
                likeness.append(found[names.index(name)])
                texts.append(judge.plain(text))
                heard.append(judge.plain(judge.heard(sound)))
        rate = word_error_rate(texts, heard)
        print(f"| {kind} | {len(clips)} | {len(right)} | {np.mean(right):.3f} | {np.mean(likeness):.2f} | {rate:.3f} |", flush=True)


if __name__ == "__main__":
    main()
