/** The people who may sign in, and their roles. */
import * as v from "valibot";
import { CuecastError } from "../../shared/errors.ts";
import { countSchema, idSchema, instantSchema } from "../../shared/protocol/primitives.ts";
import type { People } from "../people/people.ts";
import { ACTIONS, actionsOf, ROLES, roleSchema } from "../people/roles.ts";
import { createLock } from "../publish/lock.ts";
import { requireMatch, tagOf } from "./match.ts";
import { must } from "./missing.ts";
import { type Route, route, Tagged } from "./route.ts";
import { passwordSchema, refuseNameAsPassword } from "./session.ts";

const PEOPLE_MAX = 1_000;

const personSchema = v.object({
  name: idSchema,
  role: roleSchema,
  createdAtMs: instantSchema,
  /** Open ones. */
  sessions: countSchema,
});
const listSchema = v.object({
  people: v.array(personSchema),
  roles: v.array(v.object({ role: roleSchema, may: v.array(v.picklist(ACTIONS)) })),
});
export type PeopleReply = v.InferOutput<typeof listSchema>;

const refuse = (state: string, code: string) =>
  new CuecastError(`Cannot change this person: ${state}`, { code, status: 409 });

type Person = v.InferOutput<typeof personSchema>;
/** Of a person, what the tag is of: who comes and goes changes nothing. */
const changeable = (person: Person | undefined) =>
  person && { name: person.name, role: person.role, createdAtMs: person.createdAtMs };

export function peopleRoutes({ people }: { people: People }): Route[] {
  const inTurn = createLock();
  const find = async (name: string) => (await people.list()).find((each) => each.name === name);
  const roles = ROLES.map((role) => ({ role, may: actionsOf(role) }));

  /** Somebody must be left who can let others in. */
  async function refuseLastAdmin(name: string): Promise<void> {
    const admins = (await people.list()).filter(({ role }) => role === "admin");
    if (admins.length === 1 && admins[0]?.name === name)
      throw refuse(`${name} is the last admin`, "last-admin");
  }

  return [
    route("GET", "/api/v1/people", {
      summary: "Everybody who may sign in, and what each role may do",
      access: "people",
      action: "administer",
      reply: listSchema,
      handle: async () => ({ people: await people.list(), roles }),
    }),
    route("GET", "/api/v1/people/{id}", {
      summary: "One person",
      access: "people",
      action: "administer",
      tagged: true,
      reply: personSchema,
      async handle({ params }) {
        const name = String(params.id);
        const person = must(await find(name), "person", name);
        return new Tagged(person, tagOf(changeable(person)));
      },
    }),
    route("PUT", "/api/v1/people/{id}", {
      summary: "Lets a person in, or changes the role or the password; a new password ends every session",
      access: "people",
      action: "administer",
      tagged: true,
      secret: true,
      body: v.object({ role: roleSchema, password: v.optional(passwordSchema) }),
      bodyBytesMax: 4_096,
      reply: personSchema,
      handle: ({ params, body: { role, password }, request, changed }) =>
        inTurn(async () => {
          const name = String(params.id);
          const all = await people.list();
          const before = all.find((each) => each.name === name);
          requireMatch(request, changeable(before), name);
          if (!before && password === undefined) {
            throw new CuecastError(`Cannot let ${name} in: a new person needs a password`, {
              code: "no-password",
              status: 400,
            });
          }
          if (!before && all.length >= PEOPLE_MAX)
            throw refuse(`there are ${PEOPLE_MAX} already`, "too-many");
          if (password !== undefined) refuseNameAsPassword(name, password);
          if (role !== "admin") await refuseLastAdmin(name);
          if (password !== undefined) await people.setPassword(name, password, role);
          if (before?.role !== role) await people.setRole(name, role);
          changed(name, before && { role: before.role }, { role, ...(password && { password: "new" }) });
          const person = must(await find(name), "person", name);
          return new Tagged(person, tagOf(changeable(person)));
        }),
    }),
    route("DELETE", "/api/v1/people/{id}", {
      summary: "Shuts a person out; every session ends, and every API token that the person answers for",
      access: "people",
      action: "administer",
      tagged: true,
      query: v.strictObject({ tokens: v.optional(v.picklist(["revoke", "keep"]), "revoke") }),
      status: 204,
      handle: ({ params, query, request, changed }) =>
        inTurn(async () => {
          const name = String(params.id);
          const before = await find(name);
          requireMatch(request, changeable(before), name);
          const found = must(before, "person", name);
          await refuseLastAdmin(name);
          const keepTokens = query.tokens === "keep";
          const tokens = await people.removePerson(name, { keepTokens });
          const named = tokens.map((token) => `${token.name} ${token.id}`);
          changed(name, { role: found.role, tokens: named }, keepTokens ? { tokens: named } : undefined);
        }),
    }),
  ];
}
