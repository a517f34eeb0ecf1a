/** Words before numbers that are names and no counts: telephone numbers, codes, rooms. English and German beside each other. */

interface NumberNames {
  /** Behind these a run of digits is a telephone number. */
  readonly telephone: string;
  /** Behind these every number of three digits or more is read by its digits. */
  readonly code: string;
  /** Behind these a number of four digits or more is read by its digits. */
  readonly reference: string;
  /** Rooms and the like: three digits or more are read by their digits, and a letter behind the number is a letter. */
  readonly place: string;
  readonly flight: string;
  /** Behind these a Roman number is a cardinal one, even where it is one letter. */
  readonly numbered: string;
  /** What may stand between such a word and the number. */
  readonly between: string;
}

export const NUMBER_NAMES: Readonly<Record<'en' | 'de', NumberNames>> = {
  en: {
    telephone:
      '[Cc]all(?:ed|ing)?|[Dd]ial(?:l?ed|l?ing)?|[Rr]ing|[Pp]hone|[Tt]elephone|[Tt]el|[Mm]obile|[Cc]ell|[Tt]ext|[Ff]ax|[Hh]otline|[Hh]elpline|[Ww]hats[Aa]pp|[Ss][Mm][Ss]|[Cc]aller|[Cc]alls? from|[Rr]each (?:me|us|him|her|them)|(?:[Pp]hone|[Mm]y|[Oo]ur|[Hh]is|[Hh]er|[Yy]our|[Tt]he|[Cc]ontact|[Mm]obile) [Nn]umber',
    code: '[Zz][Ii][Pp]|[Pp]ost ?code|[Pp]ostal|[Pp][Ii][Nn]|[Pp]ass ?code|[Pp]assword|[Cc]odes?|[Oo][Tt][Pp]|[Cc]ombination|[Uu]nlock with|[Aa]gent|IBAN|[Cc]ard',
    reference:
      '[Oo]rder|[Ii]nvoice|[Tt]icket|[Rr]eference|[Rr]ef|[Cc]ase|[Aa]ccount|[Cc]ustomer|[Tt]racking|[Ss]erial|[Bb]ooking|[Cc]onfirmation|[Rr]eservation|[Pp]olicy|[Mm]ember(?:ship)?|[Pp]arcel|[Ss]hipment|[Ii]tem|[Pp]art|[Pp]roduct|[Dd]ocument|[Ll]icen[cs]e|[Pp]late|[Pp]atient|[Ss]tudent|[Ee]mployee|[Ii][Dd]|[Pp]ort',
    place:
      '[Rr]oom|[Ss]uite|[Aa]partment|[Aa]pt\\.?|[Ff]lat|[Gg]ate|[Ss]eat|[Rr]ow|[Uu]nit|[Bb]lock|[Ll]ocker|[Pp]latform|[Tt]rack|[Bb]us|[Tt]ram|[Tt]rain|[Ll]ine|[Ee]xit|[Rr]oute|[Hh]ighway|[Hh]ouse|[Cc]abin|[Bb]ay|[Bb]ed|[Ll]ane|[Ll]evel|[Bb]uilding|[Ee]rror|[Cc]lass|[Ee]xtension',
    flight: '[Ff]lights?',
    numbered:
      '[Cc]hapter|[Pp]art|[Aa]ct|[Ss]cene|[Bb]ook|[Vv]olume|[Ss]ection|[Aa]rticle|[Tt]itle|[Aa]ppendix|[Tt]able|[Ff]igure|[Tt]ype|[Pp]hase|[Ss]tage|[Ll]evel|[Cc]lass|[Gg]rade|[Ss]eason|[Ee]pisode|[Vv]ersion|[Gg]roup|[Cc]ategory|[Tt]ier|[Ss]chedule|[Mm]ark|[Ww]ar|[Bb]owl|[Oo]lympiad|[Dd]ivision|[Zz]one|[Ff]actor|[Ss]tep|[Uu]nit|[Mm]odule|[Rr]ound|[Gg]ame|[Pp]age|[Nn]umber|[Cc]anto|[Ss]onnet|[Ss]ymphony|[Aa]mendment|[Bb]lock|[Ss]olution|[Qq]uadrant|[Mm]etro|[Ll]ine|WW|[Aa]pollo|[Gg]emini',
    between:
      "(?:(?:'s)?(?: (?:is|was|are|number|code|no\\.?|nr\\.?|id|ID|from|[A-Z]{3,8}|at|to|on|me|us|a|the|now|about|changed|set|plate|sector)){0,3}[:=]? ?#?)",
  },
  de: {
    telephone:
      '[Rr]uf|[Rr]ufe|[Aa]nrufe?[nr]?|[Aa]nruf von|[Tt]el|[Tt]elefon|[Tt]elefonnummer|[Rr]ufnummer|[Hh]andy(?:nummer)?|[Mm]obil(?:nummer)?|[Ff]ax|[Hh]otline|[Nn]ummer|[Nn]otfall|[Nn]otruf|[Ww]ähle|[Ww]hats[Aa]pp|[Ss][Mm][Ss]|[Ee]rreichbar unter|[Uu]nter',
    code: '[Pp]ostleitzahl|PLZ|[Pp][Ii][Nn]|[Cc]odes?|[Pp]asswort|[Kk]ennwort|TAN|[Gg]eheimzahl|[Kk]ombination|IBAN|[Kk]arte|[Aa]gent|[A-ZÄÖÜ]\\p{L}{1,20}(?:code|pin|PIN)',
    reference:
      '[Bb]estellung|[Bb]estellnummer|[Rr]echnung|[Rr]echnungsnummer|[Kk]undennummer|[Aa]uftrag|[Aa]uftragsnummer|[Tt]icket|[Vv]organg|[Vv]organgsnummer|[Ss]endung|[Ss]endungsnummer|[Kk]onto|[Kk]ontonummer|[Bb]uchung|[Bb]uchungsnummer|[Ss]eriennummer|[Rr]eferenz|[Rr]eferenznummer|[Aa]rtikel|[Aa]rtikelnummer|[Pp]aket|[Ff]all|[Ii][Dd]|[Vv]ertrag|[Vv]ertragsnummer|[Mm]itgliedsnummer|[Kk]ennzeichen|[Pp]ort',
    place:
      '[Zz]immer|[Rr]aum|[Ww]ohnung|[Gg]ate|[Ss]itz|[Pp]latz|[Rr]eihe|[Bb]lock|[Ss]chließfach|[Gg]leis|[Bb]us|[Tt]ram|[Zz]ug|[Ll]inie|[Aa]usgang|[Hh]aus|[Kk]abine|[Bb]ett|[Ee]bene|[Gg]ebäude|[Ff]ehler|[Kk]lasse|[Dd]urchwahl|[Aa]usfahrt|[Hh]alle',
    flight: '[Ff]lug|[Ff]lüge|[Ff]lugnummer',
    numbered:
      '[Kk]apitel|[Tt]eil|[Aa]kt|[Ss]zene|[Bb]uch|[Bb]and|[Aa]bschnitt|[Aa]rtikel|[Tt]itel|[Aa]nhang|[Tt]abelle|[Aa]bbildung|[Tt]yp|[Pp]hase|[Ss]tufe|[Kk]lasse|[Gg]ruppe|[Kk]ategorie|[Ss]taffel|[Ff]olge|[Vv]ersion|[Ww]eltkrieg|[Bb]owl|[Zz]one|[Ff]aktor|[Ss]chritt|[Mm]odul|[Rr]unde|[Ss]eite|[Nn]ummer|[Gg]esang|[Ss]infonie|[Bb]lock|[Ll]inie|[Aa]nlage|[Hh]artz|[Ee]bene|[Zz]weig|[Aa]pollo|[Gg]rad',
    between:
      '(?: (?:ist|war|sind|lautet|heißt|von|der|die|das|für|dich|mich|uns|neue|neuer|Nr\\.?|Nummer|bitte)){0,3}[:=]? ?#?',
  },
};

/** Numbers that call for help, or an office: by their digits behind a telephone word, and everywhere with "call" behind them. */
export const SHORT_CALLS =
  '911|112|999|110|113|114|115|116|117|118|119|144|133|122|101|111|000|988|411|311|211|511|116117|115|711|811|611';
