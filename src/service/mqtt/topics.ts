/** What the announcer listens to and tells, all beneath one topic. */
import { HiggsError } from '../../engine/index.js';

const ID = /^[A-Za-z0-9_-]{1,64}$/;

const PATHS = {
  /** Commands: a text, or JSON. One more level names the target: `say/kitchen`. */
  say: 'say',
  sayTo: 'say/+',
  /** `stop`: the announcement that is spoken; `clear`: those that wait. */
  control: 'control',
  /** The id of a repeated announcement that was heard; empty: all of them. */
  ack: 'ack',
  voiceSet: 'voice/set',
  musicSet: 'music/set',
  volumeSet: 'volume/set',
  /** Retained: `online` or `offline`, the latter by the broker itself where the connection breaks. */
  availability: 'availability',
  /** Retained: which announcer was here last, so that two of the same id find out. */
  instance: 'instance',
  /** Retained: what is set, what is done, how many wait. */
  voice: 'voice',
  music: 'music',
  volume: 'volume',
  state: 'state',
  queue: 'queue',
  /** What becomes of each announcement, as JSON. */
  result: 'result',
  progress: 'progress',
} as const;

export type TopicName = keyof typeof PATHS;
export type Topics = Readonly<Record<TopicName, string>>;

/** Throws HIGGS_OPTION_INVALID: a topic to publish on has no wildcards, and no level of it is empty. */
export function topicsBeneath(base: string): Topics {
  checkTopic('topic', base);
  const topics = Object.entries(PATHS).map(([name, path]) => [name, `${base}/${path}`]);
  return Object.fromEntries(topics) as Topics;
}

export function checkTopic(name: string, topic: string): void {
  const levels = topic.split('/');
  const wrong = topic.length > 200 || levels.includes('') || /[+#\u0000-\u001f]/.test(topic) || topic.startsWith('$');
  if (wrong) {
    const what = `The option "${name}" is ${JSON.stringify(topic)}; it takes a topic without "+", "#" and empty levels.`;
    throw new HiggsError('HIGGS_OPTION_INVALID', what);
  }
}

/** An announcer's id is part of topics, of the client's id and of a file's name. */
export function checkId(id: string): string {
  if (ID.test(id)) return id;
  const what = `The option "id" is ${JSON.stringify(id)}; it takes 1 to 64 letters, digits, "-" and "_".`;
  throw new HiggsError('HIGGS_OPTION_INVALID', what);
}
