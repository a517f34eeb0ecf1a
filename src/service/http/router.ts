/**
 * Which handler answers: exact paths, as they stand in the request, so that no spelling of a path leads elsewhere. Three
 * spellings of clients are taken as well: without the `/v1` of a base address, with a slash at its end as well as before
 * the path, and with one at the end of all.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ApiError } from './api-error.js';

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** What follows the prefix of a route that ends with a slash. */
  readonly rest: string;
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** A whole path, or a prefix that ends with `/` and takes one more segment. */
  readonly path: string;
  /** Whether it may be asked without a key and as often as one likes. */
  readonly open?: true;
  readonly answer: (exchange: Exchange) => Promise<void> | void;
}

export interface Found {
  readonly route: Route;
  readonly rest: string;
}

/** Throws 404 or 405. HEAD is answered as GET, without its body. */
export function findRoute(routes: readonly Route[], method = '', url = ''): Found {
  const path = url
    .split('?', 1)[0]!
    .replaceAll(/\/{2,}/g, '/')
    .replace(/(?<=.)\/$/, '');
  const at = (place: string) =>
    routes.flatMap((route) => {
      const rest = restOf(route, place);
      return rest === undefined ? [] : [{ route, rest }];
    });
  const exact = at(path);
  const found = exact.length > 0 ? exact : at(`/v1${path}`);
  if (found.length === 0) throw new ApiError(404, 'not_found', 'There is nothing at this path.');
  const wanted = method === 'HEAD' ? 'GET' : method;
  const match = found.find(({ route }) => route.method === wanted);
  if (match !== undefined) return match;
  const allow = found.map(({ route }) => route.method).join(', ');
  throw new ApiError(405, 'method_not_allowed', `This path takes ${allow}.`, { headers: { allow } });
}

function restOf(route: Route, path: string): string | undefined {
  if (!route.path.endsWith('/')) return route.path === path ? '' : undefined;
  const rest = path.startsWith(route.path) ? path.slice(route.path.length) : '';
  return rest === '' || rest.includes('/') ? undefined : rest;
}
