/**
 * Mark-up that came with the words: HTML, SSML and Markdown inside a line. Labels of links, alternative texts and contents
 * stay, addresses of links, comments, scripts and templates go; what parts a text becomes lines, which the rule of lines reads.
 */
import type { Locale } from './languages/index.js';
import { plainCharacters } from './punctuation.js';
import { saySsml } from './ssml.js';

/** Behind these a new paragraph begins, or a line that is one. */
const BLOCKS =
  /^(?:p|div|h[1-6]|section|article|header|footer|main|nav|aside|blockquote|pre|table|ul|ol|dl|dd|dt|form|figure|figcaption|hr|s|speak|title|body|html|details|summary|fieldset|address|caption|thead|tbody)$/;
/** Elements whose content is not for the ear. */
const SILENT = ['script', 'style', 'template', 'svg', 'noscript', 'metadata', 'desc', 'del', 'rt'];

const TAG = /<(\/?)([A-Za-z][A-Za-z0-9:-]{0,30})((?:\s[^<>]{0,2000})?)\/?>/g;
const AUTOLINK = /<((?:[a-z]{2,6}:\/\/|mailto:)[^\s<>]{1,2000}|[^\s<>@]{1,64}@[^\s<>@]{1,250})>/gi;

/** `text` without its mark-up. `locale`: for what SSML asks to be said in a certain way; undefined: it is said as written. */
export function readMarkup(text: string, locale: Locale | undefined): string {
  let plain = text;
  if (plain.includes('{')) {
    plain = dropSpans(plain, '{{', '}}');
    plain = dropSpans(plain, '{%', '%}');
    plain = dropSpans(plain, '{#', '#}');
  }
  if (plain.includes('<')) plain = readHtml(plain, locale);
  if (plain.includes('&')) plain = decodeEntities(plain);
  return readMarkdown(plain);
}

function readHtml(text: string, locale: Locale | undefined): string {
  let plain = dropSpans(text, '<!--', '-->');
  plain = dropSpans(plain, '<![CDATA[', '', '');
  plain = dropSpans(plain, '<?', '?>');
  for (const name of SILENT) if (plain.includes(`<${name}`)) plain = dropSpans(plain, `<${name}`, `</${name}>`);
  plain = plain.replace(AUTOLINK, (_all, address: string) => ` ${address.replace(/^mailto:/i, '')} `);
  plain = saySsml(plain, locale);
  return plain.replace(TAG, (_tag, closing: string, written: string, attributes: string) => {
    const name = written.toLowerCase();
    if (name === 'br') return '\n';
    if (name === 'li') return closing === '' ? '\n• ' : '\n';
    if (name === 'tr') return '\n';
    if (name === 'td' || name === 'th') return closing === '' ? ' ' : ' | ';
    if (name === 'img') return ` ${/\balt\s?=\s?"([^"]{0,500})"/i.exec(attributes)?.[1] ?? ''} `;
    if (name === 'break') return ', ';
    return BLOCKS.test(name) ? '\n\n' : '';
  });
}

/** Everything from `open` to the next `close` becomes `instead`; an `open` without its `close` stays. Linear. */
function dropSpans(text: string, open: string, close: string, instead = ' '): string {
  let result = '';
  let from = 0;
  for (;;) {
    const start = text.indexOf(open, from);
    const end = start < 0 ? -1 : text.indexOf(close, start + open.length);
    if (start < 0 || end < 0) return result + text.slice(from);
    result += text.slice(from, start) + instead;
    from = end + close.length;
  }
}

