"""LiveKit's plugin for OpenAI's speech API against a server: python livekit_client.py BASE; started by run.sh."""

import asyncio
import json
import sys

from livekit.plugins import openai


async def main(base):
    speech = openai.TTS(base_url=base, api_key="a-key-for-clients", model="tts-1", voice="alloy")
    seconds = 0.0
    async with speech.synthesize("Dinner is ready, and the window is open.") as stream:
        async for event in stream:
            seconds += event.frame.duration
    assert seconds > 1, seconds
    print(json.dumps({"seconds": round(seconds, 2)}))


asyncio.run(main(sys.argv[1]))
