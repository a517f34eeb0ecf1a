/** Which language a text is written in, told by its letters and its commonest words alone; cheap, and silent when in doubt. */

/** Scripts that one language, or one above all, is written in. Kana before Han: Japanese has both. */
const SCRIPTS: readonly (readonly [RegExp, string])[] = [
  [/[\p{Script=Hiragana}\p{Script=Katakana}]/gu, 'ja'],
  [/\p{Script=Hangul}/gu, 'ko'],
  [/\p{Script=Han}/gu, 'zh'],
  [/[іїєґІЇЄҐ]/g, 'uk'],
  [/\p{Script=Cyrillic}/gu, 'ru'],
  [/\p{Script=Greek}/gu, 'el'],
  [/\p{Script=Arabic}/gu, 'ar'],
  [/\p{Script=Hebrew}/gu, 'he'],
  [/\p{Script=Thai}/gu, 'th'],
  [/\p{Script=Devanagari}/gu, 'hi'],
];

/** Words that are common in one language and rare in the others. */
const WORDS: Readonly<Record<string, string>> = {
  en: `the and is are was were of to that this it he she they we you with for not on at by from have has had be been will would can could should there their his her
    my your our what when where who which if but or as an in met come men do no me over so also into down up out one two new time day all door window open closed light kitchen please today tomorrow it's don't i'm its into than then`,
  de: `der die das und ist sind war waren nicht ein eine einen einem einer eines zu den dem des im am vom zum zur mit auf für von bei nach aus über unter es er sie wir ihr ich
    du mein meine dein sein seine wird werden wurde hat haben hatte kann können muss auch noch nur aber oder wenn dass weil wie was wer wo heute morgen bitte tür fenster
    licht offen geschlossen küche uhr grad fertig leer voll läuft jetzt gleich schon alle guten gute tag abend nacht hallo morgen danke kein keine sich dich mich uns gibt geht`,
  fr: `le la les des une est sont et dans pour pas que qui avec sur il elle nous vous ils elles ne du au aux ce cette ces mon ma votre notre mais ou où c'est porte fenêtre
    bonjour merci aujourd'hui demain très plus être avoir`,
  es: `el los las una es son y en para no que con por se del al lo su sus pero como más está están hay este esta mi tu muy hola gracias puerta ventana hoy mañana`,
  it: `il lo gli una è sono e di per non che con del della dei delle nel nella si ma come più questo questa mio tuo molto ciao grazie porta finestra oggi domani c'è`,
  pt: `o os uma é são e em para não que com por do da dos das no na se mas como mais está este esta meu muito olá obrigado porta janela hoje amanhã você`,
  nl: `de het een en is zijn was niet van op te in voor met aan er maar dat die ook wordt naar bij ik jij hij wij mijn deur raam open vandaag morgen goed dank heeft`,
  sv: `och att det är en ett som på av för med den till inte har jag du han hon vi de var om men dörren fönstret idag imorgon tack`,
  da: `og at det er en et som på af for med den til ikke har jeg du han hun vi de var om men døren vinduet i-dag tak også`,
  nb: `og at det er en et som på av for med den til ikke har jeg du han hun vi de var om men døren vinduet takk også`,
  fi: `ja on ei se että hän minä sinä me te he oli olla kuin mutta myös tämä ovi ikkuna kiitos tänään huomenna`,
  pl: `i w nie to jest się na z do że jak ale po za od są był była co ja ty on ona my wy drzwi okno dzisiaj jutro dziękuję`,
  cs: `a je v se na to že s z do i o ale jak by jsou byl byla co já ty on ona my vy dveře okno dnes zítra děkuji není`,
};
const LANGUAGES = Object.keys(WORDS);
const LANGUAGES_OF = new Map<string, string[]>();
for (const [language, words] of Object.entries(WORDS))
  for (const word of words.split(/\s+/)) LANGUAGES_OF.set(word, [...(LANGUAGES_OF.get(word) ?? []), language]);

/** Letters that few languages have. */
const LETTERS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/ß/g, ['de']],
  [/[äöü]/g, ['de', 'fi', 'sv']],
  [/ü/g, ['de']],
  [/[ñ¿¡]/g, ['es']],
  [/[ãõ]/g, ['pt']],
  [/[êèùœ]/g, ['fr']],
  [/[åø]/g, ['da', 'nb', 'sv']],
  [/[ąęłńśźż]/g, ['pl']],
  [/[ěščřžů]/g, ['cs']],
];
/** No more of a text than this is looked at. */
const LONGEST = 4000;

/**
 * The primary language subtag of `text` (`en`, `de`, `fr`, `zh`, …), or undefined where its words do not tell: too few of them,
 * or as many of another language.
 */
export function detectLanguage(text: string): string | undefined {
  const looked = text.slice(0, LONGEST);
  const letters = looked.match(/\p{L}/gu)?.length ?? 0;
  for (const [script, language] of SCRIPTS) {
    const found = looked.match(script)?.length ?? 0;
    if (found > letters * (language === 'ja' || language === 'uk' ? 0.1 : 0.5)) return language;
  }
  const scores = new Map(LANGUAGES.map((language) => [language, 0]));
  const lower = looked.toLowerCase();
  for (const word of lower.match(/\p{L}[\p{L}'-]{0,30}/gu) ?? []) {
    const of = LANGUAGES_OF.get(word) ?? [];
    for (const language of of) scores.set(language, (scores.get(language) ?? 0) + 1 / of.length);
  }
  for (const [pattern, of] of LETTERS) {
    const found = Math.min(4, lower.match(pattern)?.length ?? 0);
    for (const language of of) scores.set(language, (scores.get(language) ?? 0) + (0.5 * found) / of.length);
  }
  const ranked = [...scores].sort(([, a], [, b]) => b - a);
  const [[best, score] = ['', 0], [, second] = ['', 0]] = ranked;
  // One word may be a name's.
  const least = best === 'en' ? 1 : 1.5;
  return score >= least && score > second * 1.2 ? best : undefined;
}
