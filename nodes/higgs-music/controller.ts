import type { MusicSetting } from '../../src/engine/index.js';
import { endOnce } from '../common/end-once.js';
import { readInputs } from '../common/inputs.js';
import { othersOf, overridesOf } from '../common/msg-higgs.js';
import { sharedText } from '../common/node-red.js';
import type { Done, Node, NodeAPI, NodeMessageInFlow, Saved, Send } from '../common/node-red.js';
import { fileToRead } from '../common/paths.js';
import { invalid, readChoice } from '../common/readers.js';
import { isRecord } from '../common/values.js';
import { musicInputs, settingOf } from './inputs.js';
import { mixUnder } from './mix.js';
import { MusicSwitch, SWITCH_COMMANDS, type SwitchCommand } from './switch.js';

/**
 * A switch in the way of texts or of audio: msg.music = on, off, toggle, true or false moves it, and so does the button in
 * the editor. A message that only moves the switch ends here. Any other goes on: in the mode `pass` with the music
 * setting in msg.music, for the speaking node behind; in the mode `mix` with music under the audio in msg.payload.
 */
export class MusicController {
  private readonly inputs: ReturnType<typeof musicInputs>;
  private readonly switch: MusicSwitch;

  constructor(
    private readonly red: NodeAPI,
    private readonly node: Node,
    private readonly saved: Saved,
  ) {
    this.inputs = musicInputs(red);
    this.switch = new MusicSwitch(red, node, saved);
    this.show();
  }

  get isOn(): boolean {
    return this.switch.isOn;
  }

  /** Moves the switch, as a message or the editor's button does; gives where it stands now. */
  move(command: SwitchCommand): boolean {
    this.switch.move(command);
    this.show();
    return this.isOn;
  }

  async take(msg: NodeMessageInFlow, send: Send, done: Done): Promise<void> {
    const work = async () => {
      const command = commandOf(msg.music);
      if (command !== undefined) {
        this.move(command);
        if (msg.payload === undefined || msg.payload === '') return;
      }
      await this.addMusic(msg);
      this.show();
      send(msg);
    };
    await endOnce(done, work(), (error) => {
      this.node.status({ fill: 'red', shape: 'ring', text: sharedText(this.red, `errors.${error.code}`) });
      return 'error';
    });
  }

  async close(removed: boolean): Promise<void> {
    await this.switch.close(removed);
  }

  private async addMusic(msg: NodeMessageInFlow): Promise<void> {
    const isMix = this.saved.mode === 'mix';
    const setting = this.isOn ? await this.setting(msg) : ({ kind: 'none' } as const);
    if (!isMix) msg.music = setting;
    else if (setting.kind !== 'none') await mixUnder(msg, setting, fileToRead(this.red));
  }

  private async setting(msg: NodeMessageInFlow): Promise<MusicSetting> {
    const { red, node, saved, inputs } = this;
    const overrides = overridesOf(msg);
    const values = await readInputs({ red, node, saved, msg, overrides }, inputs);
    const names = Object.keys(inputs);
    if (names.some((name) => name in overrides)) {
      // What this node has used up is nothing that a node behind it knows.
      const { higgs } = msg as { higgs?: unknown };
      if (isRecord(higgs)) msg.higgs = othersOf(higgs, names);
    }
    return settingOf(values);
  }

  private show(): void {
    const kind = this.saved.music === 'model' || this.saved.music === undefined ? 'model' : 'bed';
    const text = sharedText(this.red, this.isOn ? `status.music.${kind}` : 'status.music.off');
    this.node.status(this.isOn ? { fill: 'green', shape: 'dot', text } : { fill: 'grey', shape: 'ring', text });
  }
}

/** A setting that another higgs-music node made is no command: this node's own takes its place. */
function commandOf(value: unknown): SwitchCommand | undefined {
  if (value === undefined || value === null || typeof value === 'object') return undefined;
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value !== 'string') throw invalid('msg.music', value, '"on", "off", "toggle", true or false');
  return readChoice(SWITCH_COMMANDS)(value, 'msg.music');
}
