/**
 * What a route is, as data: from one description come validation, access, limits and the OpenAPI document.
 * `app.ts` makes them into an application.
 */
import type * as v from "valibot";
import type { Asker } from "../people/people.ts";
import type { Action } from "../people/roles.ts";
import type { EdgeRecord } from "../store/fleet.ts";

export interface Call<Query, Body> {
  /** Of the path, decoded and checked to be ids. */
  params: Record<string, string>;
  query: Query;
  body: Body;
  asker: Asker;
  /** Only for routes of edges. */
  edge: EdgeRecord | undefined;
  request: Request;
  /** Address of who is connected. */
  address: string;
  /** The session's secret, when a person asks. */
  session: string | undefined;
  /** Whether who asks would be let in still: for replies that last. */
  stillIn(): Promise<boolean>;
  /** What a change was about, before and after it: the audit keeps what differs. */
  changed(subject: string, before: unknown, after: unknown): void;
  /** Nothing was changed, as by a dry run: the audit keeps no entry. */
  unchanged(): void;
}

export interface RouteOptions<Query, Body> {
  summary: string;
  /** `open` to all, `people` (session or API token), `edge` (uplink token). */
  access: "open" | "people" | "edge";
  /** Whether a role may: `roles.ts`. By default `look` for what only reads, else `administer`. */
  action?: Action;
  query?: v.GenericSchema<unknown, Query>;
  /** JSON; a route without has no body, unless `raw`. */
  body?: v.GenericSchema<unknown, Body>;
  /** What the OpenAPI document tells of the body, where `body` takes it in looser and the handler checks it. */
  bodyShown?: v.GenericSchema;
  /** Reads what is sure to pass the body's schema, faster than that; undefined: the schema decides. */
  read?: (body: unknown) => Body | undefined;
  /** The handler reads the body itself, as bytes. */
  raw?: boolean;
  bodyBytesMax?: number;
  reply?: v.GenericSchema;
  /** Media type of a reply that is not JSON. */
  produces?: string;
  /**
   * The thing has an ETag, which a GET tells (and answers `If-None-Match` by), and which whoever changes the thing may send
   * as `If-Match`: what somebody else changed meanwhile is not overwritten.
   */
  tagged?: boolean;
  /** 200 unless told. */
  status?: number;
  /** Whether it goes into the audit; by default everything that people change. */
  audited?: boolean;
  /** The body holds a secret, which the audit must not keep. */
  secret?: boolean;
  /** Of path and body: what names a box. The audit keeps a keyed hash instead. */
  pseudonyms?: readonly string[];
  /** A Response goes out as it is, Tagged with its ETag, anything else as JSON; undefined as 204. */
  handle(call: Call<Query, Body>): Promise<unknown>;
}

/** A reply with an ETag: what an editor must send back to change the same thing. */
export class Tagged {
  readonly body: unknown;
  readonly tag: string;
  constructor(body: unknown, tag: string) {
    this.body = body;
    this.tag = tag;
  }
}

export type Method = "GET" | "POST" | "PUT" | "DELETE";
export interface Route extends Omit<RouteOptions<unknown, unknown>, "handle"> {
  method: Method;
  /** `/api/v1/placements/{id}` */
  path: string;
  handle(call: Call<never, never>): Promise<unknown>;
}

/** The action that a route needs. */
export function actionOf({ method, action }: Pick<Route, "method" | "action">): Action {
  return action ?? (method === "GET" ? "look" : "administer");
}

export function route<Query = undefined, Body = undefined>(
  method: Method,
  path: string,
  options: RouteOptions<Query, Body>,
): Route {
  return { method, path, ...options } as Route;
}
