/** What the engine offers over a network; nodes and the command line know the services by this file alone. */
export { isLoopback } from './access/allowed-hosts.js';
export { openSoundHost, SOUND_HOST_RULES, type SoundHost, type SoundHostOptions } from './sound-host/index.js';
export { advertise, type AdvertisedServer, type Advertisement } from './zeroconf/index.js';
export { HTTP_RULES, openHttpServer, type HttpOptions, type HttpServer, type HttpServerContext } from './http/index.js';
export {
  openWyomingServer,
  WYOMING_RULES,
  type WyomingContext,
  type WyomingOptions,
  type WyomingServer,
} from './wyoming/index.js';
export {
  ANNOUNCER_FORMATS,
  ANNOUNCER_RULES,
  openAnnouncer,
  type Announcement,
  type AnnouncementResult,
  type Announcer,
  type AnnouncerOptions,
  type AnnouncerState,
  type BrokerOptions,
  type SpokenAnnouncement,
} from './mqtt/index.js';
