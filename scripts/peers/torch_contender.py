"""The reference implementation, transformers on PyTorch in bfloat16 with random weights, as a process that answers the
tasks of `higgs-tts bench` (src/bench/contender.ts): one line of JSON each.

    python torch_contender.py DIR THREADS

DIR holds the config.json of a checkpoint in the converted layout. Only what audio positions need is made: layers share one
feed-forward net for text, which no step reads.
"""

import json
import sys
import time

import torch
from transformers import AutoConfig, DynamicCache
from transformers.models.higgs_audio_v2 import HiggsAudioV2ForConditionalGeneration


def load(folder):
    config = AutoConfig.from_pretrained(folder)
    config._attn_implementation = "sdpa"
    shared = {}
    with torch.device("meta"):
        model = HiggsAudioV2ForConditionalGeneration(config)
    for layer in model.model.layers:
        layer.mlp = shared.setdefault("mlp", layer.mlp)
    model.model.embed_tokens = torch.nn.Embedding(1, 1)
    model.text_lm_head = torch.nn.Identity()
    model = model.to(torch.bfloat16).to_empty(device="cpu").eval()
    for parameter in model.parameters():
        parameter.data.normal_(0, 0.02)
    model.model.rotary_emb = type(model.model.rotary_emb)(config)
    books = torch.arange(config.num_codebooks) * config.codebook_size
    model.model.embed_audio_tokens.audio_tokens_offsets = books
    return model, config


class Torch:
    def __init__(self, folder):
        self.folder = folder
        self.caches = {}

    def feed(self, cache, positions):
        codes = torch.randint(0, self.config.codebook_size - 2, (1, positions, self.config.num_codebooks))
        begun = time.perf_counter()
        hidden = self.model.model(audio_input_ids=codes, past_key_values=cache, use_cache=True).last_hidden_state
        self.model.audio_lm_head(hidden[:, -1:])
        return 1000 * (time.perf_counter() - begun)

    def perform(self, task):
        if task["do"] == "load":
            self.model, self.config = load(self.folder)
            return []
        if task["do"] == "prefill":
            return [self.feed(DynamicCache(), task["positions"])]
        if task["do"] == "step":
            cache = self.caches.get(task["positions"])
            if cache is None:
                cache = self.caches[task["positions"]] = DynamicCache()
                self.feed(cache, task["positions"])
            return [self.feed(cache, 1) for _ in range(task["count"])]
        raise ValueError(f"not asked of PyTorch: {task['do']}")


def main():
    torch.set_num_threads(int(sys.argv[2]))
    peer = Torch(sys.argv[1])
    for line in sys.stdin:
        try:
            with torch.inference_mode():
                answer = {"milliseconds": peer.perform(json.loads(line))}
        except Exception as error:
            answer = {"failed": repr(error)}
        print(json.dumps(answer), flush=True)


main()
