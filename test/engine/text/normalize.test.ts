import { describe, expect, test } from 'vitest';
import { isSpeakable, normalizeText } from '../../../src/engine/text/index.js';

const table = (language: string | undefined, cases: Record<string, string>): void => {
  test.each(Object.entries(cases))('%s', (written, spoken) => {
    expect(normalizeText(written, language)).toBe(spoken);
  });
};

describe('the reference example’s rules', () => {
  table(undefined, {
    'Hello (world) again': 'Hello world again.',
    '今天，天气很好。真的？': '今天, 天气很好. 真的?',
    'First line\n\n\n  second   line  \n': 'First line.\nsecond line.',
    'Ha [laugh] ha!': 'Ha <SE>[Laughter]</SE> ha!',
    '[humming start] la [humming end]': '<SE_s>[Humming]</SE_s> la <SE_e>[Humming]</SE_e>',
    '[Music Start] la la [music end]': '<SE_s>[Music]</SE_s> la la <SE_e>[Music]</SE_e>',
    '[sing start] la [sing end] end': '<SE_s>[Singing]</SE_s> la <SE_e>[Singing]</SE_e> end.',
    '[music] [applause] [cheering] [cough]':
      '<SE>[Music]</SE> <SE>[Applause]</SE> <SE>[Cheering]</SE> <SE>[Cough]</SE>',
    'It has 5 °C, then 41 °F': 'It has five degrees Celsius, then forty-one degrees Fahrenheit.',
    'No end': 'No end.',
    'Why?': 'Why?',
    'Oh!': 'Oh!',
    'Then,': 'Then,',
    'so;': 'so;',
    '"Quoted"': '"Quoted"',
    "dogs'": "dogs'",
    '[SPEAKER0] Hi 5 [SPEAKER12] There': '[SPEAKER0] Hi five [SPEAKER12] There.',
    '': '',
    ' \n ': '',
  });
});

describe('English numbers', () => {
  table('en', {
    '0': 'zero.',
    '21': 'twenty-one.',
    '101 dogs': 'one hundred one dogs.',
    '1,234 people': 'one thousand two hundred thirty-four people.',
    '1,000,000': 'one million.',
    '10 000 lx': 'ten thousand lux.',
    '3.14': 'three point one four.',
    'now .5': 'now zero point five.',
    'It is -5 outside': 'It is minus five outside.',
    'from −3 on': 'from minus three on.',
    '5-year plan': 'five year plan.',
    'USB-3 and B12': 'USB three and B twelve.',
    '1st, 2nd, 3rd, 11th, 21st': 'first, second, third, eleventh, twenty-first.',
    'the 1990s': 'the nineteen nineties.',
    'Open since 1985': 'Open since nineteen eighty-five.',
    'in 2005': 'in two thousand five.',
    'in 1906': 'in nineteen oh six.',
    '10-12 people': 'ten to twelve people.',
    '2020–2025': 'twenty twenty to twenty twenty-five.',
    '1/2 and 3/4': 'one half and three quarters.',
    '2 1/2 cups, 2½ cups, ⅔': 'two and a half cups, two and a half cups, two thirds.',
    'Call 555-123-4567': 'Call five five five, one two three, four five six seven.',
    '+49 30 1234567': 'plus four nine, three zero, one two three four five six seven.',
    'code 007': 'code zero zero seven.',
    '1234567890123': 'one two three four five six seven eight nine zero one two three.',
    'v1.2.3': 'version one point two point three.',
    '192.168.1.10': 'one hundred ninety-two dot one hundred sixty-eight dot one dot ten.',
    '3x4': 'three by four.',
    'No. 5 and #7': 'number five and number seven.',
    '16:9': 'sixteen to nine.',
    '٣': 'three.',
  });
  test('British English has its "and"', () => {
    expect(normalizeText('121 dogs', 'en-GB')).toBe('one hundred and twenty-one dogs.');
    expect(normalizeText('121 dogs', 'en_AU')).toBe('one hundred and twenty-one dogs.');
  });
});

