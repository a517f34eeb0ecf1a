"""Greedy, and written down: for a comparison frame by frame (../greedy-frames.ts). HIGGS_GREEDY_RECORD names a file; as long as
there is one, empty at first, the engine draws greedily and adds to it.

A line each: {"prompt": [ids]} where a prompt went in, then {"row": [codes], "scores": base64 of float32 [codebooks * codes]} for
each row that was drawn; the opening row of bos alone has no scores.
"""
import base64
import json
import os

import torch

FILE = os.environ.get("HIGGS_GREEDY_RECORD")


def is_asked():
    return os.path.exists(FILE)


class GreedyTorch:
    """In the place of torch where the model draws: what is drawn, also in the place of a repetition, is the best."""

    def __getattr__(self, name):
        return getattr(torch, name)

    @staticmethod
    def multinomial(shares, num_samples):
        return shares.argmax(dim=-1, keepdim=True) if is_asked() else torch.multinomial(shares, num_samples)


def make_greedy(model):
    from vllm_omni.model_executor.models.higgs_audio_v2 import higgs_audio_v2_talker as talker

    if not isinstance(model, talker.HiggsAudioV2TalkerForConditionalGeneration):
        return
    talker.torch = GreedyTorch()
    scores_of, sample = model.audio_codebook_logits, model.sample
    seen = {}

    def write(line):
        if is_asked():
            with open(FILE, "a") as out:
                out.write(json.dumps(line) + "\n")

    def keep_scores(hidden_states, audio_token_mask):
        scores = scores_of(hidden_states, audio_token_mask)
        # The engine masks them in place.
        seen["scores"] = scores.detach().float().clone()
        return scores

    def sample_and_write(logits, sampling_metadata):
        seen.clear()
        fed = model._last_step_input_ids.reshape(-1).tolist()
        if len(fed) > 1:
            write({"prompt": fed, "dtype": str(logits.dtype)})
        result = sample(logits, sampling_metadata)
        rows = model._last_audio_codes
        if rows is not None and int(rows[0, 0]) >= 0:
            scores = seen.get("scores")
            told = {} if scores is None or scores.numel() == 0 else {
                "scores": base64.b64encode(scores[0].reshape(-1).numpy().tobytes()).decode()
            }  # fmt: skip
            write({"row": rows[0].tolist(), **told})
        return result

    model.audio_codebook_logits = keep_scores
    model.sample = sample_and_write
