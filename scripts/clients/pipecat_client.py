"""pipecat's service for OpenAI's speech API against a server: python pipecat_client.py BASE; started by run.sh."""

import asyncio
import json
import sys

from pipecat.frames.frames import EndFrame, ErrorFrame, TTSAudioRawFrame, TTSSpeakFrame
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineWorker
from pipecat.processors.frame_processor import FrameProcessor
from pipecat.services.openai.tts import OpenAITTSService
from pipecat.workers.runner import WorkerRunner


class Listener(FrameProcessor):
    """Counts the sound that comes by."""

    def __init__(self):
        super().__init__()
        self.seconds = 0.0
        self.errors = []

    async def process_frame(self, frame, direction):
        await super().process_frame(frame, direction)
        if isinstance(frame, TTSAudioRawFrame):
            self.seconds += len(frame.audio) / 2 / frame.num_channels / frame.sample_rate
        if isinstance(frame, ErrorFrame):
            self.errors.append(frame.error)
        await self.push_frame(frame, direction)


async def main(base):
    listener = Listener()
    settings = OpenAITTSService.Settings(voice="nova")
    speech = OpenAITTSService(api_key="a-key-for-clients", base_url=base, settings=settings, sample_rate=24000)
    worker = PipelineWorker(Pipeline([speech, listener]))
    await worker.queue_frames([TTSSpeakFrame("Dinner is ready, and the window is open."), EndFrame()])
    runner = WorkerRunner(handle_sigint=False)
    await runner.add_workers(worker)
    await runner.run()
    assert not listener.errors, listener.errors
    assert listener.seconds > 1, listener.seconds
    print(json.dumps({"seconds": round(listener.seconds, 2)}))


asyncio.run(main(sys.argv[1]))
