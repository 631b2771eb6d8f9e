import assert from "node:assert/strict";
import { test } from "node:test";
import { typeOf } from "./schema-types.ts";

test("typeOf() writes what messages are made of", () => {
  const cases: [Parameters<typeof typeOf>[0], string][] = [
    [{ type: "string" }, "string"],
    [{ type: "integer" }, "number"],
    [{ const: "poll" }, '"poll"'],
    [{ enum: ["first", "last"] }, '"first" | "last"'],
    [{ type: "array", items: { enum: [1, 2] } }, "(1 | 2)[]"],
    [{ type: "object", additionalProperties: { type: "number" } }, "{ [key: string]: number }"],
    [
      { type: "object", properties: { a: { type: "boolean" }, b: { type: "string" } }, required: ["a"] },
      "{ a: boolean; b?: string | undefined }",
    ],
    [{ anyOf: [{ const: 1 }, { type: "string" }] }, "1 | string"],
  ];
  for (const [schema, expected] of cases) assert.equal(typeOf(schema), expected);
});

test("typeOf() refuses a schema that it does not know", () => {
  assert.throws(() => typeOf({ type: "null" }), /Cannot write the type of/);
});
