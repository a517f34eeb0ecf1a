"""Stage "foretell": the codes that the language model would draw, for the decoder to learn from.

A decoder that learns from the codec's own codes takes much from the last codebooks, which a language model cannot foretell, and says
its speech badly. For each WORK/codes/LOT.pkl this writes WORK/foretold/LOT.pkl, a list of codes [codebooks, frames], or None: of each
text all codebooks from some one on as the language model draws them, first where it has heard the true ones before, then once more
where it has heard its own. What sounds when stays as it is in the true codes, so the true sound is what they stand for.
"""
import argparse
import pickle
import time
from pathlib import Path

import numpy as np
import torch

from conversations import Conversations, Vocabulary
from lm import draw, load_language_model
from train_lm import collate

BATCH_POSITIONS = 4096
LEAST_FRAMES = 12


@torch.no_grad()
def drawn(model, batch, codes, temperature):
    """-> [B, T, C]: the codes of the frame that follows each position."""
    sizes = model.sizes
    with torch.autocast(codes.device.type, torch.bfloat16):
        logits = model(batch["ids"], codes, batch["is_audio"])
    return draw(logits.float().view(*codes.shape, sizes.codes + 2), temperature)


def foretell(model, rows, temperature, random):
    """`rows`: conversations, and the position at which the sound of each's last turn begins -> codes [C, n] of that sound."""
    batch, books = collate([row for row, _ in rows]), model.sizes.codebooks
    true = batch["codes"]
    first = random.integers(0, books, len(rows))

    def put(into, codes):
        # Frame n of codebook k stands at start + 1 + n + k, and is foretold one position before.
        for i, (row, start) in enumerate(rows):
            frames = len(row.ids) - start - books - 1
            for k in range(first[i], books):
                into[i, start + 1 + k : start + 1 + k + frames, k] = codes[i, start + k : start + k + frames, k]
        return into

    own = put(true.clone(), drawn(model, batch, true, temperature))
    own = put(true.clone(), drawn(model, batch, own, temperature))
    found = []
    for i, (row, start) in enumerate(rows):
        frames = len(row.ids) - start - books - 1
        found.append(torch.stack([own[i, start + 1 + k : start + 1 + k + frames, k] for k in range(books)]).numpy().astype(np.uint8))
    return found


def grouped(rows):
    """Batches of (number, conversation, start) of like length."""
    group = []
    for row in sorted(rows, key=lambda row: len(row[1].ids)):
        if group and (len(group) + 1) * len(row[1].ids) > BATCH_POSITIONS:
            yield group
            group = []
        group.append(row)
    if group:
        yield group


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--work", type=Path, default=Path(__file__).parent / "work")
    arguments.add_argument("--speech", default="", help="names of lots, separated by commas; left out: all")
    arguments.add_argument("--language-model", default="lm-cool.pt", help="checkpoint in WORK")
    arguments.add_argument("--temperature", type=float, default=0.3)
    arguments.add_argument("--minutes", type=float, default=10, help="no lot is begun after these")
    arguments.add_argument("--seed", type=int, default=0)
    arguments.add_argument("--threads", type=int, default=1)
    options = arguments.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    model, _ = load_language_model(options.work / options.language_model)
    model.eval()
    random, started = np.random.default_rng(options.seed), time.time()
    conversations = Conversations(options.work / "codes", dict(turn=1), Vocabulary(), model.sizes, seed=options.seed)
    folder = options.work / "foretold"
    paths = sorted({path for name in options.speech.split(",") for path in (options.work / "codes").glob(f"{name}*.pkl")})
    folder.mkdir(exist_ok=True)
    for path in (paths[i] for i in random.permutation(len(paths))):
        out = folder / path.name
        if out.exists() or time.time() - started > 60 * options.minutes:
            continue
        items = pickle.loads(path.read_bytes())
        kept = [None] * len(items)
        long_enough = [i for i, item in enumerate(items) if item["codes"].shape[1] >= LEAST_FRAMES]
        for group in grouped([(i, *conversations.after_clip(items[i])) for i in long_enough]):
            for (i, *_), codes in zip(group, foretell(model, [row for _, *row in group], options.temperature, random)):
                kept[i] = codes
        out.with_suffix(".partial").write_bytes(pickle.dumps(kept))
        out.with_suffix(".partial").rename(out)
        print(path.stem, len(items), f"{time.time() - started:.0f} s", flush=True)


if __name__ == "__main__":
    main()
