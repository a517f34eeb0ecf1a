/** English words that are written short. */
import { readTable, type Abbreviations } from './abbreviations.js';

const DAYS: readonly (readonly [string, string])[] = [
  ['Mon', 'Monday'],
  ['Tues?', 'Tuesday'],
  ['Wed', 'Wednesday'],
  ['Thu(?:rs?)?', 'Thursday'],
  ['Fri', 'Friday'],
  ['Sat', 'Saturday'],
  ['Sun', 'Sunday'],
];
const ANY_DAY = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
/** A day's short name without a stop counts only before a date or a time, for "sun" and "sat" are words. */
const DATE_AHEAD = '(?=(?:the )?\\d|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec))';
const STREET_AHEAD = "(?<=\\p{Lu}[\\p{L}']{0,20} |\\d{1,3}(?:st|nd|rd|th) )";

export const ENGLISH_ABBREVIATIONS: Abbreviations = {
  beforeNumber: readTable(`
    fig figure; figs figures; ch chapter; chap chapter; chs chapters; vol volume; vols volumes; p page; pp pages; pg page; pgs pages
    no number; nos numbers; nr number; sec section; art article; ext extension; rm room; fl floor; bldg building; ste suite; rte route
    hwy highway; c circa; ca circa; est established; max maximum; min minimum; approx approximately; ver version; rev revision; par paragraph
    ln line; ep episode; pt part; qty quantity; tel telephone; ph phone; incl including; excl excluding; avg average; apt apartment`),
  beforeName: readTable(`
    Dr Doctor; Drs Doctors; Prof Professor; Ms Miz; Mx Mix; Gov Governor; Sgt Sergeant; Capt Captain; Lt Lieutenant; Col Colonel; Gen General
    Maj Major; Cpl Corporal; Pvt Private; Adm Admiral; Cmdr Commander; Sen Senator; Rep Representative; Pres President; Rev Reverend
    Hon Honorable; Msgr Monsignor; Fr Father; Br Brother; Supt Superintendent; Insp Inspector; Det Detective; Mt Mount; Ft Fort
    Asst Assistant; Atty Attorney; Amb Ambassador; Messrs Messieurs; St Saint`),
  anywhere: readTable(`
    Mr Mister; Mrs Missus; Messrs Messieurs; approx approximately; avg average; dept department; Dept Department; govt government; Govt Government
    univ university; Univ University; assn association; Assn Association; asst assistant; misc miscellaneous; incl including; excl excluding
    max maximum; Max Maximum; temp temperature; Temp Temperature; Approx Approximately; Avg Average; Misc Miscellaneous; Apt Apartment; apt apartment
    vs versus; cf compare; viz namely; mgr manager; Mgr Manager; intl international; Intl International; natl national; Natl National; est estimated
    bldg building; Bldg Building; ext extension; Ext Extension; tel telephone; Tel Telephone; resp respectively; abbr abbreviated; hum humidity; Hum Humidity
    Mon Monday; Tue Tuesday; Tues Tuesday; Wed Wednesday; Weds Wednesday; Thu Thursday; Thur Thursday; Thurs Thursday; Fri Friday
    Feb February; Aug August; Sept September; Oct October; Nov November; Dec December; min minutes; freq frequency; Freq Frequency; ref reference; Ref Reference; qty quantity; Qty Quantity`),
  closing: readTable(`
    etc et cetera; Jr Junior; Sr Senior; Inc Incorporated; Ltd Limited; Corp Corporation; Co Company; Bros Brothers; hrs hours; hr hour; mins minutes
    secs seconds; sec seconds; yrs years; yr year; wks weeks; wk week; mos months; lbs pounds; lb pound; oz ounces; ft feet; tbsp tablespoons; tsp teaspoons
    al al; sq square; pkg package; pkgs packages; pcs pieces`),
  patterns: [
    ...DAYS.map(([short, name]) => [new RegExp(`\\b${short}\\.? ?[-–] ?(?=${ANY_DAY})`, 'g'), `${name} to `] as const),
    ...DAYS.map(([short, name]) => [new RegExp(`(?<=day to )${short}\\b\\.?`, 'g'), name] as const),
    ...DAYS.map(([short, name]) => [new RegExp(`\\b${short}\\b\\.?(,?) ${DATE_AHEAD}`, 'g'), `${name}$1 `] as const),
    [/\bSat\.(?=,| and\b)/g, 'Saturday'],
    [/\bSun\.(?=,| and\b)/g, 'Sunday'],
    [/(?<= and )Sat\./g, 'Saturday'],
    [/(?<= and )Sun\./g, 'Sunday'],
    [/\b(?:Jan)\.(?= (?:and|or|to|through|until)\b|,? ?[-–])/g, 'January'],
    [/\b(?:Mar)\.(?= (?:and|or|to|through|until)\b|,? ?[-–])/g, 'March'],
    [/\b(?:Apr)\.(?= (?:and|or|to|through|until)\b|,? ?[-–])/g, 'April'],
    [/\b(?:Jun)\.(?= (?:and|or|to|through|until)\b|,? ?[-–])/g, 'June'],
    [/\b(?:Jul)\.(?= (?:and|or|to|through|until)\b|,? ?[-–])/g, 'July'],
    [/\b(?:Sep)\.(?= (?:and|or|to|through|until)\b|,? ?[-–])/g, 'September'],
    [/\bMr\b(?= \p{Lu}| and )/gu, 'Mister'],
    [/\bMrs\b(?= \p{Lu})/gu, 'Missus'],
    [/\bMs\b(?= \p{Lu})/gu, 'Miz'],
    [/(?<=\d \p{Lu}\p{L}{1,20} )Dr\b\.?(?! (?!Apt|Suite|Unit)\p{Lu})/gu, 'Drive'],
    [/\bDrs?\b(?= \p{Lu})/gu, 'Doctor'],
    [/(?<=\p{Ll} )Dr\b(?:\.(?! \p{Lu})|(?!\.| \p{Lu}))/gu, 'Drive'],
    [/\bProf\b(?= \p{Lu})/gu, 'Professor'],
    [
      /(?<=\p{Lu}\p{L}{0,20} )St\.(?= (?:The|He|She|It|We|They|I|You|In|On|At|But|And|Then|There|This|My|Our|Please)\b)/gu,
      'Street.',
    ],
    [new RegExp(`(?=St)${STREET_AHEAD}St\\b(?:\\.(?! \\p{Lu})|(?!\\.| \\p{Lu}))`, 'gu'), 'Street'],
    [new RegExp(`(?<=\\d ${STREET_AHEAD})St\\b\\.?`, 'gu'), 'Street'],
    [/\bSt\b(?= \p{Lu})/gu, 'Saint'],
    [new RegExp(`(?=Ave)${STREET_AHEAD}Ave\\b\\.?`, 'gu'), 'Avenue'],
    [new RegExp(`(?=Rd)${STREET_AHEAD}Rd\\b\\.?`, 'gu'), 'Road'],
    [new RegExp(`(?=Blvd)${STREET_AHEAD}Blvd\\b\\.?`, 'gu'), 'Boulevard'],
    [new RegExp(`(?=Ln)${STREET_AHEAD}Ln\\b\\.?`, 'gu'), 'Lane'],
    [new RegExp(`(?=Sq)${STREET_AHEAD}Sq\\b\\.?`, 'gu'), 'Square'],
    [new RegExp(`(?=Pl)${STREET_AHEAD}Pl\\b(?:\\.(?! \\p{Lu})|(?!\\.| \\p{Lu}))`, 'gu'), 'Place'],
    [new RegExp(`(?=Hwy)${STREET_AHEAD}Hwy\\b\\.?`, 'gu'), 'Highway'],
    [new RegExp(`(?=Pkwy)${STREET_AHEAD}Pkwy\\b\\.?`, 'gu'), 'Parkway'],
    [/\bMt\b(?= \p{Lu})/gu, 'Mount'],
    [/\bJr\b(?!\.)/g, 'Junior'],
    [/\be\.\s?g\.,?(?!\p{L})/giu, 'for example,'],
    [/\beg\.(?= )/gi, 'for example,'],
    [/\bi\.\s?e\.,?(?!\p{L})/giu, 'that is,'],
    [/\betc\b(?!\.)(?=[\s,;:!?)]|$)/g, 'et cetera'],
    [/\bvs\b(?!\.)/gi, 'versus'],
    [/\bapprox\b(?!\.)/gi, 'approximately'],
    [/\b(?:No|Nr) (?=\d{1,4}\b)/g, 'number '],
    [/(?<!\d ?)\bmin\.(?= )/g, 'minimum'],
    [/(?<!\d ?)\bMin\.(?= )/g, 'Minimum'],
    [/\ba\.k\.a\.?|\baka\b/gi, 'also known as'],
    [/\ba\.s\.a\.p\.?|\bASAP\b/g, 'as soon as possible'],
    [/\bN\.B\.|\bNB:/g, 'note,'],
    [/\bw\/o\b/gi, 'without'],
    [/\bw\/(?=[ \p{L}])/gu, 'with '],
    [/\bb\/c\b/g, 'because'],
    [/\bc\/o\b/g, 'care of'],
    [/\bbtw\b/gi, 'by the way'],
    [/\b24\/7\b/g, 'twenty-four seven'],
    [/\b50\/50\b/g, 'fifty fifty'],
    [/\b9\/11\b/g, 'nine eleven'],
  ],
  starters: new Set(
    `The A An He She It We They I You In On At But And Then There This That These Those His Her My Our Your Their Its Please Now When If What Who
     Where Why How Is Are Was Were Do Did Does No Yes So Or As For From With After Before Nobody Everyone Someone Can Could Will Would Let Both Not`.split(
      /\s+/,
    ),
  ),
};
