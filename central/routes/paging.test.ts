import assert from "node:assert/strict";
import { test } from "node:test";
import { authorSample, TEST_NOW_MS, type TestCentral, withCentral } from "../testing/central-for-tests.ts";

const guide = (index: number) => `<?xml version="1.0" encoding="UTF-8"?>
<tv><channel id="g"><display-name>G</display-name></channel>
<programme start="21000101230000 +0000" stop="21000101233000 +0000" channel="g"><title>T${index}</title></programme>
</tv>`;

async function fill(t: TestCentral): Promise<void> {
  await authorSample(t);
  const { body } = await t.api("GET", "/api/v1/placements/pl1");
  const { id: _id, ...placement } = body.placement;
  for (let index = 0; index < 5; index++) {
    await t.api("PUT", `/api/v1/placements/p${index}`, placement);
    await t.central.importer.take(
      (async function* () {
        yield new TextEncoder().encode(guide(index));
      })(),
      {},
    );
  }
  const rows = JSON.stringify([1, 2, 3, 4, 5]);
  const put = (database: TestCentral["authoring"], sql: string) =>
    database.batch([{ sql: `${sql} FROM json_each(?)`, args: [rows] }]);
  await put(
    t.authoring,
    `INSERT INTO publication (epoch, revision, hash, manifest, signature, state, kind, published_at_ms)
     SELECT 1 + value / 3, value, 'h' || value, '{}', '', 'on-air', 'publish', ${TEST_NOW_MS}`,
  );
  // Two of one moment each: the name decides.
  await put(
    t.authoring,
    `INSERT INTO image (sha256, type, width, height, name, bytes, created_at_ms)
     SELECT printf('%064d', value), 'image/png', 1, 1, 'n', X'00', ${TEST_NOW_MS} + value / 2`,
  );
  await put(
    t.results,
    `INSERT INTO cue_seen (cue, at_ms, due_ms)
     SELECT 'pl1:c1-p1.' || value, ${TEST_NOW_MS}, ${TEST_NOW_MS} + value / 2`,
  );
  await put(
    t.results,
    "INSERT INTO tally (cue, interaction, version, option, count) SELECT 'pl1:c1-p1.' || value, 'int-1', 1, '', 1",
  );
}

test("lists a page at a time tell everything once, in the order of the whole, and refuse what is no place", () =>
  withCentral({ air: false }, async (t) => {
    await fill(t);
    for (const [path, list, word, nameOf] of [
      ["/api/v1/publications", "publications", "before", (each) => each.hash],
      ["/api/v1/images", "images", "before", (each) => each.sha256],
      ["/api/v1/results", "results", "before", (each) => each.cue],
      ["/api/v1/guide/imports", "imports", "before", (each) => each.id],
      ["/api/v1/placements", "placements", "after", (each) => each.placement.id],
      // biome-ignore lint/suspicious/noExplicitAny: whatever comes back
    ] as [string, string, string, (each: any) => string][]) {
      const whole = (await t.api("GET", path)).body;
      const expected: string[] = whole[list].map(nameOf);
      assert.ok(expected.length >= 5 && new Set(expected).size === expected.length, `${path} ${expected}`);
      assert.equal(whole.next, undefined, path);
      const found: string[] = [];
      let next: string | undefined;
      do {
        const place = next === undefined ? "" : `&${word}=${encodeURIComponent(next)}`;
        const { status, body } = await t.api("GET", `${path}?limit=2${place}`);
        assert.equal(status, 200, `${path} ${JSON.stringify(body)}`);
        assert.ok(body[list].length <= 2);
        found.push(...body[list].map(nameOf));
        next = body.next;
      } while (next !== undefined && found.length < 20);
      assert.deepEqual(found, expected, path);
      for (const wrong of ["limit=0", "limit=x", "limit=999999", `${word}=%00`]) {
        assert.equal((await t.api("GET", `${path}?${wrong}`)).status, 400, `${path}?${wrong}`);
      }
    }
  }));
