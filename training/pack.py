"""Stage "pack": the state of codec and listener in float16 and of the language model in bf16, to go on from where WORK is not there.

    python pack.py --codec codec-dec.pt      # WORK/{codec-dec,listener,lm}.pt -> checkpoints/{codec,listener,lm}.pt
    cp checkpoints/*.pt WORK      # elsewhere
The averaged weights, without what the optimizers keep: as `codec.pt` and `lm.pt` the stages after them take them, with `--from` those
that train.
"""
import argparse
from pathlib import Path

import torch

HERE = Path(__file__).parent


def narrow(weights):
    kept = ("bank", "window")
    return {
        name: value.half() if value.is_floating_point() and not name.startswith(kept) else value
        for name, value in weights.items()
    }


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--work", type=Path, default=HERE / "work")
    arguments.add_argument("--codec", default="codec.pt", help="checkpoint in WORK")
    arguments.add_argument("--language-model", default="lm.pt", help="checkpoint in WORK")
    arguments.add_argument("--out", type=Path, default=HERE / "checkpoints")
    options = arguments.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    codec = torch.load(options.work / options.codec, map_location="cpu")
    heads = {name: value for name, value in codec["heads"].items() if name.startswith(("latent", "block"))}
    state = dict(m=narrow(codec["m"]), heads=narrow(heads), c=codec["c"], step=codec["step"])
    torch.save(state, options.out / "codec.pt")
    listener = torch.load(options.work / "listener.pt", map_location="cpu")
    torch.save(dict(listener, weights=narrow(listener["weights"])), options.out / "listener.pt")
    model = torch.load(options.work / options.language_model, map_location="cpu")
    small = {name: value.bfloat16() for name, value in model["weights"].items()}
    torch.save(dict(sizes=model["sizes"], weights=small, step=model["step"]), options.out / "lm.pt")
    print(f"codec after {codec['step']} steps, listener, language model after {model['step']}:", ", ".join(f"{path.stat().st_size / 1e6:.1f} MB" for path in sorted(options.out.glob("*.pt"))))


if __name__ == "__main__":
    main()
