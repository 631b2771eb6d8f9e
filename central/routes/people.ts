/** Signing in and out, and tokens. */
import * as v from "valibot";
import { boxIdSchema, instantSchema } from "../../shared/protocol/primitives.ts";
import type { Tokens } from "../air-server/tokens.ts";
import { type People, SESSION_MS } from "../people/people.ts";
import { SESSION_COOKIE } from "./app.ts";
import { type Route, route } from "./route.ts";

const nameSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(100));
const signInSchema = v.object({ name: nameSchema, password: v.pipe(v.string(), v.maxLength(500)) });
const whoSchema = v.object({ kind: v.string(), name: v.string() });
const tokenSchema = v.object({ token: v.string() });

/** @param settings `secure`: central is reached over https, so the cookie must be too */
export function peopleRoutes(
  ports: { people: People; tokens: Tokens },
  settings: { secure: boolean },
): Route[] {
  const { people, tokens } = ports;
  const cookie = (value: string, maxAgeS: number) =>
    `${SESSION_COOKIE}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${maxAgeS}${settings.secure ? "; Secure" : ""}`;
  const withCookie = (body: unknown, value: string, maxAgeS: number) =>
    new Response(body === undefined ? null : JSON.stringify(body), {
      status: body === undefined ? 204 : 200,
      headers: {
        "set-cookie": cookie(value, maxAgeS),
        "cache-control": "no-store",
        ...(body !== undefined && { "content-type": "application/json" }),
      },
    });
  return [
    route("POST", "/api/v1/session", {
      summary: "Sign in; the reply sets the session's cookie",
      access: "open",
      body: signInSchema,
      bodyBytesMax: 4_096,
      reply: whoSchema,
      async handle({ body, address }) {
        const { secret } = await people.signIn(body.name, body.password, address);
        await people.audit({ kind: "person", name: body.name }, "signed in", { address });
        return withCookie({ kind: "person", name: body.name }, secret, SESSION_MS / 1000);
      },
    }),
    route("GET", "/api/v1/session", {
      summary: "Who asks",
      access: "people",
      reply: whoSchema,
      handle: async ({ asker }) => asker,
    }),
    route("DELETE", "/api/v1/session", {
      summary: "Sign out",
      access: "open",
      status: 204,
      async handle({ session }) {
        if (session) await people.signOut(session);
        return withCookie(undefined, "", 0);
      },
    }),
    route("POST", "/api/v1/tokens", {
      summary: "A new API token; shown once",
      access: "people",
      body: v.object({ name: nameSchema }),
      reply: tokenSchema,
      status: 201,
      handle: async ({ body }) => ({ token: await people.makeToken(body.name) }),
    }),
    route("POST", "/api/v1/box-tokens", {
      summary: "A token for one box, for edges that demand one",
      access: "people",
      body: v.object({ box: boxIdSchema }),
      reply: v.object({ token: v.string(), expiresAtMs: instantSchema }),
      status: 201,
      handle: ({ body }) => tokens.forBox(body.box),
    }),
  ];
}
