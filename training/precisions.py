"""Stage "precisions": is the shipped precision understood as well as float32?

Each of the 40 sentences of `texts.UNSEEN` is spoken by the shipped engine in every precision, with the same seeds and in
turn by each embedded voice, and heard by Whisper (judge.py). The rates may differ by two points at most; else the exit status
is 1. Different rounding leads to different draws, so a single take of 40 sentences (some 300 words) tells rates apart to
no better than three points: `--seeds` takes each are added up.
"""
import argparse
import math
import subprocess
import sys
import tempfile
from pathlib import Path

from evaluate import LONGEST_SECONDS, ROOT, Row
from generate import Speech
from judge import Judge, word_error_rate
from texts import UNSEEN
from voices import VOICES
from wav import RATE, read_wav

MOST_POINTS = 2.0


def say(text, seed, name, bits):
    """The shipped command speaks `text`."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "speech.wav"
        command = ["node", str(ROOT / "dist" / "src" / "cli" / "main.js"), "say", text, "--voice", name, "--bits", bits]
        limit = ["--max-seconds", str(LONGEST_SECONDS)]
        subprocess.run([*command, "--seed", str(seed), "-o", str(out), *limit], check=True, capture_output=True)
        sound = read_wav(out)
    return Speech(sound, len(sound) >= (LONGEST_SECONDS - 0.5) * RATE)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--bits", default="32,8", help="precisions, the first is what the others are held against")
    arguments.add_argument("--seeds", type=int, default=5, help="takes of each sentence")
    options = arguments.parse_args()
    judge = Judge()
    rows = {bits: Row() for bits in options.bits.split(",")}
    for take in range(options.seeds):
        for i, text in enumerate(UNSEEN):
            voice = VOICES[(i + take) % len(VOICES)].name
            for bits, row in rows.items():
                row.add(judge, text, say(text, 1 + i + 1000 * take, voice, bits))

    print("| bits | sentences | words | WER | standard error | too long |\n|---|---|---|---|---|---|")
    rates = {}
    for bits, row in rows.items():
        rate, words = word_error_rate(row.texts, row.heard), sum(len(text.split()) for text in row.texts)
        rates[bits] = rate
        print(f"| {bits} | {len(row.texts)} | {words} | {rate:.3f} | {math.sqrt(rate * (1 - rate) / words):.3f} | {row.long} |")
    whole, *others = [100 * rate for rate in rates.values()]
    worst = max((points - whole for points in others), default=0.0)
    print(f"Most points above the first: {worst:.1f} (at most {MOST_POINTS})")
    sys.exit(worst > MOST_POINTS)


if __name__ == "__main__":
    main()
