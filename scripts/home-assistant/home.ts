/** A fresh Home Assistant, driven over its own HTTP and WebSocket interfaces as its frontend does. */
import { HomeSocket } from './home-socket.js';
import { until } from './waiting.js';

export interface State {
  readonly entity_id: string;
  readonly state: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

export interface FlowStep {
  readonly flow_id: string;
  readonly type: 'form' | 'create_entry' | 'abort' | 'menu';
  readonly step_id?: string;
  readonly errors?: Readonly<Record<string, string>> | null;
  readonly reason?: string;
  readonly result?: { readonly entry_id: string; readonly title: string };
}

export class Home {
  private token = '';
  private opened: HomeSocket | undefined;
  /** Every state that an entity took since `enter` was called first. */
  private readonly taken: State[] = [];

  constructor(private readonly url: string) {}

  async answers(): Promise<boolean> {
    return (await fetch(`${this.url}/auth/providers`)).status < 500;
  }

  /** The first user, and a token that outlives the checks. */
  async onboard(): Promise<void> {
    const client = { client_id: `${this.url}/` };
    const user = { ...client, name: 'Tester', username: 'tester', password: 'only-for-tests', language: 'en' };
    const { auth_code: code } = await this.post<{ auth_code: string }>('/api/onboarding/users', user);
    const answer = await fetch(`${this.url}/auth/token`, {
      method: 'POST',
      body: new URLSearchParams({ ...client, grant_type: 'authorization_code', code }),
    });
    this.token = ((await answer.json()) as { access_token: string }).access_token;
    for (const step of ['core_config', 'analytics']) await this.post(`/api/onboarding/${step}`, {});
    await this.post('/api/onboarding/integration', { ...client, redirect_uri: client.client_id });
    await this.enter();
    this.token = await this.socket.call({ type: 'auth/long_lived_access_token', client_name: 'checks', lifespan: 1 });
  }

  /** After every start: waits until all is set up, and listens from then on. */
  async enter(): Promise<void> {
    this.opened?.close();
    await until(
      'Home Assistant is set up',
      async () => (await this.get<{ state: string }>('/api/config')).state === 'RUNNING',
    );
    this.opened = await HomeSocket.open(`${this.url.replace('http', 'ws')}/api/websocket`, this.token);
    const changes = { type: 'subscribe_events', event_type: 'state_changed' };
    await this.opened.call(changes, (event) => {
      const { new_state: state } = (event as { data: { new_state: State | null } }).data;
      if (state !== null) this.taken.push(state);
    });
  }

  get socket(): HomeSocket {
    if (this.opened === undefined) throw new Error('Nobody has entered yet.');
    return this.opened;
  }

  /** Walks through an integration's dialog, one answer a step; gives the entry's id. */
  async setUp(handler: string, answers: readonly object[]): Promise<string> {
    const step = await this.post<FlowStep>('/api/config/config_entries/flow', { handler });
    return this.goThrough(step, answers);
  }

  /** Goes on with a dialog that Home Assistant has opened. */
  async goThrough(from: Pick<FlowStep, 'flow_id'>, answers: readonly object[]): Promise<string> {
    let step: Pick<FlowStep, 'flow_id'> & Partial<FlowStep> = from;
    for (const answer of answers) {
      step = await this.post<FlowStep>(`/api/config/config_entries/flow/${step.flow_id}`, answer);
    }
    if (step.type !== 'create_entry' || step.result === undefined)
      throw new Error(`the dialog ended in ${JSON.stringify(step)}`);
    return step.result.entry_id;
  }

  async removeEntry(entryId: string): Promise<void> {
    await this.request('DELETE', `/api/config/config_entries/entry/${entryId}`);
  }

  /** `name`: as automations write it, `notify.send_message`. */
  async act(name: string, data: object): Promise<void> {
    await this.post(`/api/services/${name.replace('.', '/')}`, data);
  }

  /** The whole address of a path that Home Assistant gave. */
  address(path: string): string {
    return new URL(path, this.url).href;
  }

  states(): Promise<readonly State[]> {
    return this.get('/api/states');
  }

  async state(entityId: string): Promise<State> {
    return this.get(`/api/states/${entityId}`);
  }

  /** The states that an entity took, in order, the first `after` of all entities' left out. */
  history(entityId: string, after = 0): string[] {
    return this.taken.slice(after).flatMap((state) => (state.entity_id === entityId ? [state.state] : []));
  }

  get historyLength(): number {
    return this.taken.length;
  }

  get<T>(path: string): Promise<T> {
    return this.request('GET', path);
  }

  post<T>(path: string, body: object): Promise<T> {
    return this.request('POST', path, body);
  }

  private async request<T>(method: string, path: string, body?: object): Promise<T> {
    const answer = await fetch(this.url + path, {
      method,
      headers: {
        'content-type': 'application/json',
        ...(this.token === '' ? {} : { authorization: `Bearer ${this.token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text.slice(0, 300)}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }
}
