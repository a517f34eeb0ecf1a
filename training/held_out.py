"""Stage "held out": the language model's loss on speech that it never heard, for each speaker.

    python held_out.py lm.pt lm-cool.pt

The lots lie in WORK/held-out, a work folder of its own: a few by `speech.py … --work WORK/held-out`, `ln -s` to codec.pt and
music.pcm, and `codes.py … --work WORK/held-out --music 0`. What training prints falls while a model learns its speech by heart; this
does not.
"""
import argparse
import pickle
import random
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from conversations import Conversations, Vocabulary
from lm import load_language_model
from train_lm import collate
from voices import BY_SPEAKER

TEXTS = 32
AT_ONCE = 8
LONGEST_FRAMES = 250
SHOWN = (0, 1, 2, 7)
"""Codebooks whose loss is printed."""


def kind_of(speaker):
    """A voice's name, "moved" or "blends"."""
    return BY_SPEAKER[speaker].name if speaker in BY_SPEAKER else "moved" if " x " in speaker else "blends"


def items_of(folder):
    """-> {kind: items}"""
    found = {}
    for path in sorted(folder.glob("*.pkl")):
        for item in pickle.loads(path.read_bytes()):
            if item["kind"] == "one" and item["codes"].shape[1] < LONGEST_FRAMES:
                found.setdefault(kind_of(item["speaker"]), []).append(item)
    return found


@torch.no_grad()
def losses(model, batch):
    """-> [C]: each codebook's cross-entropy, in nats."""
    sizes = model.sizes
    with torch.autocast(batch["ids"].device.type, torch.bfloat16):
        logits = model(batch["ids"], batch["codes"], batch["is_audio"])
    counts = batch["counts"]
    logits = logits.float().view(*batch["codes"].shape, sizes.codes + 2)[counts]
    target = batch["target"][counts]
    found = F.cross_entropy(logits.flatten(0, 1), target.flatten(), reduction="none").view(target.shape)
    free = (target != sizes.bos).float()
    return ((found * free).sum(0) / free.sum(0)).numpy()


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("checkpoints", nargs="+", help="in WORK")
    arguments.add_argument("--work", type=Path, default=Path(__file__).parent / "work")
    options = arguments.parse_args()
    torch.set_num_threads(1)
    folder = options.work / "held-out" / "codes"
    kinds = items_of(folder)
    print("| steps | " + " | ".join(kinds) + " | mean |\n|" + "---|" * (len(kinds) + 2))
    for checkpoint in options.checkpoints:
        model, state = load_language_model(options.work / checkpoint)
        model.eval()
        conversations = Conversations(folder, dict(turn=1), Vocabulary(), model.sizes, seed=1)
        for path in (options.work / "codes").glob("clips-*.pkl"):
            conversations.shipped.update((item["speaker"], item) for item in pickle.loads(path.read_bytes()))
        means = []
        for items in kinds.values():
            chosen = random.Random(0).sample(items, min(TEXTS, len(items)))
            rows = [conversations.after_clip(item)[0] for item in chosen]
            means.append(np.mean([losses(model, collate(rows[i : i + AT_ONCE])) for i in range(0, len(rows), AT_ONCE)], 0))
        cells = [", ".join(f"{mean[book]:.2f}" for book in SHOWN) for mean in [*means, np.mean(means, 0)]]
        print(f"| {state.get('step')} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