const ENTITIES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    amp: '&',
    lt: '<',
    gt: '>',
    quot: '"',
    apos: "'",
    nbsp: ' ',
    ensp: ' ',
    emsp: ' ',
    thinsp: ' ',
    shy: '',
    zwj: '',
    zwnj: '',
    ndash: '–',
    mdash: '—',
    hellip: '…',
    bull: '•',
    middot: ' ',
    laquo: '"',
    raquo: '"',
    lsquo: "'",
    rsquo: "'",
    sbquo: "'",
    ldquo: '"',
    rdquo: '"',
    bdquo: '"',
    euro: '€',
    pound: '£',
    yen: '¥',
    cent: '¢',
    copy: '©',
    reg: '®',
    trade: '™',
    deg: '°',
    plusmn: '±',
    times: '×',
    divide: '÷',
    minus: '−',
    frac12: '½',
    frac14: '¼',
    frac34: '¾',
    sup2: '²',
    sup3: '³',
    micro: 'µ',
    rarr: '→',
    larr: '←',
    le: '≤',
    ge: '≥',
    ne: '≠',
    asymp: '≈',
    infin: '∞',
    radic: '√',
    para: ' ',
    sect: '§',
    permil: '‰',
    ohm: 'Ω',
    auml: 'ä',
    ouml: 'ö',
    uuml: 'ü',
    Auml: 'Ä',
    Ouml: 'Ö',
    Uuml: 'Ü',
    szlig: 'ß',
    eacute: 'é',
    egrave: 'è',
    ecirc: 'ê',
    euml: 'ë',
    agrave: 'à',
    aacute: 'á',
    acirc: 'â',
    atilde: 'ã',
    aring: 'å',
    aelig: 'æ',
    ccedil: 'ç',
    iacute: 'í',
    igrave: 'ì',
    icirc: 'î',
    iuml: 'ï',
    ntilde: 'ñ',
    oacute: 'ó',
    ograve: 'ò',
    ocirc: 'ô',
    otilde: 'õ',
    oslash: 'ø',
    uacute: 'ú',
    ugrave: 'ù',
    ucirc: 'û',
    Eacute: 'É',
    Ccedil: 'Ç',
    Aring: 'Å',
    Oslash: 'Ø',
    Ntilde: 'Ñ',
    newline: '\n',
    tab: ' ',
  }),
);

function decodeEntities(text: string): string {
  return text.replace(
    /&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([A-Za-z][A-Za-z0-9]{1,9}));/g,
    (all: string, decimal: string | undefined, hex: string | undefined, name: string | undefined) => {
      if (name !== undefined) return ENTITIES.get(name) ?? ENTITIES.get(name.toLowerCase()) ?? all;
      const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
      return code > 0 && code <= 0x10ffff ? plainCharacters(String.fromCodePoint(code)) : ' ';
    },
  );
}

const TARGET = '\\((?:[^()\\s]|\\([^()\\s]{0,300}\\)){0,2000}(?:\\s{1,3}["\'][^"\'\\n]{0,300}["\'])?\\)';
const IMAGE = new RegExp(`!\\[([^[\\]\\n]{0,500})\\](?:${TARGET}|\\[[^[\\]\\n]{0,100}\\])`, 'g');
const LINK = new RegExp(`\\[([^[\\]\\n]{1,500})\\](?:${TARGET}|\\[[^[\\]\\n]{0,100}\\])`, 'g');

/** Links, images, footnotes, emphasis and code inside a line; what makes a line is left to the rule of lines. */
function readMarkdown(text: string): string {
  let plain = text;
  if (plain.includes('](') || plain.includes('][')) plain = plain.replace(IMAGE, ' $1 ').replace(LINK, '$1');
  return plain
    .replace(/^ {0,3}\[[^\]\n]{1,100}\]: {0,3}(?:https?:|www\.|\/|#)[^\n]{0,2000}$/gm, ' ')
    .replace(/\[\^[^\]\s]{1,40}\]:?/g, ' ')
    .replace(/(?<![\p{L}\p{N}*_])(\*{1,3}|_{1,3})(?=[^\s*_])([^*_\n]{1,1000}?)(?<=[^\s*_])\1(?![\p{L}\p{N}])/gu, '$2')
    .replace(/~~(?=\S)([^~\n]{1,1000}?)~~/g, '$1')
    .replace(/`{1,2}([^`\n]{1,1000})`{1,2}/g, ' $1 ');
}
