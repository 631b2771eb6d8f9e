/** API tokens of tools, and tokens of boxes. */
import * as v from "valibot";
import { boxIdSchema, idSchema, instantSchema } from "../../shared/protocol/primitives.ts";
import type { Tokens } from "../air-server/tokens.ts";
import type { People } from "../people/people.ts";
import { roleSchema } from "../people/roles.ts";
import { unknown } from "./missing.ts";
import { type Route, route } from "./route.ts";
import { personNameSchema } from "./session.ts";

const tokenSchema = v.object({
  id: idSchema,
  name: v.string(),
  role: roleSchema,
  createdAtMs: instantSchema,
  expiresAtMs: v.optional(instantSchema),
  createdBy: v.optional(v.string()),
});
const listSchema = v.object({ tokens: v.array(tokenSchema) });
export type TokensReply = v.InferOutput<typeof listSchema>;

export function tokenRoutes({ people, tokens }: { people: People; tokens: Tokens }): Route[] {
  return [
    route("GET", "/api/v1/tokens", {
      summary: "API tokens, without what they are",
      access: "people",
      action: "administer",
      reply: listSchema,
      handle: async () => ({ tokens: await people.apiTokens() }),
    }),
    route("POST", "/api/v1/tokens", {
      summary: "A new API token; shown once",
      access: "people",
      action: "administer",
      body: v.object({
        name: personNameSchema,
        role: v.optional(roleSchema, "admin"),
        expiresAtMs: v.optional(instantSchema),
      }),
      reply: v.object({ token: v.string() }),
      status: 201,
      handle: async ({ body: { name, role, expiresAtMs }, asker, changed }) => {
        changed(name, undefined, { role, expiresAtMs });
        return { token: await people.makeToken(name, { role, expiresAtMs, createdBy: asker.name }) };
      },
    }),
    route("DELETE", "/api/v1/tokens/{id}", {
      summary: "Revokes an API token at once",
      access: "people",
      action: "administer",
      status: 204,
      async handle({ params }) {
        if (!(await people.revokeToken(String(params.id)))) throw unknown("token", String(params.id));
      },
    }),
    route("POST", "/api/v1/box-tokens", {
      summary: "A token for one box, for edges that demand one",
      access: "people",
      action: "operate",
      body: v.object({ box: boxIdSchema }),
      reply: v.object({ token: v.string(), expiresAtMs: instantSchema }),
      status: 201,
      handle: ({ body }) => tokens.forBox(body.box),
    }),
  ];
}
