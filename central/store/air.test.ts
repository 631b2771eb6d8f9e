/** Writing into a real libSQL server: in one request or in many, all of it or nothing. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { SignedManifest } from "../../shared/publication/manifest.ts";
import { diffContent } from "../../shared/publication/part.ts";
import { createTimedFetch } from "../platform/timed-fetch.ts";
import { type TestCentral, withCentral } from "../testing/central-for-tests.ts";
import { createAirStore } from "./air.ts";

const ROWS = 50;
const content = (text: string) =>
  new Map([["channels", new Map(Array.from({ length: ROWS }, (_, at) => [`c${at}`, `"${text} ${at}"`]))]]);
const place = (revision: number, digit: string) => {
  const signed: SignedManifest = { body: `{"revision":${revision}}`, hash: digit.repeat(64), signature: "s" };
  return { signed, manifest: { epoch: 1, revision, publishedAtMs: 1, parts: {} } };
};

/** Counts requests; after `most` there is no way. Statements are cut so that each is a request. */
async function storeOf(t: TestCentral) {
  const asked = { count: 0, most: Number.POSITIVE_INFINITY };
  const through = createTimedFetch(10_000);
  const counting = ((input: Request | string | URL, init?: RequestInit) => {
    asked.count++;
    if (asked.count > asked.most) throw new TypeError("no way");
    return through(input, init);
  }) as typeof globalThis.fetch;
  const token = await t.central.tokens.writeAir();
  return { asked, store: createAirStore({ url: t.airUrl, token: async () => token }, counting, counting, 1) };
}

test("apply() writes what is too large for one request in several, within one transaction", () =>
  withCentral({ air: true }, async (t) => {
    const { asked, store } = await storeOf(t);
    await store.prepare();
    const first = place(1, "a");
    await store.apply(undefined, diffContent(new Map(), content("one")), first.manifest, first.signed);
    assert.equal((await store.readManifest())?.hash, first.signed.hash);
    assert.deepEqual(await store.readContent(), content("one"));

    // The line breaks before the last of its requests: nothing of it is there.
    const second = place(2, "b");
    const difference = diffContent(content("one"), content("two"));
    asked.count = 0;
    asked.most = 3;
    const cut = store.apply(first.signed.hash, difference, second.manifest, second.signed);
    await assert.rejects(cut, { code: "air-unreachable" });
    assert.equal(asked.count > 3, true);
    asked.most = Number.POSITIVE_INFINITY;
    assert.equal((await store.readManifest())?.hash, first.signed.hash);
    assert.deepEqual(await store.readContent(), content("one"));
    await store.apply(first.signed.hash, difference, second.manifest, second.signed);
    assert.deepEqual(await store.readContent(), content("two"));

    const moved = store.apply(first.signed.hash, difference, second.manifest, second.signed);
    await assert.rejects(moved, { code: "air-moved" });
  }));
