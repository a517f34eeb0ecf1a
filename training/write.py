"""Stage "write": the checkpoints in the published (converted) layout, as shipped in models/embedded.

The language model is written in bf16, the codec in float16: rounded to bf16 its encoder gives other codes for a clip (8 to 29 % of
the last four codebooks), rounded to float16 for 1 to 2 %. The codec's parts that only its training uses (the semantic decoder, `fc1`, the moving averages of
the codebooks) stay out.
"""
import argparse
import json
import math
import shutil
from pathlib import Path

import torch
from safetensors.torch import save_file

import tokenizer as words
from codec import load_codec
from lm import load_language_model
from teachers import Teachers
from voices import VOICES
from wav import write_wav

HERE = Path(__file__).parent
EMBEDDED = HERE.parent / "models" / "embedded"
PRONUNCIATION = "pronunciation.bin"
"""What the engine reads texts by; `scripts/pronunciation` makes it."""


def write_json(path, value):
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n")


def narrow(weights, dtype):
    return {name: value.detach().to(dtype).contiguous() for name, value in weights.items()}


FEATURES = dict(
    feature_extractor_type="DacFeatureExtractor", feature_size=1, hop_length=1, padding_side="right", padding_value=0.0,
    sampling_rate=24000, return_attention_mask=True,
)  # fmt: skip


def write_codec(source, out):
    """`source` -> OUT/{model.safetensors, config.json, preprocessor_config.json}."""
    from transformers import DacConfig, HiggsAudioV2TokenizerConfig, HubertConfig

    out.mkdir(parents=True, exist_ok=True)
    codec = load_codec(source)
    sizes, hubert = codec.c, codec.c["hub"]
    weights = {name: value for name, value in codec.state_dict().items() if not name.endswith("embed_avg")}
    save_file(narrow(weights, torch.float16), out / "model.safetensors", metadata={"format": "pt"})
    config = HiggsAudioV2TokenizerConfig(
        acoustic_model_config=DacConfig(
            encoder_hidden_size=sizes["enc"], decoder_hidden_size=sizes["dec"], hidden_size=sizes["lat"],
            downsampling_ratios=sizes["ratios"], upsampling_ratios=sizes["up"],
        ),
        semantic_model_config=HubertConfig(
            hidden_size=hubert["h"], num_hidden_layers=hubert["layers"], num_attention_heads=hubert["heads"],
            intermediate_size=hubert["ff"], conv_dim=[hubert["conv"]] * 7, num_conv_pos_embeddings=hubert["pos"],
            num_conv_pos_embedding_groups=hubert["groups"], activation_dropout=0.0, attention_dropout=0.0,
            final_dropout=0.0, hidden_dropout=0.0, layerdrop=0.0, mask_time_prob=0.0,
        ),
        codebook_size=sizes["cb"], codebook_dim=sizes["cbd"], target_bandwidths=[sizes["nq"] * 25 * math.log2(sizes["cb"]) / 1000],
        # What it is to be loaded as: features come as floats, whatever the file keeps.
        architectures=["HiggsAudioV2TokenizerModel"], dtype="float32",
    )  # fmt: skip
    config.save_pretrained(out)
    write_json(out / "preprocessor_config.json", FEATURES)


