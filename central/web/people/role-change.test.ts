import assert from "node:assert/strict";
import { test } from "node:test";
import type { Role } from "../../people/roles.ts";
import { isCapped, isLastAdmin, roleChange, tokensNarrowed, tokensOf } from "./role-change.ts";

const PEOPLE = [
  { name: "ann", role: "admin" },
  { name: "ben", role: "operator" },
] as const;

test("roleChange() tells what a person may then do more, and what no longer", () => {
  assert.deepEqual(roleChange(PEOPLE, { name: "ben", from: "operator", to: "publisher", asker: "ann" }), {
    ...{ same: false, lastAdmin: false, locksOut: false },
    gains: ["edit", "publish"],
    loses: ["operate"],
  });
  const same = roleChange(PEOPLE, { name: "ben", from: "operator", to: "operator", asker: "ann" });
  assert.deepEqual([same.same, same.gains, same.loses], [true, [], []]);
});

test("roleChange() tells the last admin, and who takes their own right away", () => {
  const down = { from: "admin", to: "viewer", asker: "ann" } as const;
  const told = (people: Parameters<typeof roleChange>[0], name: string) => {
    const { lastAdmin, locksOut } = roleChange(people, { name, ...down });
    return [lastAdmin, locksOut];
  };
  assert.deepEqual(told(PEOPLE, "ann"), [true, true]);
  const two = [...PEOPLE, { name: "cat", role: "admin" } as const];
  assert.deepEqual(told(two, "ann"), [false, true]);
  assert.deepEqual(told(two, "cat"), [false, false]);
  assert.deepEqual([isLastAdmin(PEOPLE, "ann"), isLastAdmin(two, "ann")], [true, false]);
});

test("tokensOf() finds the tokens that end with a person", () => {
  const tokens = [{ id: "a", person: "ann" }, { id: "b", person: "ben" }, { id: "c" }];
  assert.deepEqual(tokensOf(tokens, "ann"), [{ id: "a", person: "ann" }]);
});

test("isCapped() and tokensNarrowed() tell tokens that may less than they were made for, or would", () => {
  const made = { role: "publisher", scope: ["look", "edit", "publish"] } as const;
  const whole = { ...made, personRole: "admin", may: ["look", "edit", "publish"] } as const;
  const capped = { ...made, personRole: "editor", may: ["look", "edit"] } as const;
  assert.deepEqual([isCapped(whole), isCapped(capped)], [false, true]);
  const narrowed = (to: Role) => tokensNarrowed([whole, capped], to).map((token) => token === whole);
  assert.deepEqual(narrowed("publisher"), []);
  assert.deepEqual(narrowed("editor"), [true]);
  assert.deepEqual(narrowed("viewer"), [true, false]);
});
