import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeRecord, encodeRecord } from "./record.ts";

test("decodeRecord() gives back what encodeRecord() took", () => {
  for (const data of [{ a: 1 }, [], "红队", null, { nested: { list: [1, "\n\u2028"] } }]) {
    assert.deepEqual(decodeRecord(encodeRecord(data)), data);
  }
});

test("encodeRecord() writes what earlier releases read, and wrote", () => {
  assert.equal(encodeRecord({ cue: "pl1:p1.0", 红: "队" }), '1 260e10ce {"cue":"pl1:p1.0","红":"队"}');
});

test("decodeRecord() notices every flipped bit and every cut", () => {
  const record = encodeRecord({ cue: "pl1:p1.0", 红: "队" });
  for (let at = 0; at < record.length; at++) {
    for (let bit = 0; bit < 8; bit++) {
      const flipped =
        record.slice(0, at) + String.fromCharCode(record.charCodeAt(at) ^ (1 << bit)) + record.slice(at + 1);
      assert.equal(decodeRecord(flipped), undefined, `${at}/${bit}`);
    }
    assert.equal(decodeRecord(record.slice(0, at)), undefined);
  }
  assert.equal(decodeRecord(`2${record.slice(1)}`), undefined);
});