describe('English times and dates', () => {
  table('en-US', {
    'at 10:30': 'at ten thirty.',
    'at 10:05': 'at ten oh five.',
    'at 10:00': "at ten o'clock.",
    'at 23:05': 'at twenty-three oh five.',
    'at 13:00': 'at thirteen hundred.',
    'at 00:00': 'at midnight.',
    'at 22:14:05': 'at twenty-two fourteen and five seconds.',
    '7 pm': 'seven p m.',
    '7:05 a.m. tomorrow': 'seven oh five a m tomorrow.',
    'At 7 p.m. Dinner is served.': 'At seven p m. Dinner is served.',
    'at 7 p.m. Monday': 'at seven p m Monday.',
    '10:00-12:00': "ten o'clock to twelve o'clock.",
    '6-8 pm': 'six to eight p m.',
    '10am-2pm': 'ten a m to two p m.',
    'on 2026-11-22': 'on November twenty-second, twenty twenty-six.',
    '2026-11-22T10:30:00Z': 'November twenty-second, twenty twenty-six, ten thirty.',
    '22 Nov 2026': 'the twenty-second of November, twenty twenty-six.',
    'the 22nd of November': 'the twenty-second of November.',
    'Nov 3rd': 'November third.',
    'Nov. 3 it rained': 'November third it rained.',
    'November 3, 2026': 'November third, twenty twenty-six.',
    'in Nov 2026': 'in November twenty twenty-six.',
    '3/4/2026': 'March fourth, twenty twenty-six.',
    '25/12/2026': 'December twenty-fifth, twenty twenty-six.',
    '17.03.2026': 'March seventeenth, twenty twenty-six.',
    'by 12/25': 'by December twenty-fifth.',
    'On May 3 it may 3 times': 'On May third it may three times.',
    'Mon 22 Nov': 'Monday the twenty-second of November.',
    'Mon-Fri 9-5': 'Monday to Friday nine to five.',
    'The sun sat.': 'The sun sat.',
    '24/7': 'twenty-four seven.',
  });
  test('elsewhere the day comes first', () => {
    expect(normalizeText('3/4/2026', 'en-GB')).toBe('April third, twenty twenty-six.');
    expect(normalizeText('3/4/2026', 'en-CA')).toBe('March fourth, twenty twenty-six.');
  });
});

describe('English units and money', () => {
  table('en', {
    '21.5°C': 'twenty-one point five degrees Celsius.',
    '-3 °C': 'minus three degrees Celsius.',
    '72F': 'seventy-two degrees Fahrenheit.',
    '21,5 °C': 'twenty-one point five degrees Celsius.',
    'between 10-12 °C': 'between ten to twelve degrees Celsius.',
    '10%-20%': 'ten percent to twenty percent.',
    '45 %': 'forty-five percent.',
    '1 km, 5 km/h, 3 m/s': 'one kilometer, five kilometers per hour, three meters per second.',
    '2.5 kWh at 1,200 W': 'two point five kilowatt hours at one thousand two hundred watts.',
    '12 m² and 3 m3': 'twelve square meters and three cubic meters.',
    '12 µg/m³': 'twelve micrograms per cubic meter.',
    '5 min, 2h 30min, 2h 30m, 1m 5s':
      'five minutes, two hours thirty minutes, two hours thirty minutes, one minute five seconds.',
    '60W and 16A': 'sixty watts and sixteen amps.',
    'grade 5 A': 'grade five A.',
    'room 2B': 'room two B.',
    '2700K light, 5K steps': 'two thousand seven hundred kelvin light, five thousand steps.',
    '1013 hPa': 'one thousand thirteen hectopascals.',
    '800ppm': 'eight hundred parts per million.',
    '$3.50': 'three dollars and fifty cents.',
    $1: 'one dollar.',
    '€20, 20 €, EUR 20': 'twenty euros, twenty euros, twenty euros.',
    '£1.2m': 'one point two million pounds.',
    '£0.01': 'one penny.',
    '-$5': 'minus five dollars.',
    '$-5': 'minus five dollars.',
    '€10-20': 'ten to twenty euros.',
    '0.32 €/kWh': 'thirty-two cents per kilowatt hour.',
    '0.3215 €/kWh': 'zero point three two one five euros per kilowatt hour.',
    '$1,234.56': 'one thousand two hundred thirty-four dollars and fifty-six cents.',
    '5 million people, 3k steps': 'five million people, three thousand steps.',
  });
});

describe('English words that are written short', () => {
  table('en', {
    'Dr. Smith of Main St. near St. Mary': 'Doctor Smith of Main Street near Saint Mary.',
    'Mr. and Mrs. Jones': 'Mister and Missus Jones.',
    'e.g. this, i.e. that, etc.': 'for example, this, that is, that, et cetera.',
    'Tea, etc. Then go.': 'Tea, et cetera. Then go.',
    'A & B = C': 'A and B equals C.',
    '~20 people, 5 > 3': 'about twenty people, five greater than three.',
    'bob.smith@example.com': 'bob dot smith at example dot com.',
    'See https://www.example.com/a-b?x=1.': 'See example dot com slash a dash b.',
    'on/off': 'on off.',
    'up to 100% & more': 'up to one hundred percent and more.',
    'x² + y³': 'x squared plus y cubed.',
  });
});

