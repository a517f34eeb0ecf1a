/** An announcer's options, checked and filled in. */
import { checkChoice, checkNumber } from '../../engine/package-api.js';
import { Cooldown } from './cooldown.js';
import { ANNOUNCER_FORMATS, type AnnouncerOptions } from './options.js';
import { parseQuietHours } from './quiet-hours.js';
import { ANNOUNCER_RULES } from './rules.js';
import { checkId, checkTopic, topicsBeneath } from './topics.js';

const DISCOVERY_PREFIX = 'homeassistant';

export type CheckedOptions = ReturnType<typeof checkAnnouncerOptions>;

/** Throws HIGGS_OPTION_INVALID. */
export function checkAnnouncerOptions(options: AnnouncerOptions) {
  const topic =
    options.topic === undefined || options.topic === '' ? `higgs-tts/${checkId(options.id)}` : options.topic;
  checkId(options.id);
  const prefix = options.discoveryPrefix ?? DISCOVERY_PREFIX;
  if (prefix !== '') checkTopic('discoveryPrefix', prefix);
  return {
    topics: topicsBeneath(topic),
    prefix,
    format: checkChoice('format', options.format, ANNOUNCER_FORMATS),
    rules: {
      cooldown: new Cooldown(checkNumber('cooldownSeconds', options.cooldownSeconds, ANNOUNCER_RULES.cooldownSeconds)),
      quietHours: parseQuietHours(options.quietHours ?? ''),
      quietPriority: checkNumber('quietPriority', options.quietPriority, ANNOUNCER_RULES.quietPriority),
      queueLimit: checkNumber('queueLimit', options.queueLimit, ANNOUNCER_RULES.queueLimit),
    },
  };
}
