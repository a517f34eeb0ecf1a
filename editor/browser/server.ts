/** The nodes' own admin endpoints, asked as the editor asks: with its login, below its root. */

/** What the runtime says went wrong. */
export class ServerError extends Error {
  constructor(
    message: string,
    readonly remedy: string,
  ) {
    super(message);
  }
}

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** What went wrong, in words for a person. */
export function describeError(thrown: unknown): string {
  if (thrown instanceof ServerError) return `${thrown.message} ${thrown.remedy}`.trim();
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** Throws a ServerError where the answer is one. */
export async function request(method: Method, path: string, body?: unknown, signal?: AbortSignal): Promise<Response> {
  const token = RED.settings.get('auth-tokens')?.access_token;
  const bytes = body instanceof Blob;
  const response = await fetch(`${RED.settings.apiRootUrl ?? ''}higgs-tts/${path}`, {
    method,
    headers: {
      ...(body === undefined || bytes ? {} : { 'content-type': 'application/json' }),
      ...(bytes ? { 'content-type': 'application/octet-stream' } : {}),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(body === undefined ? {} : { body: bytes ? body : JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  });
  if (response.ok) return response;
  const { message, remedy = '' } = (await response.json().catch(() => ({}))) as { message?: string; remedy?: string };
  throw new ServerError(message ?? `${response.status} ${response.statusText}`, remedy);
}

export async function requestJson<T>(method: Method, path: string, body?: unknown): Promise<T> {
  return (await (await request(method, path, body)).json()) as T;
}

/** An answer of one JSON value a line, as the lines come. */
export async function* linesOf(response: Response): AsyncGenerator {
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const lines = (rest + value).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line !== '') yield JSON.parse(line);
  }
}
