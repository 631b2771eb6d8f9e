import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { test } from "node:test";
import { canonicalJson } from "./canonical.ts";
import { judgeContinuity } from "./continuity.ts";
import { checkContent, hashParts, openManifest, signManifest } from "./manifest.ts";
import { type Body, diffContent, hashPart } from "./part.ts";

const keys = () => {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  return {
    privateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    publicKey: publicKey.export({ type: "spki", format: "pem" }).toString(),
  };
};
const part = (entries: Record<string, Body>) => new Map(Object.entries(entries));

test("canonicalJson() writes equal values alike, whatever the order of their keys", () => {
  assert.equal(canonicalJson({ b: [1, { d: null, c: "ü" }], a: undefined }), '{"b":[1,{"c":"ü","d":null}]}');
  assert.throws(() => canonicalJson(Number.NaN), TypeError);
});

test("hashPart() depends on every key, body and kind, and not on their order", () => {
  const hash = hashPart(part({ a: "1", b: "2" }));
  assert.equal(hashPart(part({ b: "2", a: "1" })), hash);
  const others = [
    part({ a: "12", b: "" }),
    part({ a: "1", b2: "" }),
    part({ a: "1" }),
    part({ a: new TextEncoder().encode("1"), b: "2" }),
  ];
  for (const other of others) assert.notEqual(hashPart(other), hash);
});

test("diffContent() names only what differs", () => {
  const from = new Map([
    ["x", part({ a: "1", b: "2" })],
    ["gone", part({ k: "v" })],
  ]);
  const to = new Map([["x", part({ a: "1", b: "3", c: new Uint8Array([1]) })]]);
  assert.deepEqual(diffContent(from, to), {
    put: [
      { part: "x", key: "b", body: "3" },
      { part: "x", key: "c", body: new Uint8Array([1]) },
    ],
    remove: [{ part: "gone", key: "k" }],
  });
  assert.deepEqual(diffContent(to, to), { put: [], remove: [] });
});

test("openManifest() opens what central signed, and refuses any other key, body or hash", () => {
  const content = new Map([["x", part({ a: "1" })]]);
  const central = keys();
  const manifest = { epoch: 1, revision: 2, publishedAtMs: 3, parts: hashParts(content) };
  const signed = signManifest(manifest, central.privateKey);
  assert.deepEqual(openManifest(signed, central.publicKey), manifest);
  const forged = signManifest({ ...manifest, revision: 9 }, keys().privateKey);
  for (const bad of [
    forged,
    { ...signed, body: forged.body },
    { ...signed, signature: "AAAA" },
    { ...forged, signature: signed.signature },
  ]) {
    assert.throws(() => openManifest(bad, central.publicKey), { code: "manifest-refused" });
  }
});

test("checkContent() refuses a changed entry, a missing part and an undeclared part", () => {
  const content = new Map([["x", part({ a: "1" })]]);
  const manifest = { epoch: 1, revision: 1, publishedAtMs: 0, parts: hashParts(content) };
  checkContent(manifest, content);
  for (const bad of [
    new Map([["x", part({ a: "2" })]]),
    new Map(),
    new Map([...content, ["y", part({ b: "1" })]]),
  ]) {
    assert.throws(() => checkContent(manifest, bad), { code: "content-refused" });
  }
});

const at = (epoch: number, revision: number, hash = `${epoch}.${revision}`) => ({ epoch, revision, hash });
const history = (epoch: number, revision: number) => (revision < 10 ? `${epoch}.${revision}` : undefined);
const continuity: [
  what: string,
  served: ReturnType<typeof at> | undefined,
  candidate: ReturnType<typeof at>,
  kind: string,
][] = [
  ["takes anything when it serves nothing", undefined, at(1, 1), "continues"],
  ["knows what it serves already", at(1, 5), at(1, 5), "same"],
  ["goes on along the history", at(1, 5), at(1, 7), "continues"],
  ["takes a higher epoch whatever its history", at(1, 5, "other"), at(2, 1), "continues"],
  ["refuses an older revision", at(1, 5), at(1, 4), "refused"],
  ["refuses an older epoch", at(2, 5), at(1, 9), "refused"],
  ["refuses another publication at its place", at(1, 5), at(1, 5, "other"), "refused"],
  ["refuses a later one with another past", at(1, 5, "other"), at(1, 7), "refused"],
  ["refuses a later one that does not reach back", at(1, 11), at(1, 12), "refused"],
];
for (const [what, served, candidate, kind] of continuity) {
  test(`judgeContinuity() ${what}`, () =>
    assert.equal(judgeContinuity(served, candidate, history).kind, kind));
}
