/** Quantities before a noun are said in the singular: a $20 bill, a 24" monitor, the 500 GB disk. */

const ARTICLES = 'a|an|the|this|that|my|your|his|her|our|their|each|every|another|one|any|no';
const AHEAD = new RegExp(`(?<!\\p{L})(?:${ARTICLES}) (?:new |old |big |small |used )?$`, 'iu');
/** Words behind a quantity that are no noun, so that it stands for itself: the $20 you owe, the 5 km were hard. */
const NO_NOUN = new Set(
  `is are was were be been am has have had do does did will would can could should may might must shall and or but nor so if as at by for from in into of off
   on onto out over per than that then there these those through till to under until up upon via with within without about above after again ago all also any
   apart around away back because before behind below beneath beside between beyond both down during each either else ever every few he her here him his how
   i it its just least left less long high wide tall deep thick more most much my near next not now once only other our out remaining same she since some soon
   still such tall their them they this too towards twice us very we well went what when where which while who whom whose why yes yet you your later earlier
   today tomorrow yesterday tonight works worked fell rose goes comes came seems makes made costs`.split(/\s+/),
);

/** Whether a quantity stands before a noun that it belongs to, behind an article; `before` and `behind` as long as 30 letters. */
export function isBeforeNoun(before: string, behind: string): boolean {
  if (!AHEAD.test(before)) return false;
  const noun = /^[ -](\p{Ll}{2,}|\p{Lu}{2,5})(?!\p{L})/u.exec(behind)?.[1];
  return noun !== undefined && !NO_NOUN.has(noun);
}
