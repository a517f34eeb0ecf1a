/** German words that are written short. */
import { readTable, type Abbreviations } from './abbreviations.js';

const DAYS: readonly (readonly [string, string])[] = [
  ['Mo', 'Montag'],
  ['Di', 'Dienstag'],
  ['Mi', 'Mittwoch'],
  ['Do', 'Donnerstag'],
  ['Fr', 'Freitag'],
  ['Sa', 'Samstag'],
  ['So', 'Sonntag'],
];
const ANY_DAY = '(?:Mo|Di|Mi|Do|Fr|Sa|So)\\b';
const FEMININE = '(?=\\p{Lu}\\p{L}*(?:e|ung|heit|keit|schaft|ion|tät|erson)(?!\\p{L}))';

export const GERMAN_ABBREVIATIONS: Abbreviations = {
  beforeNumber: readTable(`
    Nr Nummer; Nrn Nummern; nr Nummer; Abb Abbildung; Bd Band; Kap Kapitel; S Seite; Art Artikel; Abs Absatz; Ziff Ziffer; Tab Tabelle; Tel Telefon; tel Telefon
    Fax Fax; Zi Zimmer; Whg Wohnung; Vers Version; ca circa; Ca Circa; max maximal; Max Maximal; min mindestens; Min Mindestens; mind mindestens; Mind Mindestens
    App Apparat; Str Straße; Aufl Auflage; Jg Jahrgang; Folge Folge; Par Paragraf; zzt zurzeit; od oder; Best-Nr Bestellnummer; geb geboren; gest gestorben`),
  beforeName: readTable(`
    Dr Doktor; Prof Professor; Hr Herr; Hrn Herrn; Fr Frau; Frl Fräulein; St Sankt; Ing Ingenieur; Dipl Diplom; Mag Magister; Fa Firma; Gebr Gebrüder; Bgm Bürgermeister`),
  anywhere: readTable(`
    ca circa; Ca Circa; bzw beziehungsweise; ggf gegebenenfalls; Ggf Gegebenenfalls; evtl eventuell; Evtl Eventuell; inkl inklusive; Inkl Inklusive; exkl exklusive
    zzgl zuzüglich; Zzgl Zuzüglich; abzgl abzüglich; vgl vergleiche; Vgl Vergleiche; bspw beispielsweise; sog sogenannte; ehem ehemalige; urspr ursprünglich
    allg allgemein; Allg Allgemein; tägl täglich; Tägl Täglich; wöchentl wöchentlich; monatl monatlich; jährl jährlich; max maximal; Max Maximal; mind mindestens; Mind Mindestens
    vsl voraussichtlich; voraussichtl voraussichtlich; Mo Montag; Di Dienstag; Mi Mittwoch; Do Donnerstag; Okt Oktober; Dez Dezember; Feb Februar; Sept September; Nov November
    Tel Telefon; Temp Temperatur; temp Temperatur; Std Stunden; Min Minuten; Sek Sekunden; einschl einschließlich; Einschl Einschließlich; versch verschiedene; zus zusammen
    Zus Zusätzlich; inbegr inbegriffen; entspr entsprechend; gem gemäß; lt laut; Lt Laut; usf und so fort; Dr Doktor; Prof Professor; Bhf Bahnhof; Hbf Hauptbahnhof; Bf Bahnhof
    durchschn durchschnittlich; Durchschn Durchschnittlich; wg wegen; gg gegen; betr betreffend; Betr Betreffend; zw zwischen; med med; phil phil; rer rer; nat nat; jur jur; Co Co; dgl dergleichen; i.d.R in der Regel`),
  closing: readTable(
    `usw und so weiter; etc et cetera; Jh Jahrhundert; Jhd Jahrhundert; Mwst Mehrwertsteuer; MwSt Mehrwertsteuer; jun junior; sen senior; Stk Stück; Pfd Pfund; Tsd tausend`,
  ),
  patterns: [
    [/\bMo\.? ?[-–] ?So\b\.?/g, 'Montag bis Sonntag'],
    ...DAYS.map(
      ([short, name]) => [new RegExp(`\\b${short}\\b\\.? ?[-–] ?(?=${ANY_DAY})`, 'g'), `${name} bis `] as const,
    ),
    ...DAYS.map(([short, name]) => [new RegExp(`(?<=(?:tag|woch) bis )${short}\\b\\.?`, 'g'), name] as const),
    ...DAYS.map(([short, name]) => [new RegExp(`\\b${short}(?= \\d{1,2}(?:[:.–-]| ?Uhr))`, 'g'), name] as const),
    ...DAYS.map(
      ([short, name]) => [new RegExp(`\\b${short}\\b\\.(,?)(?= (?:der |den |dem )?\\d)`, 'g'), `${name}$1`] as const,
    ),
    ...DAYS.map(
      ([short, name]) =>
        [new RegExp(`\\b${short}\\b(,)(?= (?:der |den |dem )?\\d{1,2}\\.)`, 'g'), `${name}$1`] as const,
    ),
    [/\b(?:Fr)\.(?= \p{Ll}|,)/gu, 'Freitag'],
    [/\b(?:Sa)\.(?= \p{Ll}|,|$)/gmu, 'Samstag'],
    [/\b(?:So)\.(?= \p{Ll}|,)/gu, 'Sonntag'],
    [/(?<=(?:tag|woch) und )Fr\./g, 'Freitag'],
    [/(?<=(?:tag|woch) und )Sa\./g, 'Samstag'],
    [/(?<=(?:tag|woch) und )So\./g, 'Sonntag'],
    [/\bz\.\s?B\./gi, 'zum Beispiel'],
    [/\bd\.\s?h\./gi, 'das heißt'],
    [/\bu\.\s?a\./gi, 'unter anderem'],
    [/\bo\.\s?ä\./gi, 'oder Ähnliches'],
    [/\bu\.\s?U\./g, 'unter Umständen'],
    [/\bz\.\s?T\./g, 'zum Teil'],
    [/\bz\.\s?Zt\.|\bz\.\s?Z\./g, 'zur Zeit'],
    [/\bi\.\s?d\.\s?R\./gi, 'in der Regel'],
    [/\bv\.\s?a\./g, 'vor allem'],
    [/\bs\.\s?o\./g, 'siehe oben'],
    [/\bs\.\s?u\./g, 'siehe unten'],
    [/\bm\.\s?E\./g, 'meines Erachtens'],
    [/\bo\.\s?g\./g, 'oben genannte'],
    [/\bz\.\s?H[dv]?\./g, 'zu Händen'],
    [/\bu\.\s?s\.\s?w\./g, 'und so weiter'],
    [/\be\.\s?V\./g, 'eingetragener Verein'],
    [/\ba\.\s?D\./g, 'außer Dienst'],
    [/\bv\.\s?Chr\./g, 'vor Christus'],
    [/\bn\.\s?Chr\./g, 'nach Christus'],
    [/\bMfG\b/g, 'mit freundlichen Grüßen'],
    [/\busw\b(?!\.)/g, 'und so weiter'],
    [/\bbzw\b(?!\.)/g, 'beziehungsweise'],
    [/\betc\b(?!\.)/g, 'et cetera'],
    [/\bggf\b(?!\.)/g, 'gegebenenfalls'],
    [/\binkl\b(?!\.)/gi, 'inklusive'],
    [/\bNr (?=\d)/g, 'Nummer '],
    [/\bDr\b(?= \p{Lu})/gu, 'Doktor'],
    [/\bProf\b(?= \p{Lu})/gu, 'Professor'],
    [/(?<=\p{Ll})str\.(?!\p{L})/gu, 'straße'],
    [/(?<=\p{Ll}-)Str\.(?!\p{L})/gu, 'Straße'],
    [/\bStr\.(?!\p{L})/gu, 'Straße'],
    [/(?<=\p{Ll})pl\.(?= ?\d)/gu, 'platz'],
    [new RegExp(`(?<![\\d.,:−-])\\b1 ${FEMININE}`, 'gu'), 'eine '],
    [/(?<![\d.,:−-])\b1 (?=\p{Lu}\p{Ll})/gu, 'ein '],
    [/\b24\/7\b/g, 'rund um die Uhr'],
    [/\b50\/50\b/g, 'fünfzig fünfzig'],
  ],
  starters: new Set(
    `Der Die Das Den Dem Ein Eine Er Sie Es Wir Ihr Ich Du Im In Am An Auf Aber Und Dann Da Dort Dies Diese Dieser Sein Seine Mein Meine Unser Unsere
     Bitte Jetzt Wenn Was Wer Wo Warum Wie Ist Sind War Nein Ja So Oder Als Für Von Mit Nach Vor Bei Zu Niemand Alle Man Hier Heute Morgen Gestern`.split(
      /\s+/,
    ),
  ),
};
