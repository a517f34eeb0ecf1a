/**
 * Names of makers, programs and people that homes hear of and misaki's lexicon lacks; written for this project by the
 * makers' own way of saying them. American, then British where that is another.
 */
import type { Accent } from '../../src/engine/requests.js';
import type { Pronunciation } from '../../src/engine/pronunciation/lexicon.js';

const NAMES: Readonly<Record<string, string | readonly [string, string]>> = {
  'wi-fi': 'wˈIfˌI',
  wifi: 'wˈIfˌI',
  WiFi: 'wˈIfˌI',
  Zigbee: ['zˈɪɡbi', 'zˈɪɡbiː'],
  ZigBee: ['zˈɪɡbi', 'zˈɪɡbiː'],
  Sonos: ['sˈOnOs', 'sˈQnɒs'],
  Tasmota: ['tæzmˈOɾə', 'tazmˈQtə'],
  IKEA: ['Ikˈiə', 'Ikˈiːə'],
  Shelly: 'ʃˈɛli',
  MQTT: ['ˌɛmkjˌutˌitˈi', 'ˌɛmkjˌuːtˌiːtˈiː'],
  Kubernetes: ['kˌubəɹnˈɛɾiz', 'kˌuːbənˈɛtiːz'],
  Xiaomi: ['ʃWmˈi', 'ʃWmˈiː'],
  Aqara: ['əkˈɑɹə', 'əkˈɑːɹə'],
  Tuya: ['tˈujə', 'tˈuːjə'],
  Tado: ['tˈɑdO', 'tˈɑːdQ'],
  Nuki: ['nˈuki', 'nˈuːki'],
  Ecobee: ['ˈikObˌi', 'ˈiːkQbˌiː'],
  Roborock: ['ɹˈObəɹˌɑk', 'ɹˈQbəɹˌɒk'],
  Roomba: ['ɹˈumbə', 'ɹˈuːmbə'],
  Miele: ['mˈilə', 'mˈiːlə'],
  Daikin: 'dˈIkɪn',
  Viessmann: ['vˈismən', 'vˈiːsmən'],
  Vaillant: ['vAlˈɑnt', 'vAlˈant'],
  Homematic: ['hˌOmmˈæɾɪk', 'hˌQmmˈatɪk'],
  Netatmo: ['nɛtˈætmO', 'nɛtˈatmQ'],
  Fritzbox: ['fɹˈɪtsbˌɑks', 'fɹˈɪtsbˌɒks'],
  Jellyfin: 'ʤˈɛlifˌɪn',
  Kodi: ['kˈOdi', 'kˈQdi'],
  Plex: 'plˈɛks',
  Grafana: ['ɡɹəfˈɑnə', 'ɡɹəfˈɑːnə'],
  Jira: ['ʤˈiɹə', 'ʤˈɪəɹə'],
  YAML: ['jˈæməl', 'jˈaməl'],
  Ubiquiti: ['jubˈɪkwɪɾi', 'juːbˈɪkwɪti'],
  UniFi: ['jˈunɪfˌI', 'jˈuːnɪfˌI'],
  Reolink: ['ɹˈiOlˌɪŋk', 'ɹˈiːQlˌɪŋk'],
  Tradfri: ['tɹˈɑdfɹi', 'tɹˈɑːdfɹi'],
  Sengled: 'sˈɛŋɡᵊld',
  Govee: ['ɡˈOvi', 'ɡˈQvi'],
  Arduino: ['ˌɑɹdwˈinO', 'ˌɑːdwˈiːnQ'],
  Anja: ['ˈɑnjə', 'ˈanjə'],
  Jürgen: ['jˈʊɹɡən', 'jˈɜːɡən'],
  Jurgen: ['jˈʊɹɡən', 'jˈɜːɡən'],
  Müller: ['mˈʊləɹ', 'mˈʊlə'],
  Schmidt: 'ʃmˈɪt',
  Schröder: ['ʃɹˈOdəɹ', 'ʃɹˈɜːdə'],
  Björn: ['bjˈɔɹn', 'bjˈɔːn'],
  Søren: ['sˈOɹən', 'sˈɜːɹən'],
  Zoë: ['zˈOi', 'zˈQi'],
  Zoe: ['zˈOi', 'zˈQi'],
  Chloë: ['klˈOi', 'klˈQi'],
  Siobhan: ['ʃɪvˈɔn', 'ʃɪvˈɔːn'],
  Giuseppe: ['ʤusˈɛpA', 'ʤuːsˈɛpi'],
  Szymon: 'ʃˈɪmən',
};

/** `words` with the names that it lacks. */
export function withHomeNames(words: ReadonlyMap<string, Pronunciation>, accent: Accent): Map<string, Pronunciation> {
  const all = new Map(words);
  for (const [name, said] of Object.entries(NAMES)) {
    const phones = typeof said === 'string' ? said : said[accent === 'american' ? 0 : 1];
    if (words.get(name)?.isChecked !== true) all.set(name, { phones, byClass: new Map(), isChecked: true });
  }
  return all;
}