def write_language_model(source, work, out, generation):
    """WORK/lm.pt -> OUT/{model.safetensors, config.json, generation_config.json, tokenizer and template}."""
    out.mkdir(parents=True, exist_ok=True)
    model, _ = load_language_model(source)
    sizes, names = model.sizes, {
        "embed_tokens.weight": "model.embed_tokens.weight",
        "embed_audio.weight": "model.embed_audio_tokens.embed_audio_tokens.weight",
        "norm.weight": "model.norm.weight",
    }
    weights = {
        names.get(name, name if name.startswith("audio_lm_head") else "model." + name): value
        for name, value in model.state_dict().items()
    }
    save_file(narrow(weights, torch.bfloat16), out / "model.safetensors", metadata={"format": "pt"})
    tokenizer = words.make(work)
    ids = tokenizer.convert_tokens_to_ids
    ends = dict(
        bos_token_id=ids("<|begin_of_text|>"), eos_token_id=ids("<|eot_id|>"), pad_token_id=ids("<|end_of_text|>")
    )
    write_json(
        out / "config.json",
        dict(
            architectures=["HiggsAudioV2ForConditionalGeneration"], model_type="higgs_audio_v2", dtype="bfloat16",
            vocab_size=sizes.vocabulary, hidden_size=sizes.hidden, intermediate_size=sizes.feed_forward,
            num_hidden_layers=sizes.layers, num_attention_heads=sizes.heads,
            num_key_value_heads=sizes.key_value_heads, head_dim=sizes.head_dim, hidden_act="silu",
            rms_norm_eps=sizes.eps, max_position_embeddings=2048,
            rope_parameters=dict(rope_theta=sizes.rope_theta, rope_type="default"), attention_bias=False,
            mlp_bias=False, tie_word_embeddings=False, num_codebooks=sizes.codebooks, codebook_size=sizes.codes + 2,
            audio_token_id=ids("<|AUDIO_OUT|>"), audio_bos_token_id=ids("<|audio_out_bos|>"),
            audio_delay_token_id=ids("<|reserved_special_token_6|>"), audio_stream_bos_id=sizes.bos,
            audio_stream_eos_id=sizes.eos, use_cache=True,
            reading=dict(alphabet="misaki", file=PRONUNCIATION), **ends,
        ),
    )  # fmt: skip
    if not (out / PRONUNCIATION).exists():
        shutil.copy(EMBEDDED / "model" / PRONUNCIATION, out)
    write_json(
        out / "generation_config.json",
        # Without RAS: a small codebook's codes come again by right, in every pause and long vowel.
        dict(do_sample=True, ras_win_len=None, ras_win_max_num_repeat=None, **generation, **ends),
    )
    tokenizer.save_pretrained(out)
    compact = json.loads((out / "tokenizer.json").read_text())
    (out / "tokenizer.json").write_text(json.dumps(compact, ensure_ascii=False, separators=(",", ":")))
    shutil.copy(HERE / "chat_template.jinja", out / "chat_template.jinja")
    write_json(
        out / "processor_config.json",
        dict(
            processor_class="HiggsAudioV2Processor", audio_token="<|AUDIO_OUT|>", audio_bos_token="<|audio_out_bos|>",
            audio_eos_token="<|audio_eos|>", audio_delay_token="<|reserved_special_token_6|>",
            audio_stream_bos_id=sizes.bos, audio_stream_eos_id=sizes.eos,
            # From the model's own folder: other loaders know no path that goes with the checkpoint.
            audio_tokenizer=dict(
                audio_tokenizer_class="HiggsAudioV2TokenizerModel", audio_tokenizer_name_or_path="../codec"
            ),
        ),
    )  # fmt: skip
    # The processor looks for it beside the tokenizer.
    write_json(out / "preprocessor_config.json", FEATURES)


def write_voices(work, out):
    """A clip of each voice -> OUT/{NAME.wav, voices.json}."""
    for path in out.glob("*.wav"):
        path.unlink()
    out.mkdir(parents=True, exist_ok=True)
    teachers, entries = Teachers(work), []
    for voice in VOICES:
        samples = teachers.speak(voice.clip, voice)
        write_wav(out / f"{voice.name}.wav", samples)
        entries.append(
            dict(
                name=voice.name, description=voice.description, accent=voice.accent, transcript=voice.clip,
                file=f"{voice.name}.wav", seconds=round(len(samples) / 24000, 2), source=f"Kokoro {voice.speaker}",
            )
        )  # fmt: skip
    write_json(out / "voices.json", entries)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--work", type=Path, default=HERE / "work")
    arguments.add_argument("--out", type=Path, default=EMBEDDED)
    arguments.add_argument("--parts", default="codec,model,voices")
    arguments.add_argument("--codec", default="codec.pt", help="checkpoint in WORK")
    arguments.add_argument("--language-model", default="lm.pt", help="checkpoint in WORK")
    arguments.add_argument("--temperature", type=float, default=0.3)
    arguments.add_argument("--top-k", type=int, default=30)
    arguments.add_argument("--top-p", type=float, default=0.95)
    options = arguments.parse_args()
    parts = options.parts.split(",")
    if "codec" in parts:
        write_codec(options.work / options.codec, options.out / "codec")
    if "voices" in parts:
        write_voices(options.work, options.out / "voices")
    if "model" in parts:
        generation = dict(temperature=options.temperature, top_k=options.top_k, top_p=options.top_p)
        write_language_model(options.work / options.language_model, options.work, options.out / "model", generation)


if __name__ == "__main__":
    main()
