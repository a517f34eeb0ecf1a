/** What the announcer listens to and tells, all beneath one topic. */
import { HiggsError } from '../../engine/index.js';

const ID = /^[A-Za-z0-9_-]{1,64}$/;

export interface Topics {
  /** Commands: a text, or JSON. One more level names the target: `say/kitchen`. */
  readonly say: string;
  readonly sayTo: string;
  /** `stop`: the announcement that is spoken; `clear`: those that wait. */
  readonly control: string;
  /** The id of a repeated announcement that was heard; empty: all of them. */
  readonly ack: string;
  readonly voiceSet: string;
  readonly musicSet: string;
  readonly volumeSet: string;
  /** Retained: `online` or `offline`, the latter by the broker itself where the connection breaks. */
  readonly availability: string;
  /** Retained: what is set, what is done, how many wait. */
  readonly voice: string;
  readonly music: string;
  readonly volume: string;
  readonly state: string;
  readonly queue: string;
  /** What becomes of each announcement, as JSON. */
  readonly result: string;
  readonly progress: string;
}

/** Throws HIGGS_OPTION_INVALID: a topic to publish on has no wildcards, and no level of it is empty. */
export function topicsBeneath(base: string): Topics {
  checkTopic('topic', base);
  return {
    say: `${base}/say`,
    sayTo: `${base}/say/+`,
    control: `${base}/control`,
    ack: `${base}/ack`,
    voiceSet: `${base}/voice/set`,
    musicSet: `${base}/music/set`,
    volumeSet: `${base}/volume/set`,
    availability: `${base}/availability`,
    voice: `${base}/voice`,
    music: `${base}/music`,
    volume: `${base}/volume`,
    state: `${base}/state`,
    queue: `${base}/queue`,
    result: `${base}/result`,
    progress: `${base}/progress`,
  };
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
