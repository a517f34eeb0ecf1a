/** Announcements over MQTT. */
export type { Announcement, AnnouncementResult, AnnouncementState, CancelReason } from './announcement.js';
export { openAnnouncer } from './announcer.js';
export {
  ANNOUNCER_FORMATS,
  type Announcer,
  type AnnouncerFormat,
  type AnnouncerOptions,
  type AnnouncerState,
  type BrokerOptions,
  type SpokenAnnouncement,
} from './options.js';
export { ANNOUNCER_RULES } from './rules.js';