describe('what cannot be spoken', () => {
  table('en', {
    '😀 Hello 👩‍👩‍👧 world ☀️ 🇩🇪': 'Hello world.',
    '**bold** _it_ `code` ~~x~~': 'bold it code x.',
    '<b>Bold</b><br/>': 'Bold.',
    '- one\n- two': 'one.\ntwo.',
    'Wait — really? Yes -- sure': 'Wait, really? Yes, sure.',
    '‘Typo’ “graphic” …': '\'Typo\' "graphic"...',
    'a\u200bb\u00adc\u0000d': 'abc d.',
    'Title:': 'Title.',
    '[unknown] {x}': 'unknown x.',
    '<|eot_id|> hi <|<|x|>y|>': 'hi y.',
    '<｜AUDIO_OUT｜> hi': 'hi.',
    '✅ © ™ → ■': '',
  });
});

describe('German', () => {
  table('de-DE', {
    'Es ist 10:30 Uhr': 'Es ist zehn Uhr dreißig.',
    'um 7 Uhr, um 1 Uhr, 1:05': 'um sieben Uhr, um ein Uhr, ein Uhr fünf.',
    '10-12 Uhr': 'zehn bis zwölf Uhr.',
    '21,5 °C und 21.5°C': 'einundzwanzig Komma fünf Grad Celsius und einundzwanzig Komma fünf Grad Celsius.',
    '-3 °C': 'minus drei Grad Celsius.',
    '1.234 Schritte': 'eintausendzweihundertvierunddreißig Schritte.',
    '1.234,50 €': 'eintausendzweihundertvierunddreißig Euro fünfzig.',
    '1 €, 0,05 €': 'ein Euro, fünf Cent.',
    '1,2 Mio. €': 'eins Komma zwei Millionen Euro.',
    '100 kWh zu 0,32 €/kWh': 'einhundert Kilowattstunden zu zweiunddreißig Cent pro Kilowattstunde.',
    'Am 22.11.2026': 'Am zweiundzwanzigsten November zweitausendsechsundzwanzig.',
    'der 3. Mai': 'der dritte Mai.',
    'am 3. November': 'am dritten November.',
    '22.11.': 'zweiundzwanzigster November.',
    '2026-11-22': 'zweiundzwanzigster November zweitausendsechsundzwanzig.',
    'im Jahr 1985': 'im Jahr neunzehnhundertfünfundachtzig.',
    '5 km/h': 'fünf Kilometer pro Stunde.',
    '1 Minute, 1 min, 1 km': 'eine Minute, eine Minute, ein Kilometer.',
    '50 % Feuchte': 'fünfzig Prozent Feuchte.',
    '2½ Stunden, 3/4': 'zweieinhalb Stunden, drei Viertel.',
    'z.B. Dr. Müller, Hauptstr. 12': 'zum Beispiel Doktor Müller, Hauptstraße zwölf.',
    'Nr. 5 & 6': 'Nummer fünf und sechs.',
  });
});

describe('other languages', () => {
  test('eleven more say their numbers, degrees and percent', () => {
    expect(normalizeText('Il fait 21,5 °C et -3 %', 'fr')).toBe(
      'Il fait vingt et un virgule cinq degrés Celsius et moins trois pour cent.',
    );
    expect(normalizeText('Son las 10:30', 'es-MX')).toBe('Son las diez treinta.');
    expect(normalizeText('1.234 passi', 'it')).toBe('milleduecentotrentaquattro passi.');
    expect(normalizeText('21 graden', 'nl')).toBe('eenentwintig graden.');
    for (const tag of ['cs', 'da', 'fi', 'nb', 'no', 'pl', 'pt', 'sv'])
      expect(normalizeText('7', tag)).not.toMatch(/7/);
  });

  test('any other keeps its numbers as they are', () => {
    expect(normalizeText('室温 21 °C（10:30）', 'zh')).toBe('室温 21 degrees Celsius 10:30.');
    expect(normalizeText('-3 and 1,5', 'tlh')).toBe('-3 and 1,5.');
  });
});

describe('text with nothing to speak', () => {
  test.each(['', '😀', '...', '[laugh]', '[SPEAKER0]', '<|eot_id|>', '—'])('%j has nothing to speak', (text) => {
    expect(isSpeakable(normalizeText(text))).toBe(false);
  });

  test.each(['5', 'a', '今', '[SPEAKER0] é', '%'])('%j is something', (text) => {
    expect(isSpeakable(normalizeText(text))).toBe(true);
  });
});
