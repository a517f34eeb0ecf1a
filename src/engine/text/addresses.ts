/**
 * What names a place in a network or on a disk, as one would read it out: web and mail addresses, IP addresses with ports,
 * hardware addresses, files and folders, Home Assistant's entities, @names and #topics.
 */
import { spell } from './codes.js';
import type { Locale } from './languages/index.js';
import { sayDigits } from './numbers.js';

const BEFORE = '(?<![\\p{L}\\p{N}@._/-])';
const TOP_LEVELS =
  'com|org|net|io|dev|de|uk|fr|eu|info|local|lan|home|app|ai|ch|edu|gov|nl|pl|cz|se|dk|ca|au|jp|biz|shop|online|cloud|blog|arpa|internal|tv|xyz';
const PATH = '[^\\s<>"()[\\]{}|]{0,2000}';
const WEB = new RegExp(
  `(?:(?<![\\p{L}\\p{N}])[a-z][a-z0-9+-]{1,10}:\\/\\/|\\bwww\\.)${PATH}|${BEFORE}(?:[a-z0-9-]{1,63}\\.){1,8}(?:${TOP_LEVELS})(?:(?::\\d{1,5})?\\/${PATH}|:\\d{1,5})?(?![\\p{L}\\p{N}@_-])`,
  'giu',
);
const LOCAL =
  /(?<![\p{L}\p{N}@._/-])(localhost|(?:\d{1,3}\.){3}\d{1,3})(?::(\d{2,5}))?(\/[^\s<>"()[\]{}|]{0,500})?(?![\p{L}\p{N}_]|\.\d)/gu;
const MAIL =
  /(?<![\p{L}\p{N}._%+-])[\p{L}\p{N}][\p{L}\p{N}._%+-]{0,63}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,8}/gu;
const HARDWARE = /(?<![\p{L}\d:-])[0-9A-Fa-f]{2}(?:([:-])[0-9A-Fa-f]{2})(?:\1[0-9A-Fa-f]{2}){4}(?![\p{L}\d:-])/gu;
const UUID = /(?<![\p{L}\d-])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![\p{L}\d-])/giu;
const IPV6 =
  /(?<![\p{L}\d:.])(?=[0-9a-f:]{0,40}(?:::|(?:[0-9a-f]{1,4}:){5}))[0-9a-f]{0,4}(?::{1,2}[0-9a-f]{1,4}){1,8}(?:::)?(?![\p{L}\d:])/giu;
const ENDINGS =
  'txt|pdf|jpe?g|png|gif|svg|mp[34]|wav|flac|ogg|zip|gz|tar|csv|json|ya?ml|xml|html?|css|js|ts|py|sh|exe|docx?|xlsx?|pptx?|md|log|conf|cfg|ini|bak|iso|onnx|env|toml|sql|db';
const FILE = new RegExp(
  `(?<![\\p{L}\\p{N}@/\\\\])([\\p{L}\\p{N}][\\p{L}\\p{N}_-]{0,80})\\.(${ENDINGS})(?![\\p{L}\\p{N}])`,
  'giu',
);
const LAST_ENDING = new RegExp(`\\.(${ENDINGS})$`, 'i');
const FOLDERS =
  /(?<![\p{L}\p{N}<])(?:[A-Za-z]:)?(?:[\\/][\p{L}\p{N}._-]{1,60}){2,20}[\\/]?(?![\p{L}\p{N}])|(?<![\p{L}\p{N}])[A-Za-z]:(?:\\[\p{L}\p{N}._-]{1,60}){1,20}/gu;
