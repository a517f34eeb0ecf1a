"""The embedded model in the published model's numbering: engines have its vocabulary, special ids and codes in their code.

    python published_numbering.py EMBEDDED OUT

EMBEDDED: models/embedded. Where the embedded codec has fewer codes than the published one, the others are copies: code c sounds,
is fed and is scored as code c modulo their number. So whichever of them is drawn, the sound is the same.
"""
import json
import shutil
import sys
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

VOCABULARY = 128256
SPECIAL_IDS = {
    "<|begin_of_text|>": 128000, "<|end_of_text|>": 128001, "<|start_header_id|>": 128006,
    "<|end_header_id|>": 128007, "<|eot_id|>": 128009, "<|audio_eos|>": 128012, "<|audio_out_bos|>": 128013,
    "<|reserved_special_token_6|>": 128014, "<|AUDIO_OUT|>": 128016, "<|scene_desc_start|>": 128017,
    "<|scene_desc_end|>": 128018,
}  # fmt: skip
FIRST_OTHER_ID = 128100
"""Of added tokens that the published model does not have."""
CODES = 1024


def read_json(path):
    return json.loads(path.read_text())


def write_json(path, value):
    path.write_text(json.dumps(value, indent=1))


def number_tokens(source, out):
    """Tokenizer with the published ids; gives the old and the new id of each token."""
    tokenizer = read_json(source / "tokenizer.json")
    words = tokenizer["model"]["vocab"]
    added = {token["id"] for token in tokenizer["added_tokens"]}
    ids = {old: old for old in words.values() if old not in added}
    other = FIRST_OTHER_ID
    for token in tokenizer["added_tokens"]:
        new = SPECIAL_IDS.get(token["content"])
        if new is None:
            new, other = other, other + 1
        ids[token["id"]] = words[token["content"]] = token["id"] = new
    taken = set(words.values())
    words.update({f"<|unused_{number}|>": number for number in range(VOCABULARY) if number not in taken})
    (out / "tokenizer.json").write_text(json.dumps(tokenizer))
    return ids


def widen(rows, codebooks):
    """Rows of codebooks with `codes + 2` entries each -> rows of codebooks with 1,026: codes, then bos and eos."""
    codes = rows.shape[0] // codebooks - 2
    narrow = rows.view(codebooks, codes + 2, -1)
    return torch.cat([narrow[:, torch.arange(CODES) % codes], narrow[:, codes:]], dim=1).flatten(0, 1).contiguous()


def write_language_model(source, out):
    out.mkdir(parents=True, exist_ok=True)
    config = read_json(source / "config.json")
    codebooks = config["num_codebooks"]
    ids = number_tokens(source, out)
    weights = load_file(source / "model.safetensors")
    words = weights["model.embed_tokens.weight"]
    numbered = torch.zeros(VOCABULARY, words.shape[1], dtype=words.dtype)
    for old, new in ids.items():
        numbered[new] = words[old]
    weights["model.embed_tokens.weight"] = numbered
    sounds = "model.embed_audio_tokens.embed_audio_tokens.weight"
    weights[sounds] = widen(weights[sounds], codebooks)
    weights["audio_lm_head.weight"] = widen(weights["audio_lm_head.weight"], codebooks)
    weights.setdefault("text_lm_head.weight", torch.zeros(VOCABULARY, words.shape[1], dtype=words.dtype))
    save_file(weights, out / "model.safetensors", metadata={"format": "pt"})

    ends = {"bos_token_id": 128000, "eos_token_id": 128009, "pad_token_id": 128001}
    sounds_at = {"audio_stream_bos_id": CODES, "audio_stream_eos_id": CODES + 1}
    codec = str(out.parent / "codec")
    config |= ends | sounds_at | {
        "vocab_size": VOCABULARY, "codebook_size": CODES + 2, "audio_token_id": 128016, "audio_bos_token_id": 128013,
        "audio_delay_token_id": 128014, "audio_tokenizer_id": codec,
    }  # fmt: skip
    write_json(out / "config.json", config)
    write_json(out / "generation_config.json", read_json(source / "generation_config.json") | ends)
    tokenizer = {"audio_tokenizer_class": "HiggsAudioV2TokenizerModel", "audio_tokenizer_name_or_path": codec}
    processor = read_json(source / "processor_config.json") | sounds_at | {"audio_tokenizer": tokenizer}
    write_json(out / "processor_config.json", processor)
    for name in ["tokenizer_config.json", "chat_template.jinja"]:
        shutil.copy(source / name, out / name)


def write_codec(source, out):
    """In float32, with as many codes as the published one."""
    out.mkdir(parents=True, exist_ok=True)
    weights = load_file(source / "model.safetensors")
    for name, value in weights.items():
        if name.endswith((".codebook.embed", ".codebook.embed_avg", ".codebook.cluster_size")):
            weights[name] = value[torch.arange(CODES) % value.shape[0]]
    weights = {name: value.float() if value.is_floating_point() else value for name, value in weights.items()}
    save_file(weights, out / "model.safetensors", metadata={"format": "pt"})
    config = read_json(source / "config.json")
    write_json(out / "config.json", config | {"codebook_size": CODES, "target_bandwidths": [2.0], "dtype": "float32"})
    for folder in [out, out.parent / "model"]:
        shutil.copy(source / "preprocessor_config.json", folder / "preprocessor_config.json")


def main(source, out):
    source, out = Path(source), Path(out).absolute()
    write_language_model(source / "model", out / "model")
    write_codec(source / "codec", out / "codec")


main(*sys.argv[1:])
