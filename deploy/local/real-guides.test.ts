/**
 * Real feeds, with the defects that real feeds have, through the importer. They may not be copied into this
 * repository, and lie in `shared/guides` beside it; where they do not, the tests are left out and say so.
 */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import * as v from "valibot";
import { type GuideImport, guideInMemory, readGuide } from "../../central/testing/read-guide.ts";
import { channelSchema } from "../../shared/guide/channel.ts";
import { programmeSchema } from "../../shared/guide/programme.ts";

const FOLDER = fileURLToPath(new URL("../../../shared/guides/", import.meta.url));
const left = existsSync(FOLDER) ? false : `left out: the real guides are not at ${FOLDER}`;

async function* bytesOf(file: string) {
  yield new Uint8Array(readFileSync(FOLDER + file));
}

const counts = ({ channels, diff, defects }: GuideImport) => ({
  channels: channels.upsert.length,
  programmes: diff.added,
  defects: Object.fromEntries(defects.map(({ code, count }) => [code, count])),
});

const guides: [file: string, expected: ReturnType<typeof counts>][] = [
  ["fr.xml", { channels: 273, programmes: 9204, defects: {} }],
  [
    "uk.xml",
    {
      channels: 5,
      programmes: 1915,
      defects: { encoding: 1, "replacement-characters": 118, "bad-icon": 4, "zero-length": 49 },
    },
  ],
  ["us-missing-stop.xml", { channels: 2, programmes: 61, defects: { "missing-stop-guessed": 2 } }],
];
for (const [file, expected] of guides) {
  test(`readGuide() imports ${file}, and changes nothing the second time`, { skip: left }, async () => {
    const first = await readGuide(bytesOf(file), guideInMemory([], []));
    assert.deepEqual(counts(first), expected);
    for (const row of first.channels.upsert) assert.ok(v.is(channelSchema, row), row.id);
    for (const row of first.programmes.upsert) assert.ok(v.is(programmeSchema, row), row.id);
    const ids = new Set(first.programmes.upsert.map(({ id }) => id));
    assert.equal(ids.size, expected.programmes);
    const again = await readGuide(
      bytesOf(file),
      guideInMemory(first.channels.upsert, first.programmes.upsert),
    );
    assert.deepEqual(counts(again), { ...expected, channels: 0, programmes: 0 });
    assert.deepEqual(again.programmes, { upsert: [], remove: [] });
  });
}

const others: [file: string, what: string][] = [
  ["cctv.channels.xml", "list of channels"],
  ["dvbi-service-list.xml", "DVB-I service list"],
  ["dvbi-tva-schedule.xml", "TV-Anytime schedule"],
  ["README.md", "no <tv> element"],
];
for (const [file, what] of others) {
  test(`readGuide() refuses ${file} as no XMLTV`, { skip: left }, async () => {
    await assert.rejects(
      readGuide(bytesOf(file), guideInMemory([], [])),
      (thrown: Error & { code?: string }) => {
        assert.equal(thrown.code, "not-a-guide");
        assert.match(thrown.message, new RegExp(what));
        return true;
      },
    );
  });
}