const TOPIC = /(?<![\p{L}\p{N}/.])[\p{L}][\p{L}\p{N}_-]{1,40}(?:\/[\p{L}\p{N}_+#-]{1,40}){2,10}(?![\p{L}\p{N}/])/gu;
const DOMAINS =
  'air_quality|alarm_control_panel|alert|automation|binary_sensor|button|calendar|camera|climate|counter|cover|device_tracker|event|fan|group|humidifier|image|input_boolean|input_button|input_datetime|input_number|input_select|input_text|lawn_mower|light|lock|media_player|notify|number|person|plant|remote|scene|schedule|script|select|sensor|siren|stt|sun|switch|text|timer|todo|tts|update|vacuum|valve|wake_word|water_heater|weather|zone';
const ENTITY = new RegExp(
  `(?<![\\p{L}\\p{N}._/-])(${DOMAINS})\\.([a-z0-9_]{1,100})(?![\\p{L}\\p{N}_]|\\.\\p{L})`,
  'giu',
);
const SPOKEN_ENDINGS: ReadonlyMap<string, string> = new Map([
  ['conf', 'conf'],
  ['log', 'log'],
  ['zip', 'zip'],
  ['json', 'json'],
  ['bak', 'bak'],
  ['tar', 'tar'],
  ['ini', 'ini'],
  ['toml', 'toml'],
  ['env', 'env'],
  ['onnx', 'onnx'],
]);

/** Addresses written in `text`, in words; numbers in their names stay for the rule of numbers. */
export function expandAddresses(text: string, locale: Locale): string {
  const { address: words } = locale;
  return text
    .replace(UUID, (id) => ` ${spell(id, locale)} `)
    .replace(HARDWARE, (id) => ` ${spell(id, locale)} `)
    .replace(IPV6, (id) => (/::/.test(id) || /[a-f]/i.test(id) ? ` ${spell(id.replaceAll('::', ':'), locale)} ` : id))
    .replace(MAIL, (mail) => sayAddress(mail, locale))
    .replace(WEB, (address) => {
      const bare = address.replace(/[.,;:!?'*_~]{1,20}$/, '');
      return sayWeb(bare, locale) + address.slice(bare.length);
    })
    .replace(LOCAL, (all: string, host: string, port: string | undefined, path: string | undefined) => {
      const parts = host.split('.');
      const isAddress = parts.length === 4 && parts.every((part) => Number(part) <= 255 && !/^0\d/.test(part));
      if (host !== 'localhost' && !isAddress) return all;
      const said = isAddress ? parts.map((part) => locale.cardinal(BigInt(part))).join(` ${words.dot} `) : host;
      const behind = path === undefined ? '' : sayPath(path.replace(/[.,;:!?]{1,9}$/, ''), locale);
      return ` ${said}${port === undefined ? '' : ` ${words.port} ${sayDigits(port, locale)}`}${behind} `;
    })
    .replace(FILE, (_all, name: string, ending: string) => `${name.replaceAll('_', ' ')} ${sayEnding(ending, locale)} `)
    .replace(FOLDERS, (path) => sayPath(path, locale))
    .replace(TOPIC, (topic) => (/[_\d#+]|(?:\/[^/]{1,40}){2}/.test(topic) ? sayPath(topic, locale) : topic))
    .replace(ENTITY, (_all, domain: string, name: string) => `${domain} ${name}`.replaceAll('_', ' '))
    .replace(/(?<![\p{L}\p{N}.@])@(?=[\p{L}_])/gu, `${words.at} `)
    .replace(/(?<=[\p{L}\p{N}])_(?=[\p{L}\p{N}])/gu, ' ');
}

function sayWeb(address: string, locale: Locale): string {
  const [host = '', ...path] = address
    .replace(/^[a-z][a-z0-9+-]{1,10}:\/\//i, '')
    .replace(/^www\./i, '')
    .replace(/[?#].*$/, '')
    .replace(/\/{1,20}$/, '')
    .split('/');
  const [, name = host, port] = /^(.*?)(?::(\d{1,5}))?$/.exec(host) ?? [];
  const isNumber = /^[\d.]+$/.test(name);
  const said = isNumber
    ? ` ${name
        .split('.')
        .map((part) => (part === '' ? '' : sayDigits(part, locale)))
        .join(` ${locale.address.dot} `)} `
    : sayAddress(name, locale);
  const spoken = port === undefined ? said : `${said.trimEnd()} ${locale.address.port} ${sayDigits(port, locale)} `;
  return path.length === 0
    ? spoken
    : `${spoken.trimEnd()} ${locale.address.slash} ${sayAddress(path.join('/'), locale).trim()} `;
}

/** Short names behind the last dot are spelt where nobody says them as a word: co dot U K. */
const SPELT_ENDING = /(?<=\.)(?:uk|us|tv|eu|fr|nl|pl|cz|dk|jp|ch|io|ai)$/i;

function sayAddress(address: string, { address: words }: Locale): string {
  const said = address
    .replace(SPELT_ENDING, (ending) => Array.from(ending.toUpperCase()).join(' '))
    .replaceAll('.', ` ${words.dot} `)
    .replaceAll('/', ` ${words.slash} `)
    .replaceAll('@', ` ${words.at} `)
    .replaceAll('-', ` ${words.dash} `)
    .replaceAll('_', ` ${words.underscore} `)
    .replace(/%[0-9a-f]{2}/gi, ' ')
    .replace(/[^\p{L}\p{N}\s]+/gu, ' ');
  return ` ${said} `;
}

function sayEnding(ending: string, { address: words }: Locale): string {
  const lower = ending.toLowerCase();
  return `${words.dot} ${SPOKEN_ENDINGS.get(lower) ?? Array.from(lower.toUpperCase()).join(' ')}`;
}

function sayPath(path: string, locale: Locale): string {
  const { address: words } = locale;
  const said = path
    .replace(LAST_ENDING, (_all, ending: string) => ` ${sayEnding(ending, locale)}`)
    .replace(/^[A-Za-z]:/, (drive) => `${drive.charAt(0).toUpperCase()} `)
    .replace(/[\\/](?=etc(?:[\\/]|$))etc/g, `/e t c`)
    .replace(/[\\/]/g, ` ${words.slash} `)
    .replaceAll('.', ` ${words.dot} `)
    .replace(/[_+#-]/g, ' ');
  return ` ${said} `;
}
