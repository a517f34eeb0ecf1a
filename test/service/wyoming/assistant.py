"""What a voice assistant does, by the wyoming package itself: python assistant.py HOST PORT; facts as JSON on stdout."""

import asyncio
import hashlib
import json
import sys

from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.client import AsyncTcpClient
from wyoming.error import Error
from wyoming.info import Describe, Info
from wyoming.ping import Ping, Pong
from wyoming.tts import (
    Synthesize,
    SynthesizeChunk,
    SynthesizeStart,
    SynthesizeStop,
    SynthesizeStopped,
    SynthesizeVoice,
)


async def hear(client, last):
    """Events up to one of type `last`: the sound, and what it was announced as."""
    sound, start, chunks = b"", None, 0
    while True:
        event = await client.read_event()
        if event is None:
            raise RuntimeError("the connection ended")
        if Error.is_type(event.type):
            raise RuntimeError(Error.from_event(event).text)
        if AudioStart.is_type(event.type):
            start = AudioStart.from_event(event)
        elif AudioChunk.is_type(event.type):
            chunk = AudioChunk.from_event(event)
            assert (chunk.rate, chunk.width, chunk.channels) == (start.rate, start.width, start.channels)
            sound, chunks = sound + chunk.audio, chunks + 1
        elif last.is_type(event.type):
            return {"bytes": len(sound), "chunks": chunks, "rate": start.rate, "sha256": hashlib.sha256(sound).hexdigest()}


async def main(host, port):
    facts = {}
    async with AsyncTcpClient(host, port) as client:
        await client.write_event(Ping(text="hello").event())
        facts["pong"] = Pong.from_event(await client.read_event()).text

        await client.write_event(Describe().event())
        program = Info.from_event(await client.read_event()).tts[0]
        facts["voices"] = [voice.name for voice in program.voices]
        facts["languages"] = program.voices[0].languages
        facts["streaming"] = program.supports_synthesize_streaming

        voice = SynthesizeVoice(name=program.voices[0].name)
        await client.write_event(Synthesize(text="The door is open.", voice=voice).event())
        facts["whole"] = await hear(client, AudioStop)

        await client.write_event(SynthesizeStart(voice=voice).event())
        for part in ("The door ", "is open. ", "It is", " late."):
            await client.write_event(SynthesizeChunk(text=part).event())
        await client.write_event(Synthesize(text="The door is open. It is late.", voice=voice).event())
        await client.write_event(SynthesizeStop().event())
        facts["parts"] = await hear(client, SynthesizeStopped)
    print(json.dumps(facts))


asyncio.run(main(sys.argv[1], int(sys.argv[2])))
