/** What an operator sees of guide sources: readable in a narrow terminal, whatever went wrong. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { SourceView } from "../../central/guide/source.ts";
import { sourceLines } from "./source-lines.ts";

const AT_MS = Date.UTC(2026, 10, 28);
const WHY =
  "Cannot fetch the guide: epg.example cannot be reached: the certificate is of nobody that is trusted here";

const source = (more: Partial<SourceView> = {}): SourceView => ({
  ...{ id: "epg", url: "https://epg.example/guide.xml.gz?key=…", every: { ms: 600_000 }, paused: false },
  ...{ timeoutMs: 1, bytesMax: 1, staleAfterMs: 1, running: false },
  state: { failures: 0, nextMs: AT_MS },
  ...more,
});
const last = {
  state: "partly",
  import: "7",
  bytes: 9,
  programmes: 1915,
  defects: 3,
  untilMs: AT_MS,
} as const;

test("sourceLines() tells of each source when, what it brought, where it is and what is wrong", () => {
  const failed = { failures: 4, why: WHY, nextMs: AT_MS, doneMs: AT_MS, last };
  assert.deepEqual(
    sourceLines([source({ state: failed, trouble: `failed 4 times: ${WHY}` }), source({ id: "b" })]),
    [
      "source  asked         next               last guide         until",
      "epg     every 10 min  2026-11-28 00:00Z  2026-11-28 00:00Z  2026-11-28 00:00Z",
      "    https://epg.example/guide.xml.gz?key=…",
      "    1915 programmes, 3 findings of the import doctor",
      "    waits for a person: cuecast import --accept 7, or --refuse 7",
      `    trouble: failed 4 times: ${WHY}`,
      "b       every 10 min  2026-11-28 00:00Z  never",
      "    https://epg.example/guide.xml.gz?key=…",
    ],
  );
});

test("sourceLines() keeps within 80 columns, but for an address that is longer itself", () => {
  const url = `https://epg.example/${"x".repeat(90)}`;
  const lines = sourceLines(
    [source({ url, state: { failures: 1, why: WHY, nextMs: AT_MS, doneMs: AT_MS, last } })],
    80,
  );
  assert.deepEqual(
    lines.filter((line) => line.length > 80),
    [`    ${url}`],
  );
  assert.equal(lines.at(-1)?.startsWith("    "), true);
  assert.equal(lines.length, 7);
});

test("sourceLines() says that there is none", () => {
  assert.deepEqual(sourceLines([]), ["There are no guide sources"]);
});
