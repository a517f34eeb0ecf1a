/**
 * Numbers in words, by n2words. The package has ES modules alone, which CommonJS can require from Node.js 20.19 and 22.12
 * on; so that older ones run this too, the build bundles n2words into this file (scripts/build-number-words.ts).
 */
export * as cs from 'n2words/cs-CZ';
export * as da from 'n2words/da-DK';
export * as de from 'n2words/de-DE';
export * as enGB from 'n2words/en-GB';
export * as enUS from 'n2words/en-US';
export * as es from 'n2words/es-ES';
export * as fi from 'n2words/fi-FI';
export * as fr from 'n2words/fr-FR';
export * as it from 'n2words/it-IT';
export * as nb from 'n2words/nb-NO';
export * as nl from 'n2words/nl-NL';
export * as pl from 'n2words/pl-PL';
export * as pt from 'n2words/pt-PT';
export * as sv from 'n2words/sv-SE';
