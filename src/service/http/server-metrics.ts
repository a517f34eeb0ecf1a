import type { EngineInfo } from '../../engine/index.js';
import { Counter, gaugeLines, Histogram } from './metrics.js';

const SECONDS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

/** What one server counts; the names are for dashboards to rely on (docs/http.md). */
export class ServerMetrics {
  readonly requests = new Counter('higgs_http_requests_total', 'Requests answered, by route and status.');
  readonly cancelled = new Counter('higgs_speech_cancelled_total', 'Speeches whose client went away before the end.');
  readonly soundSeconds = new Counter('higgs_speech_sound_seconds_total', 'Seconds of sound made.');
  readonly workSeconds = new Counter('higgs_speech_work_seconds_total', 'Seconds of work on it.');
  readonly characters = new Counter('higgs_speech_characters_total', 'Characters of text spoken.');
  readonly firstSound = new Histogram(
    'higgs_speech_first_sound_seconds',
    'From the request to its first sound, waiting included.',
    SECONDS,
  );
  readonly duration = new Histogram(
    'higgs_speech_duration_seconds',
    'From the request to the end of its sound.',
    SECONDS,
  );

  text(places: number, connections: number, engine: EngineInfo): string {
    const counted = [
      this.requests,
      this.cancelled,
      this.soundSeconds,
      this.workSeconds,
      this.characters,
      this.firstSound,
      this.duration,
    ].flatMap((metric) => metric.lines());
    const gauges = [
      ...gaugeLines('higgs_http_connections', 'Open connections.', connections),
      ...gaugeLines('higgs_speech_in_flight', 'Speeches of this server that wait or run.', places),
      ...gaugeLines('higgs_engine_waiting', 'Calls that wait for the engine, of whoever.', engine.waiting),
      ...gaugeLines('higgs_engine_running', 'Whether the engine works.', engine.running ? 1 : 0),
      ...gaugeLines('higgs_engine_ready', 'Whether the model is loaded.', engine.state === 'ready' ? 1 : 0),
      ...gaugeLines('higgs_engine_resident_bytes', 'Memory of the speech process.', engine.residentBytes ?? 0),
      ...gaugeLines('higgs_server_resident_bytes', 'Memory of the server.', process.memoryUsage.rss()),
    ];
    return `${[...counted, ...gauges].join('\n')}\n`;
  }
}
