/** Signing in and out, and one's own password. */
import * as v from "valibot";
import { CuecastError } from "../../shared/errors.ts";
import type { Audit } from "../people/audit.ts";
import { type People, SESSION_MS } from "../people/people.ts";
import { ACTIONS, actionsOf, powersOf, roleSchema } from "../people/roles.ts";
import { SESSION_COOKIE } from "./app.ts";
import { type Route, route } from "./route.ts";

/** Shortest password that a person may choose, characters. */
const PASSWORD_LENGTH_MIN = 10;

export const personNameSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(100));
export const passwordSchema = v.pipe(
  v.string(),
  v.maxLength(500),
  v.check(
    (password) => password.trim().length >= PASSWORD_LENGTH_MIN,
    `Cannot take this password: at least ${PASSWORD_LENGTH_MIN} characters, blanks at its ends not counted`,
  ),
);

/** @throws {CuecastError} 400 `bad-body` when it is the person's name, which everybody knows */
export function refuseNameAsPassword(name: string, password: string): void {
  if (password.trim().toLowerCase() !== name.trim().toLowerCase()) return;
  const message = "Cannot take this password: it is the person's name";
  const errors = [{ path: "password", message, code: "not-so", facts: {} }];
  throw new CuecastError(message, { code: "bad-body", status: 400, errors });
}
const signInSchema = v.object({
  name: personNameSchema,
  password: v.pipe(v.string(), v.maxLength(500)),
});
const whoSchema = v.object({
  kind: v.string(),
  name: v.string(),
  role: v.optional(roleSchema),
  /** Of a token that may less than its role. */
  scope: v.optional(v.array(v.picklist(ACTIONS))),
  /** Who answers for a token. */
  person: v.optional(v.string()),
  /** Theirs now. */
  personRole: v.optional(roleSchema),
  /** What the role may do, within the scope; of a token no more than who answers for it may. */
  may: v.array(v.picklist(ACTIONS)),
});
export type Who = v.InferOutput<typeof whoSchema>;

/** @param secure central is reached over https, so the cookie must be too */
export const sessionCookie = (value: string, maxAgeS: number, secure: boolean) =>
  `${SESSION_COOKIE}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${maxAgeS}${secure ? "; Secure" : ""}`;

/** @param settings `secure`: central is reached over https, so the cookie must be too */
export function sessionRoutes(
  { people, audit }: { people: People; audit: Audit },
  settings: { secure: boolean },
): Route[] {
  const withCookie = (body: unknown, value: string, maxAgeS: number) =>
    new Response(body === undefined ? null : JSON.stringify(body), {
      status: body === undefined ? 204 : 200,
      headers: {
        "set-cookie": sessionCookie(value, maxAgeS, settings.secure),
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
        const who = `person:${body.name}`;
        const { secret } = await people.signIn(body.name, body.password, address).catch(async (error) => {
          // Not each of those that are turned away unread: whoever floods central must not fill its audit.
          if (error.code === "wrong-password") {
            await audit.write({ who, what: "sign-in refused", address, detail: {} });
          }
          throw error;
        });
        const asker = await people.bySession(secret);
        await audit.write({ who, what: "signed in", address, detail: {} });
        const { role = "viewer" } = asker ?? {};
        return withCookie(
          { kind: "person", name: body.name, role, may: actionsOf(role) },
          secret,
          SESSION_MS / 1000,
        );
      },
    }),
    route("GET", "/api/v1/session", {
      summary: "Who asks, and what they may do",
      access: "people",
      reply: whoSchema,
      handle: async ({ asker }) => ({ ...asker, may: powersOf(asker) }),
    }),
    route("DELETE", "/api/v1/session", {
      summary: "Sign out",
      access: "open",
      status: 204,
      async handle({ session, address }) {
        const asker = session && (await people.bySession(session));
        if (session) await people.signOut(session);
        if (asker)
          await audit.write({ who: `person:${asker.name}`, what: "signed out", address, detail: {} });
        return withCookie(undefined, "", 0);
      },
    }),
    route("DELETE", "/api/v1/sessions", {
      summary: "Sign out everywhere",
      access: "people",
      action: "look",
      status: 204,
      async handle({ asker }) {
        if (asker.kind === "person") await people.signOutEverywhere(asker.name);
        return withCookie(undefined, "", 0);
      },
    }),
    route("PUT", "/api/v1/password", {
      summary: "A new password of one's own; every session ends",
      access: "people",
      action: "look",
      secret: true,
      body: v.object({ old: v.pipe(v.string(), v.maxLength(500)), password: passwordSchema }),
      bodyBytesMax: 4_096,
      status: 204,
      async handle({ asker, body, address }) {
        if (asker.kind !== "person") {
          throw new CuecastError("Cannot change a password: a token has none", {
            code: "not-a-person",
            status: 400,
          });
        }
        refuseNameAsPassword(asker.name, body.password);
        await people.signIn(asker.name, body.old, address);
        await people.setPassword(asker.name, body.password);
        return withCookie(undefined, "", 0);
      },
    }),
  ];
}
