/** API tokens of tools: made with a role, a scope and an end, listed without what they are, revoked for good. */
import * as v from "valibot";
import { CuecastError } from "../../shared/errors.ts";
import { idSchema, instantSchema } from "../../shared/protocol/primitives.ts";
import type { Clock } from "../../shared/time/clock.ts";
import { sha256, TOKEN_DAYS_MAX, tokenExpiry, tokenId } from "../people/api-tokens.ts";
import type { People } from "../people/people.ts";
import { ACTIONS, mayDo, powersOf, roleSchema } from "../people/roles.ts";
import { unknown } from "./missing.ts";
import { type Route, route } from "./route.ts";
import { personNameSchema } from "./session.ts";

/** Whoever asks for the longest by a clock of their own that goes ahead gets it. */
const CLOCK_GRACE_MS = 3_600_000;

const scopeSchema = v.array(v.picklist(ACTIONS));
const tokenSchema = v.object({
  id: idSchema,
  name: v.string(),
  role: roleSchema,
  /** What of the role's actions it may; absent: all of them. */
  scope: v.optional(scopeSchema),
  createdAtMs: instantSchema,
  expiresAtMs: v.optional(instantSchema),
  createdBy: v.optional(v.string()),
  /** Who answers for it: it ends with them. */
  person: v.optional(v.string()),
  /** Theirs now: it may no more than they. */
  personRole: v.optional(roleSchema),
  /** What it may now: what role, scope and `personRole` all name. */
  may: scopeSchema,
});
const listSchema = v.object({ tokens: v.array(tokenSchema) });
export type TokensReply = v.InferOutput<typeof listSchema>;

function refuse(path: string, state: string): CuecastError {
  const message = `Cannot make this token: ${state}`;
  const errors = [{ path, message, code: "not-so", facts: {} }];
  return new CuecastError(message, { code: "bad-body", status: 400, errors });
}

export function tokenRoutes({ people, clock }: { people: People; clock: Clock }): Route[] {
  return [
    route("GET", "/api/v1/tokens", {
      summary: "API tokens, without what they are",
      access: "people",
      action: "administer",
      reply: listSchema,
      handle: async () => ({
        tokens: (await people.apiTokens()).map((token) => ({ ...token, may: powersOf(token) })),
      }),
    }),
    route("POST", "/api/v1/tokens", {
      summary:
        "A new API token; shown once. It lasts 90 days unless told, 730 at most, and may no more than who made it may then and later",
      access: "people",
      action: "administer",
      body: v.strictObject({
        name: personNameSchema,
        role: roleSchema,
        scope: v.optional(v.pipe(scopeSchema, v.minLength(1), v.maxLength(ACTIONS.length))),
        expiresAtMs: v.optional(instantSchema),
      }),
      reply: v.object({ id: idSchema, token: v.string(), expiresAtMs: instantSchema }),
      status: 201,
      handle: async ({ body: { name, role, scope, ...told }, asker, changed }) => {
        const nowMs = clock.wallMs();
        const { expiresAtMs = tokenExpiry(nowMs) } = told;
        if (expiresAtMs <= nowMs) throw refuse("expiresAtMs", "it would end in the past");
        if (expiresAtMs > tokenExpiry(nowMs, TOKEN_DAYS_MAX) + CLOCK_GRACE_MS)
          throw refuse("expiresAtMs", `it would last longer than ${TOKEN_DAYS_MAX} days`);
        if (scope?.some((action) => !mayDo(role, action)))
          throw refuse("scope", "its scope holds what its role may not");
        const person = asker.kind === "person" ? asker.name : asker.person;
        changed(name, undefined, { role, scope, expiresAtMs });
        const token = await people.makeToken(name, {
          ...{ role, expiresAtMs, createdBy: asker.name },
          ...(scope && { scope }),
          ...(person !== undefined && { person }),
        });
        return { id: tokenId(sha256(token)), token, expiresAtMs };
      },
    }),
    route("DELETE", "/api/v1/tokens/{id}", {
      summary: "Revokes an API token at once, for good",
      access: "people",
      action: "administer",
      status: 204,
      async handle({ params, changed }) {
        const id = String(params.id);
        const revoked = await people.revokeToken(id);
        if (!revoked) throw unknown("token", id);
        changed(revoked.name, revoked, undefined);
      },
    }),
  ];
}
