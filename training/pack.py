"""Stage "pack": the state of codec and listener in float16, to go on from where WORK is not there.

    python pack.py      # WORK/{codec,listener}.pt -> checkpoints/
    cp checkpoints/codec.pt WORK/codec-warm.pt; cp checkpoints/listener.pt WORK      # elsewhere
The averaged weights, without what the optimizers keep; `train_codec.py --from codec-warm.pt` begins with them.
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
    arguments.add_argument("--out", type=Path, default=HERE / "checkpoints")
    options = arguments.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    codec = torch.load(options.work / options.codec, map_location="cpu")
    heads = {name: value for name, value in codec["heads"].items() if name.startswith(("latent", "block"))}
    state = dict(m=narrow(codec["m"]), heads=narrow(heads), c=codec["c"], step=codec["step"])
    torch.save(state, options.out / "codec.pt")
    listener = torch.load(options.work / "listener.pt", map_location="cpu")
    torch.save(dict(listener, weights=narrow(listener["weights"])), options.out / "listener.pt")
    print(f"codec after {codec['step']} steps, listener:", ", ".join(f"{path.stat().st_size / 1e6:.1f} MB" for path in sorted(options.out.glob("*.pt"))))


if __name__ == "__main__":
    main()
