/** A conversation as text: by the checkpoint's own template, or by the built-in wording of the same where it ships none. */
import { HiggsError } from '../errors.js';
import type { Conversation, ConversationPart } from './conversation.js';
import { trimText } from '../text/python-blanks.js';
import { compileJinja } from './template-interpreter.js';

/** Gives a conversation's text, up to where the model begins to speak. */
export type RenderConversation = (conversation: Conversation) => string;

/** Where a clip stands; the tokenizer makes one token of `<|AUDIO_OUT|>`. */
export const AUDIO_TOKEN = '<|AUDIO_OUT|>';
const AUDIO = `<|audio_out_bos|>${AUDIO_TOKEN}<|audio_eos|>`;

/** Names of special tokens, as templates use them: bos_token and its like. */
export type SpecialTokens = Readonly<Record<string, string>>;

/**
 * `source`: a Jinja template, from `file`. Throws HIGGS_CHECKPOINT_BROKEN naming `file`, at once where it cannot be parsed,
 * from the renderer where it fails on a conversation or goes beyond a limit (template-interpreter.ts).
 */
export function compileTemplate(source: string, file: string, special: SpecialTokens): RenderConversation {
  const broken = (cause: unknown): HiggsError =>
    new HiggsError('HIGGS_CHECKPOINT_BROKEN', `The chat template in ${file} cannot be used: ${reason(cause)}.`, {
      cause,
    });
  let render: ReturnType<typeof compileJinja>;
  try {
    render = compileJinja(source);
  } catch (cause) {
    throw broken(cause);
  }
  return (conversation) => {
    const messages = conversation.map(({ role, content }) => ({
      role,
      content: content.map((part) =>
        part.type === 'text' ? { type: part.type, text: part.text } : { type: part.type },
      ),
    }));
    try {
      return render({ ...special, messages, add_generation_prompt: true });
    } catch (cause) {
      throw broken(cause);
    }
  };
}

/** What the published templates write, for checkpoints that ship none (the original layout). */
export function renderBuiltIn(conversation: Conversation, bosToken: string): string {
  const text: string[] = [bosToken];
  for (const [index, { role, content }] of conversation.entries()) {
    // The scene is part of the system message, so that one is left open for it.
    const sceneFollows = conversation[index + 1]?.role === 'scene';
    if (role === 'scene') text.push(`${renderScene(content)}<|eot_id|>`);
    else text.push(header(role), role === 'assistant' ? AUDIO : plainWords(content), sceneFollows ? '' : '<|eot_id|>');
  }
  text.push(header('assistant'), '<|audio_out_bos|>');
  return text.join('');
}

function header(role: string): string {
  return `<|start_header_id|>${role}<|end_header_id|>\n\n`;
}

function plainWords(content: readonly ConversationPart[]): string {
  return content.map((part) => (part.type === 'text' ? trimText(part.text) : '')).join('');
}

/**
 * What follows the system's words: between marks the scene's words, an empty line, then a line a speaker:
 * `SPEAKER0: feminine`, or its name and a clip.
 */
export function renderScene(content: readonly ConversationPart<unknown>[]): string {
  const lines = content.map((part, index) => {
    const next = content[index + 1];
    if (part.type === 'audio') return ` ${AUDIO}${next === undefined ? '' : '\n'}`;
    if (next === undefined) return trimText(part.text);
    if (index === 0) return `${trimText(part.text)}\n\n`;
    return next.type === 'audio' ? trimText(part.text) : `${trimText(part.text)}\n`;
  });
  return `\n\n<|scene_desc_start|>\n${lines.join('')}\n<|scene_desc_end|>`;
}

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message.replace(/\.$/, '') : String(cause);
}
