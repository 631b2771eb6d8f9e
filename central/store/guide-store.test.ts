/** Programmes as bodies: canonical as publications want them, changed all at once, freed when nobody names them. */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { type Programme, programmeSample } from "../../shared/guide/programme.ts";
import { canonicalJson } from "../../shared/publication/canonical.ts";
import { openDatabase } from "../../shared/runtime/database.ts";
import { AUTHORING_MIGRATIONS } from "./authoring.ts";
import { packProgrammes, partOfBody, unpackProgrammes } from "./guide-body.ts";
import { createGuideStore } from "./guide-store.ts";

const ODD: Programme[] = [
  programmeSample,
  { ...programmeSample, id: "p2", title: 'says "id":"p9",\n{"id":"p8"}', titles: { zh: "一", id: "dua" } },
  { id: "p3", channel: "c1", title: "\u2028 \\n ,\n", startMs: 1, endMs: 2, subtitle: "],[", isNew: false },
];
const minute = (id: string, channel: string, at: number, title = id): Programme => ({
  ...{ id, channel, title },
  ...{ startMs: at * 60_000, endMs: (at + 1) * 60_000 },
});

async function withFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "cuecast-guide-store-"));
  try {
    await run(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test("packProgrammes() keeps every programme whole, and partOfBody() finds it as canonical JSON", () => {
  const body = packProgrammes(ODD);
  assert.deepEqual(unpackProgrammes(body), ODD);
  assert.deepEqual(
    [...partOfBody(body)],
    ODD.map((each) => [each.id, canonicalJson(each)]),
  );
  assert.deepEqual([...partOfBody(packProgrammes([]))], []);
});

test("what is staged is nobody's guide until it is put, and then the whole guide at once", () =>
  withFolder(async (folder) => {
    const database = await openDatabase(`${folder}/a.db`, AUTHORING_MIGRATIONS);
    const store = createGuideStore(database);
    const bodies = async () => Number((await database.all("SELECT count(*) AS n FROM guide_body"))[0]?.n);
    const stage = async (...programmes: Programme[]) => {
      const staging = store.stageGuide();
      for (const each of programmes) await staging.add(each.channel, packProgrammes([each]));
      return staging.end();
    };
    const first = await stage(minute("p1", "c1", 1), minute("p2", "c2", 1));
    assert.equal((await store.guide()).size, 0);
    await store.putGuide([], first);
    assert.deepEqual([...(await store.guide()).keys()], ["c1", "c2"]);
    assert.deepEqual(await store.programmesOf("c2"), [minute("p2", "c2", 1)]);

    const replaced = await stage(minute("p3", "c1", 5));
    const unwanted = await stage(minute("p4", "c2", 5));
    await store.putGuide([], replaced);
    assert.equal(unwanted.size, 1);
    assert.equal(await bodies(), 4);
    await store.freeGuide();
    assert.equal(await bodies(), 2);
    assert.deepEqual([...(await store.guideOf("c1")).keys()], ["p3"]);
    assert.deepEqual(
      [...(await store.guide())].map(([channel, part]) => [channel, ...part.keys()]),
      [
        ["c1", "p3"],
        ["c2", "p2"],
      ],
    );
    database.close();
  }));

test("programmes() gives those that overlap the span, no more than asked", () =>
  withFolder(async (folder) => {
    const database = await openDatabase(`${folder}/a.db`, AUTHORING_MIGRATIONS);
    const store = createGuideStore(database);
    const staging = store.stageGuide();
    await staging.add("c1", packProgrammes([1, 2, 3, 4, 5].map((at) => minute(`p${at}`, "c1", at))));
    await store.putGuide([], await staging.end());
    const ids = async (from: number, until: number, most = 10) =>
      (await store.programmes("c1", from * 60_000, until * 60_000, most)).map(({ id }) => id);
    assert.deepEqual(await ids(2, 4), ["p2", "p3"]);
    assert.deepEqual(await ids(2.5, 4.5), ["p2", "p3", "p4"]);
    assert.deepEqual(await ids(0, 9, 2), ["p1", "p2"]);
    assert.deepEqual(await store.programmes("c9", 0, 9e9, 10), []);
    database.close();
  }));

test("a database of an earlier release, a row to a programme, keeps its guide", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.db`;
    const rowed = AUTHORING_MIGRATIONS.findIndex((each) => each.includes("DROP TABLE programme"));
    const earlier = await openDatabase(path, AUTHORING_MIGRATIONS.slice(0, rowed));
    const programmes = [...ODD, minute("p0", "c1", -1), minute("q1", "c2", 1)];
    for (const each of programmes) {
      await earlier.all(
        "INSERT INTO programme (channel, id, start_ms, end_ms, body) VALUES (?, ?, ?, ?, ?)",
        [...[each.channel, each.id, each.startMs, each.endMs, canonicalJson(each)]],
      );
    }
    earlier.close();
    const database = await openDatabase(path, AUTHORING_MIGRATIONS);
    const store = createGuideStore(database);
    assert.deepEqual(await store.programmesOf("c1"), [minute("p0", "c1", -1), ODD[2]]);
    assert.deepEqual(await store.programmesOf(programmeSample.channel), [ODD[0], ODD[1]]);
    assert.deepEqual((await store.guideOf("c2")).get("q1"), canonicalJson(minute("q1", "c2", 1)));
    // The next body does not take the place of one that was carried over.
    const staging = store.stageGuide();
    await staging.add("c3", packProgrammes([minute("r1", "c3", 1)]));
    await store.putGuide([], await staging.end());
    assert.equal((await store.guide()).size, 4);
    database.close();
  }));

test("guide() gives others their turn between channels, and takes what comes meanwhile whole", () =>
  withFolder(async (folder) => {
    const database = await openDatabase(`${folder}/a.db`, AUTHORING_MIGRATIONS);
    const store = createGuideStore(database);
    const put = async (title: string) => {
      const staging = store.stageGuide();
      for (const channel of ["c1", "c2", "c3"])
        await staging.add(channel, packProgrammes([minute("p1", channel, 1, title)]));
      await store.putGuide([], await staging.end());
      await store.freeGuide();
    };
    await put("before");
    let turns = 0;
    const guide = await store.guide(async () => {
      turns++;
      if (turns === 2) await put("meanwhile");
    });
    assert.equal(turns, 3);
    const titles = [...guide.values()].map((part) => JSON.parse(part.get("p1") ?? "{}").title);
    assert.deepEqual(titles, ["meanwhile", "meanwhile", "meanwhile"]);
    assert.deepEqual(await store.guide(), guide);
  }));
