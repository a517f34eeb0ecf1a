/** The prompt room: pieces and voices to ids and audio slots, by the checkpoint's tokenizer and template. */
export { buildPrompt, type PromptShape } from './build-prompt.js';
export { renderScene } from './chat-template.js';
export {
  composeConversation,
  SPEAKERS_SYSTEM_TEXT,
  SYSTEM_TEXT,
  tagSpeakers,
  USUAL_SCENE,
  type Conversation,
  type ConversationMessage,
  type ConversationPart,
  type ConversationRequest,
  type PromptVoice,
  type SpokenTurn,
} from './conversation.js';
export { inPhones } from './in-phones.js';
export { openTokenizer, type PromptTokenizer } from './tokenizer.js';
export type { Prompt, PromptRun } from './types.js';
export { placeWords, type WordTokens } from './word-tokens.js';
