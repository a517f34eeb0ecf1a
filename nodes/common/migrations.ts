/**
 * A node in a flow file carries the version of its properties; one from before there were versions has none, which is
 * version 0. Step n makes version n out of version n - 1. The runtime takes the steps when it makes a node, the editor
 * when flows are loaded, so that what a dialog shows is what runs. Data and plain code: the editor's page has it too.
 */
import { SUBTITLES } from './catalogue.js';

type Properties = Readonly<Record<string, unknown>>;
type Step = (saved: Properties) => Properties;

/** Nothing changes but the number. */
const unchanged: Step = (saved) => saved;

/** A list has no line for what a node does not say. */
const addSubtitles: Step = (saved) => ({ ...saved, subtitles: saved.subtitles ?? SUBTITLES[0] });

const STEPS: Readonly<Record<string, readonly Step[]>> = {
  'higgs-engine': [unchanged],
  'higgs-voice': [unchanged],
  'higgs-synthesize': [unchanged, addSubtitles],
  'higgs-dialogue': [unchanged, addSubtitles],
  // A new node remembers its switch; a node from before this could be chosen does not.
  'higgs-music': [(saved) => ({ ...saved, remember: saved.remember ?? false })],
  'higgs-server': [unchanged],
  'higgs-announce': [unchanged],
  'higgs-play': [unchanged],
  'higgs-sounds': [unchanged],
};

/** The version that a new node of the type has; 0 for a type that is not ours. */
export function newestVersion(type: string): number {
  return STEPS[type]?.length ?? 0;
}

/** The node's properties in the newest version. Those of a version that is newer still are left as they are. */
export function migrate<Saved extends Properties>(type: string, saved: Saved): Saved {
  const newest = newestVersion(type);
  const version = typeof saved.version === 'number' ? saved.version : 0;
  if (version >= newest) return saved;
  const migrated = STEPS[type]!.slice(version).reduce<Properties>((node, step) => step(node), saved);
  return { ...migrated, version: newest } as unknown as Saved;
}
