/** Server-sent events (WHATWG HTML, section 9.2): the `data` of each, whatever the pieces they come in. */
import { BrokenAnswer } from './types.js';

/** No event of speech is longer: 5 minutes of sound at once in base64. */
const MOST_CHARACTERS = 24e6;

export async function* eventsOf(parts: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, void> {
  const decoder = new TextDecoder();
  let text = '';
  let data: string[] = [];
  for await (const part of parts) {
    text += decoder.decode(part, { stream: true });
    for (;;) {
      // A line end at the very end may be the first half of CRLF.
      const end = /\r\n|\n|\r(?!$)/u.exec(text);
      if (end === null) break;
      const line = text.slice(0, end.index);
      text = text.slice(end.index + end[0].length);
      if (line.startsWith('data:')) data.push(line.slice('data:'.length).replace(/^ /u, ''));
      if (line === '' && data.length > 0) {
        yield data.join('\n');
        data = [];
      }
    }
    if (text.length > MOST_CHARACTERS) throw new BrokenAnswer('sent an event without end');
  }
}
