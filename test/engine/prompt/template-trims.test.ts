/** Texts are trimmed in templates as Python trims them; the expected ones are what jinja2 3.1 gives. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { renderScene } from '../../../src/engine/prompt/index.js';
import { splitAtBlanks, trimText } from '../../../src/engine/text/python-blanks.js';
import { compileJinja } from '../../../src/engine/prompt/template-interpreter.js';

/** All for which Python's `str.isspace` holds, Unicode 15. */
const BLANKS =
  '\t\n\v\f\r\u001c\u001d\u001e\u001f \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a' +
  '\u2028\u2029\u202f\u205f\u3000';
/** Blanks for JavaScript or for the eye alone. */
const KEPT = ['\ufeff', '\u180e', '\u200b', '\u2060', '\u001b', '\u0000'];
const AWKWARD = `\ufeff \u001c\u0085a\u001f\ufeffb\u001c`;

const render = (source: string, text: string): string => compileJinja(source)({ text, list: [{ text }] });

test.each(Array.from(BLANKS))('%j is taken away at both ends, and parts words', (blank) => {
  expect(trimText(`${blank}a${blank}`)).toBe('a');
  expect(trimText(`${blank}a${blank}`, 'start')).toBe(`a${blank}`);
  expect(trimText(`${blank}a${blank}`, 'end')).toBe(`${blank}a`);
  expect(splitAtBlanks(`${blank}a${blank}${blank}b`)).toEqual(['a', 'b']);
});

test.each(KEPT)('%j is kept', (sign) => {
  expect(trimText(` ${sign}a${sign} `)).toBe(`${sign}a${sign}`);
  expect(splitAtBlanks(`${sign} ${sign}`)).toEqual([sign, sign]);
});

test('a trimmed text begins and ends with no blank, and lacks nothing else', () => {
  const character = fc.constantFrom(...Array.from(BLANKS), ...KEPT, 'a', '😀');
  fc.assert(
    fc.property(fc.array(character), (characters) => {
      const text = characters.join('');
      const trimmed = trimText(text);
      const [before = '', after = ''] = trimmed === '' ? [text] : text.split(trimmed, 2);
      expect(Array.from(before + after).every((each) => BLANKS.includes(each))).toBe(true);
      expect(trimmed !== '' && (BLANKS.includes(trimmed[0]!) || BLANKS.includes(trimmed.at(-1)!))).toBe(false);
    }),
  );
});

describe('a template', () => {
  test.each([
    ['{{ text | trim }}', '\ufeff \u001c\u0085a\u001f\ufeffb'],
    ['{{ text | trim | upper }}', '\ufeff \u001c\u0085A\u001f\ufeffB'],
    ["{{ text | trim('\ufeff\u001c') }}", ' \u001c\u0085a\u001f\ufeffb'],
    ["{{ ('  x' ~ text) | trim | length }}", '9'],
    ['{% filter trim %} {{ text }} {% endfilter %}', '\ufeff \u001c\u0085a\u001f\ufeffb'],
    ['{{ text.strip() }}', '\ufeff \u001c\u0085a\u001f\ufeffb'],
    ["{{ text.strip('\ufeff') }}", ' \u001c\u0085a\u001f\ufeffb\u001c'],
    ["{{ text.strip('\ufeff').lstrip() }}", 'a\u001f\ufeffb\u001c'],
    ['{{ text.rstrip() }}', '\ufeff \u001c\u0085a\u001f\ufeffb'],
    ["{{ text.split() | join('|') }}", '\ufeff|a|\ufeffb'],
    ["{{ text.split(' ') | length }}", '2'],
    ['{{ {"a": text | trim}["a"] }}', '\ufeff \u001c\u0085a\u001f\ufeffb'],
    ['{% for each in list %}{{ each["text"] | trim }}{% endfor %}', '\ufeff \u001c\u0085a\u001f\ufeffb'],
    ['{% macro of(x) %}{{ x | trim }}{% endmacro %}{{ of(text) }}', '\ufeff \u001c\u0085a\u001f\ufeffb'],
    ['{% if text | trim == text.strip() %}same{% endif %}', 'same'],
  ])('%s trims as Python does', (source, expected) => {
    expect(render(source, AWKWARD)).toBe(expected);
  });

  test('that trims what is no text is refused', () => {
    expect(() => render('{{ missing | trim }}', '')).toThrow(/only texts can be trimmed/);
  });
});

test('the built-in template’s scene is trimmed as Python does', () => {
  expect(renderScene([{ type: 'text', text: ` \u001c${AWKWARD}` }])).toBe(
    '\n\n<|scene_desc_start|>\n\ufeff \u001c\u0085a\u001f\ufeffb\n<|scene_desc_end|>',
  );
});
