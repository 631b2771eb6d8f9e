/** API tokens of tools. */
import * as v from "valibot";
import { idSchema, instantSchema } from "../../shared/protocol/primitives.ts";
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

export function tokenRoutes({ people }: { people: People }): Route[] {
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
  ];
}
