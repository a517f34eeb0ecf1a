export { advertise, type AdvertisedServer, type Advertisement } from './advertise.js';
