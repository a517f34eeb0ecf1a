"""Stage "precisions": is the shipped precision understood as well as float32?

Each of the 40 sentences of `texts.UNSEEN` is spoken by the shipped engine in every precision, with the same seeds and in
turn by each embedded voice, and heard by pocketsphinx. The rates may differ by two points at most; else the exit status
is 1. Different rounding leads to different draws, so a single take of 40 sentences (some 300 words) tells rates apart to
no better than three points: `--seeds` takes each are added up.
"""
import argparse
import math
import sys

from evaluate import CommandLineEngine, Row
from texts import UNSEEN
from voices import VOICES

MOST_POINTS = 2.0


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--bits", default="32,8", help="precisions, the first is what the others are held against")
    arguments.add_argument("--seeds", type=int, default=5, help="takes of each sentence")
    options = arguments.parse_args()
    engine = CommandLineEngine(options)
    rows = {bits: Row() for bits in options.bits.split(",")}
    for take in range(options.seeds):
        for i, text in enumerate(UNSEEN):
            voice = VOICES[(i + take) % len(VOICES)].name
            for bits, row in rows.items():
                row.add(text, engine.named(text, 1 + i + 1000 * take, voice, "--bits", bits))

    print("| bits | sentences | words | WER | standard error | too long |\n|---|---|---|---|---|---|")
    for bits, row in rows.items():
        rate = float(row.wer)
        error = math.sqrt(rate * (1 - rate) / row.wer.words)
        print(f"| {bits} | {row.count} | {row.wer.words} | {rate:.3f} | {error:.3f} | {row.long} |")
    whole, *others = [100 * float(row.wer) for row in rows.values()]
    worst = max((points - whole for points in others), default=0.0)
    print(f"Most points above the first: {worst:.1f} (at most {MOST_POINTS})")
    sys.exit(worst > MOST_POINTS)


if __name__ == "__main__":
    main()
