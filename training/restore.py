"""Stage "restore": WORK/shipped-codec.pt, shipped-lm.pt and pronunciation.json from the shipped files, to train on from them.

What was dropped at shipping (moving averages of the codebooks, the helpers of the training) begins anew, and the
optimizers' state with it: start `train_lm.py` and `train_codec.py` with `--from`.
"""
import argparse
import json
from pathlib import Path

import torch
from safetensors.torch import load_file

from codec import CFG, Codec
from lm import LanguageModel, LanguageModelSizes, save_language_model

HERE = Path(__file__).parent


def restore_codec(folder, out):
    config = json.loads((folder / "config.json").read_text())
    acoustic, hubert = config["acoustic_model_config"], config["semantic_model_config"]
    sizes = dict(
        CFG, enc=acoustic["encoder_hidden_size"], dec=acoustic["decoder_hidden_size"], lat=acoustic["hidden_size"],
        ratios=acoustic["downsampling_ratios"], up=acoustic["upsampling_ratios"], cb=config["codebook_size"], cbd=config["codebook_dim"],
        hub=dict(
            conv=hubert["conv_dim"][0], h=hubert["hidden_size"], layers=hubert["num_hidden_layers"],
            heads=hubert["num_attention_heads"], ff=hubert["intermediate_size"],
            pos=hubert["num_conv_pos_embeddings"], groups=hubert["num_conv_pos_embedding_groups"],
        ),
    )  # fmt: skip
    weights = {name: value.float() for name, value in load_file(folder / "model.safetensors").items()}
    sizes["nq"] = 1 + max(int(name.split(".")[2]) for name in weights if name.startswith("quantizer."))
    for i in range(sizes["nq"]):
        book = f"quantizer.quantizers.{i}.codebook."
        weights[book + "embed_avg"] = weights[book + "embed"] * weights[book + "cluster_size"][:, None]
    codec = Codec(sizes)
    codec.load_state_dict(weights)
    torch.save(dict(m=codec.state_dict(), step=0, c=sizes), out)


def restore_language_model(folder, out):
    config = json.loads((folder / "config.json").read_text())
    model = LanguageModel(
        LanguageModelSizes(
            vocabulary=config["vocab_size"], hidden=config["hidden_size"], feed_forward=config["intermediate_size"],
            layers=config["num_hidden_layers"], heads=config["num_attention_heads"],
            key_value_heads=config["num_key_value_heads"], head_dim=config["head_dim"],
            codebooks=config["num_codebooks"], codes=config["codebook_size"] - 2,
            rope_theta=config["rope_parameters"]["rope_theta"], eps=config["rms_norm_eps"],
        )
    )  # fmt: skip
    weights = {
        name.removeprefix("model.").replace("embed_audio_tokens.embed_audio_tokens", "embed_audio"): value.float()
        for name, value in load_file(folder / "model.safetensors").items()
    }
    model.load_state_dict(weights)
    save_language_model(out, model)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--work", type=Path, default=HERE / "work")
    arguments.add_argument("--models", type=Path, default=HERE.parent / "models" / "embedded")
    options = arguments.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    restore_codec(options.models / "codec", options.work / "shipped-codec.pt")
    restore_language_model(options.models / "model", options.work / "shipped-lm.pt")
    (options.work / "pronunciation.json").write_bytes((HERE / "pronunciation.json").read_bytes())


if __name__ == "__main__":
    main()
