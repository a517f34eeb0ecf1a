"""Stage "mean": the mean of the weights of checkpoints of one kind, in WORK, where one was trained on from the other.

    python mean.py lm.pt shipped-lm.pt --out lm-mean.pt

Of two that lie so near each other it is often better than either: README.md has both cases.
"""
import argparse
from pathlib import Path

import torch


def mean(states):
    """`states`: of equal names and shapes; whole numbers are the first one's."""
    first = states[0]
    return {
        name: torch.stack([state[name].float() for state in states]).mean(0).to(value.dtype) if value.is_floating_point() else value
        for name, value in first.items()
    }


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("checkpoints", nargs="+", help="in WORK, all of language models or all of codecs")
    arguments.add_argument("--out", required=True, help="checkpoint in WORK")
    arguments.add_argument("--work", type=Path, default=Path(__file__).parent / "work")
    options = arguments.parse_args()
    paths = [options.work / name for name in options.checkpoints]
    states = [torch.load(path, map_location="cpu") for path in paths]
    if "m" in states[0]:
        # A codec's averaged weights; `training` are only for going on.
        torch.save(dict(m=mean([state["m"] for state in states]), step=states[-1]["step"], c=states[0]["c"]), options.work / options.out)
    else:
        torch.save(dict(sizes=states[0]["sizes"], weights=mean([state["weights"] for state in states])), options.work / options.out)


if __name__ == "__main__":
    main()
