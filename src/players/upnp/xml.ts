/** As much of XML as UPnP devices write: elements, text, entities, CDATA. No DTDs: nothing outside of the text is read. */

export interface XmlElement {
  /** Without its namespace's prefix. */
  readonly name: string;
  readonly children: readonly XmlElement[];
  /** The text directly in it. */
  readonly text: string;
}

const DEEPEST = 100;
/** One part of the text at a time, from where the last one ended. */
const PART =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!DOCTYPE[^[>]*>|<!\[CDATA\[([\s\S]*?)\]\]>|<\/([^\s>]+)\s*>|<([^\s/>!?]+)(?:"[^"]*"|'[^']*'|[^>"'])*>|([^<]+)/y;
const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

interface Open {
  name: string;
  children: Open[];
  text: string;
}

/** The outermost element; undefined where the text is no XML as above. */
export function readXml(text: string): XmlElement | undefined {
  const root: Open = { name: '', children: [], text: '' };
  const open = [root];
  PART.lastIndex = 0;
  while (PART.lastIndex < text.length) {
    const part = PART.exec(text);
    if (part === null) return undefined;
    const [whole, cdata, closed, opened, words] = part;
    const inner = open.at(-1)!;
    if (cdata !== undefined) inner.text += cdata;
    else if (words !== undefined) inner.text += decoded(words);
    else if (closed !== undefined) {
      if (open.length < 2 || inner.name !== localName(closed)) return undefined;
      open.pop();
    } else if (opened !== undefined) {
      const element: Open = { name: localName(opened), children: [], text: '' };
      inner.children.push(element);
      if (!whole.endsWith('/>')) open.push(element);
      if (open.length > DEEPEST) return undefined;
    }
  }
  return open.length === 1 ? root.children[0] : undefined;
}

/** All elements of a name, at any depth, in the order of the text. */
export function allNamed(element: XmlElement, name: string): XmlElement[] {
  return element.children.flatMap((child) => [...(child.name === name ? [child] : []), ...allNamed(child, name)]);
}

/** The text of the first element of a name, at any depth; empty where there is none. */
export function textOf(element: XmlElement, name: string): string {
  return allNamed(element, name)[0]?.text.trim() ?? '';
}

export function escapeXml(text: string): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  // What XML has no way to write at all is left out.
  return escaped.replaceAll('"', '&quot;').replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '');
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

function decoded(text: string): string {
  return text.replaceAll(
    /&(?:#x([\da-f]{1,6})|#(\d{1,7})|(\w{2,4}));/gi,
    (all, hex?: string, decimal?: string, name?: string) => {
      if (name !== undefined) return NAMED[name] ?? all;
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      return code <= 0x10_ffff ? String.fromCodePoint(code) : all;
    },
  );
}
