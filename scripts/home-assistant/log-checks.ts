/** What the three wrote into their logs: nothing that warns, but what a check brought about. */
import type { House } from './house.js';
import { expect, type Report } from './report.js';
import { BROKER_RESTART, HOME_RESTART } from './restart-checks.js';

interface Allowed {
  readonly line: RegExp;
  /** Only what was written while this check ran. */
  readonly during?: string;
  readonly because: string;
}

const ALLOWED: readonly Allowed[] = [
  { line: /Skipping pip installation/, because: 'all was installed before' },
  { line: /deprecated enum member MediaPlayerState.STANDBY .* from universal/, because: "Home Assistant's own player" },
  {
    line: /loading flow for integration (met|radio_browser)|setting up entry Google Translate|Task exception was never retrieved/,
    during: 'all was started',
    because: 'what the first user is given needs the internet and more packages',
  },
  { line: /setting up entry Google Translate/, during: HOME_RESTART, because: 'the same after a restart' },
  {
    line: /Got error 'Cannot subscribe to topic 'higgs-tts\/hall\/result'/,
    during: 'all was started',
    because: 'the automation is loaded again when there is MQTT',
  },
  {
    line: /mqtt.client\] .*(connection was lost|Failed to connect)/,
    during: BROKER_RESTART,
    because: 'the broker was away',
  },
  { line: /^higgs-tts: (speech|announcements|announced) /, because: 'where the server serves' },
];

interface Line {
  readonly text: string;
  readonly check: string;
}

/** Where in the logs each check began. */
export class LogMarks {
  private readonly marks: { readonly check: string; readonly at: ReadonlyMap<string, number> }[] = [];

  constructor(private readonly house: House) {}

  begin(check: string): void {
    const { broker, server, homeAssistant } = this.house;
    const at = new Map([broker, server, homeAssistant].map((side) => [side.name, side.log().length]));
    this.marks.push({ check, at });
  }

  lines(side: House['broker']): Line[] {
    const log = side.log();
    return this.marks.flatMap(({ check, at }, index) =>
      log
        .slice(at.get(side.name), this.marks[index + 1]?.at.get(side.name))
        .split('\n')
        .map((text) => ({ text, check })),
    );
  }
}

export async function checkLogs(report: Report, house: House, marks: LogMarks): Promise<void> {
  await report.check("Home Assistant's log warns of nothing", () =>
    Promise.resolve(
      judge(marks.lines(house.homeAssistant).filter(({ text }) => /\s(WARNING|ERROR|CRITICAL)\s/.test(text))),
    ),
  );
  await report.check("the server's log has nothing but where it serves", () =>
    Promise.resolve(judge(marks.lines(house.server).filter(({ text }) => text !== ''))),
  );
}

function judge(lines: readonly Line[]): string {
  const reasons = new Map<string, number>();
  const wrong = lines.filter(({ text, check }) => {
    const allowed = ALLOWED.find(({ line, during }) => line.test(text) && (during === undefined || during === check));
    if (allowed !== undefined) reasons.set(allowed.because, (reasons.get(allowed.because) ?? 0) + 1);
    return allowed === undefined;
  });
  expect(wrong.length === 0, wrong.map(({ text, check }) => `\n          ${text}   [while: ${check}]`).join(''));
  return [...reasons].map(([because, count]) => `${count} lines, ${because}`).join('; ') || 'nothing';
}
