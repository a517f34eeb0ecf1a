"""OpenAI's Python client against a server: python openai_client.py BASE; started by run.sh."""

import io
import json
import sys
import wave

from openai import OpenAI

INPUT = "Dinner is ready, and the window is open."


def main(base):
    client = OpenAI(base_url=base, api_key="a-key-for-clients", max_retries=0)
    facts = {"models": [model.id for model in client.models.list()]}
    ask = {"model": "tts-1", "voice": "alloy", "input": INPUT}
    for form in ["mp3", "opus", "flac", "pcm"]:
        facts[form] = len(client.audio.speech.create(**ask, response_format=form).content)
        assert facts[form] > 5000, facts
    with wave.open(io.BytesIO(client.audio.speech.create(**ask, response_format="wav").content)) as sound:
        facts["wav"] = sound.getnframes() / sound.getframerate()
    assert 1 < facts["wav"] < 10, facts
    with client.audio.speech.with_streaming_response.create(**ask, response_format="pcm", speed=2.0) as response:
        facts["twice as fast"] = sum(len(part) for part in response.iter_bytes()) / 48000
    assert facts["twice as fast"] < 0.8 * facts["wav"], facts
    print(json.dumps(facts))


main(sys.argv[1])
