/** What becomes of a guide: taken and put on air within limits, held back beyond them, accepted or refused. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { packProgrammes } from "../store/guide-body.ts";
import { authorSample, TEST_NOW_MS, type TestCentral, withCentral } from "../testing/central-for-tests.ts";
import type { ImportReport } from "./import-report.ts";

const MINUTE_MS = 60_000;
const time = (ms: number) => `${new Date(ms).toISOString().replace(/[-:T]/g, "").slice(0, 14)} +0000`;

/** `News` of 30 min on each channel, `delayMs` late, something before it and a film after it. */
function guide(delays: Record<string, number>, title = "News"): string {
  const programmes = Object.entries(delays).map(([channel, delayMs]) => {
    const startMs = TEST_NOW_MS + delayMs;
    const endMs = startMs + 30 * MINUTE_MS;
    const item = (fromMs: number, untilMs: number, name: string) =>
      `<programme start="${time(fromMs)}" stop="${time(untilMs)}" channel="${channel}"><title>${name}</title></programme>`;
    return (
      item(TEST_NOW_MS - 60 * MINUTE_MS, startMs, "Morning") +
      item(startMs, endMs, title) +
      item(endMs, TEST_NOW_MS + 300 * MINUTE_MS, "Film")
    );
  });
  return `<tv>${programmes.join("")}</tv>`;
}

async function send(t: TestCentral, text: string, query = ""): Promise<ImportReport> {
  const reply = await t.central.app.request(`/api/v1/guide${query}`, {
    method: "POST",
    headers: { authorization: `Bearer ${t.token}` },
    body: text,
  });
  const body = await reply.json();
  assert.equal(reply.status, 200, JSON.stringify(body));
  return body;
}

/** Bodies that no channel has. */
const spareBodies = async (t: TestCentral) =>
  Number(
    (
      await t.authoring.all(
        "SELECT (SELECT count(*) FROM guide_body) - (SELECT count(*) FROM guide_channel) AS n",
      )
    )[0]?.n,
  );

const CUE = "pl1:c1-p1.0";
const onAir = (t: TestCentral) => t.central.publisher.onAir();
const momentOnAir = async (t: TestCentral) =>
  (await t.api("GET", "/api/v1/on-air")).body.cues.find((cue: { id: string }) => cue.id === CUE)?.atMs;

/** A published sample whose poll on c1 is due 5 min into the news. */
const published = (run: (t: TestCentral) => Promise<void>) =>
  withCentral({ air: true }, async (t) => {
    await authorSample(t);
    await t.api("POST", "/api/v1/publish", {});
    await run(t);
  });

test("an overrun within the limits goes on air by itself, the cue's id unchanged, and no draft with it", () =>
  published(async (t) => {
    await t.api("PUT", "/api/v1/placements/half-done", {
      interaction: "int-1",
      version: 1,
      channels: ["c1"],
      when: { kind: "instant", atMs: TEST_NOW_MS + 1 },
    });
    await t.api("PUT", "/api/v1/channels/c1", { number: 1, name: "Renamed" });
    const report = await send(t, guide({ c1: 10 * MINUTE_MS }));
    assert.equal(report.state, "accepted");
    assert.deepEqual(report.cues, {
      moved: 1,
      vanished: 0,
      appeared: 0,
      told: [
        {
          kind: "moved",
          cue: CUE,
          channel: "c1",
          title: "News",
          fromMs: TEST_NOW_MS + 5 * MINUTE_MS,
          toMs: TEST_NOW_MS + 15 * MINUTE_MS,
          fromUntilMs: TEST_NOW_MS + 6 * MINUTE_MS,
        },
      ],
    });
    assert.deepEqual(report.published, { epoch: 1, revision: 2 });
    assert.equal(await momentOnAir(t), TEST_NOW_MS + 15 * MINUTE_MS);
    const { content } = onAir(t) ?? {};
    assert.deepEqual([...(content?.get("placements")?.keys() ?? [])], ["pl1"]);
    assert.equal(JSON.parse(String(content?.get("channels")?.get("c1"))).name, "C1");
    const [latest] = (await t.api("GET", "/api/v1/publications")).body.publications;
    assert.deepEqual([latest.kind, latest.comment], ["guide", "guide: cues 1 moved"]);
  }));

test("the same guide again changes nothing: no row, no publication, no entry", () =>
  published(async (t) => {
    await send(t, guide({ c1: 10 * MINUTE_MS }));
    const before = await t.authoring.all("SELECT * FROM guide_channel ORDER BY channel");
    const imports = await t.authoring.all("SELECT id FROM guide_import");
    const again = await send(t, guide({ c1: 10 * MINUTE_MS }));
    assert.equal(again.programmes.unchanged, 3);
    assert.equal(again.published, undefined);
    assert.deepEqual(await t.authoring.all("SELECT * FROM guide_channel ORDER BY channel"), before);
    assert.deepEqual(await t.authoring.all("SELECT id FROM guide_import"), imports);
    assert.equal(onAir(t)?.revision, 2);
  }));

const DAY_MS = 1440 * MINUTE_MS;
/** News of an hour on c1, so many days ago, each day one. */
const newsOf = (daysAgo: readonly number[]) =>
  `<tv>${daysAgo
    .map((days) => {
      const startMs = TEST_NOW_MS - days * DAY_MS;
      return `<programme start="${time(startMs)}" stop="${time(startMs + 60 * MINUTE_MS)}" channel="c1"><title>Day ${days}</title></programme>`;
    })
    .join("\n")}</tv>`;
const countOf = (report: ImportReport, code: string) =>
  report.defects.find((defect) => defect.code === code)?.count ?? 0;

test("programmes that ended more than 7 days ago are left out and told as such, not added by every import", () =>
  withCentral({ air: true }, async (t) => {
    await authorSample(t);
    const [first, again] = [await send(t, newsOf([9, 8, 6, 1])), await send(t, newsOf([9, 8, 6, 1]))];
    assert.deepEqual([first.programmes.added, countOf(first, "ended-long-ago")], [2, 2]);
    assert.deepEqual(again.programmes, { added: 0, moved: 0, changed: 0, removed: 0, unchanged: 2 });
    assert.deepEqual([again.id, again.byChannel], [undefined, []]);
    assert.equal(countOf(again, "ended-long-ago"), 2);
    // What was kept then is over by now: it is neither new nor gone, until something changes.
    t.setWall(TEST_NOW_MS + 3 * DAY_MS);
    const later = await send(t, newsOf([9, 8, 6, 1]));
    assert.deepEqual(later.programmes, { added: 0, moved: 0, changed: 0, removed: 0, unchanged: 1 });
    assert.equal((await t.central.drafts.programmesOf("c1")).length, 3);
    await send(t, newsOf([9, 8, 6, 1, 0]));
    const titles = (await t.central.drafts.programmesOf("c1")).map(({ title }) => title);
    assert.deepEqual(titles, ["Day 1", "Day 0"]);
  }));

test("a guide that is all long past changes nothing, and says what it left out", () =>
  withCentral({ air: true }, async (t) => {
    await authorSample(t);
    const before = await t.central.drafts.programmesOf("c1");
    const report = await send(t, newsOf([400, 399]));
    assert.deepEqual(report.programmes, { added: 0, moved: 0, changed: 0, removed: 0, unchanged: 0 });
    assert.equal(countOf(report, "ended-long-ago"), 2);
    assert.equal(report.stats.programmes, 2);
    assert.deepEqual(await t.central.drafts.programmesOf("c1"), before);
  }));

test("a channel that goes beyond the limits is held back with the reason; the others are taken", () =>
  published(async (t) => {
    const report = await send(t, guide({ c1: 150 * MINUTE_MS, c2: 150 * MINUTE_MS }));
    assert.equal(report.state, "partly");
    assert.deepEqual(
      report.reasons.map(({ code, channels }) => [code, channels]),
      [["moves-too-far", ["c1"]]],
    );
    assert.match(report.reasons[0]?.message ?? "", /by up to 150 min, over the limit of 120 min/);
    assert.deepEqual(
      report.byChannel.map(({ channel, held, moved, added }) => [channel, held, moved, added]),
      [
        ["c1", true, 1, 2],
        ["c2", false, 1, 2],
      ],
    );
    assert.equal(await momentOnAir(t), TEST_NOW_MS + 5 * MINUTE_MS);
    assert.equal((await t.central.drafts.programmesOf("c2"))[1]?.startMs, TEST_NOW_MS + 150 * MINUTE_MS);

    const listed = (await t.api("GET", "/api/v1/guide/imports")).body.imports;
    assert.deepEqual([listed[0].id, listed[0].state], [report.id, "partly"]);
    const accepted = await t.api("POST", `/api/v1/guide/imports/${report.id}/accept`);
    assert.equal(accepted.status, 200);
    assert.equal(accepted.body.cues.moved, 1);
    assert.equal(await momentOnAir(t), TEST_NOW_MS + 155 * MINUTE_MS);
    const twice = await t.api("POST", `/api/v1/guide/imports/${report.id}/accept`);
    assert.deepEqual([twice.status, twice.body.type], [409, "/problems/import-settled"]);
  }));

test("a refused import changes nothing, and leaves no rows behind", () =>
  published(async (t) => {
    const report = await send(t, guide({ c1: 150 * MINUTE_MS }));
    assert.equal(report.state, "pending");
    assert.equal(report.imported, false);
    const refused = await t.api("POST", `/api/v1/guide/imports/${report.id}/refuse`);
    assert.equal(refused.body.state, "refused");
    assert.deepEqual(await t.authoring.all("SELECT * FROM guide_held"), []);
    assert.equal(await spareBodies(t), 0);
    assert.equal((await t.central.drafts.programmesOf("c1"))[0]?.startMs, TEST_NOW_MS);
    assert.equal(onAir(t)?.revision, 1);
    assert.equal((await t.api("POST", "/api/v1/guide/imports/99/refuse")).status, 404);
  }));

test("a later guide of the same channels supersedes the one that waits; one of another channel does not", () =>
  published(async (t) => {
    const first = await send(t, guide({ c1: 150 * MINUTE_MS }));
    await send(t, guide({ c2: MINUTE_MS }));
    await send(t, guide({ c1: 20 * MINUTE_MS }));
    const states = (await t.api("GET", "/api/v1/guide/imports")).body.imports.map(
      (each: { state: string }) => each.state,
    );
    assert.deepEqual(states, ["accepted", "accepted", "superseded"]);
    assert.equal((await t.api("POST", `/api/v1/guide/imports/${first.id}/accept`)).status, 409);
    assert.equal(await momentOnAir(t), TEST_NOW_MS + 25 * MINUTE_MS);
  }));

test("an import that waits is not accepted over a later change of one of its channels", () =>
  published(async (t) => {
    await t.api("PUT", "/api/v1/placements/pl2", {
      interaction: "int-1",
      version: 1,
      channels: ["c2"],
      when: { kind: "programme", match: { title: "News" }, at: { from: "start", offsetMs: 0 } },
    });
    await t.api("POST", "/api/v1/publish", {});
    const both = await send(t, guide({ c1: 150 * MINUTE_MS, c2: 150 * MINUTE_MS }));
    t.setWall(TEST_NOW_MS + 1);
    assert.equal((await send(t, guide({ c2: MINUTE_MS }))).state, "accepted");
    const reply = await t.api("POST", `/api/v1/guide/imports/${both.id}/accept`);
    assert.deepEqual([reply.status, reply.body.type], [409, "/problems/import-overtaken"]);
  }));

test("limits hold on vanishing, on numbers and on what is due soon, and are an operator's to change", () =>
  published(async (t) => {
    const limits = async (change: object) =>
      assert.equal((await t.api("PUT", "/api/v1/guide/limits", change)).status, 200);
    const codes = async (text: string) =>
      (await send(t, text, "?dryRun=1")).reasons.map(({ code }) => code).join();
    assert.equal(await codes(guide({ c1: 0 }, "Sports")), "");
    await limits({ vanishedMax: 0 });
    assert.equal(await codes(guide({ c1: 0 }, "Sports")), "too-many-vanished");
    assert.equal(await codes(guide({ c1: MINUTE_MS })), "");
    await limits({ movedMax: 0 });
    assert.equal(await codes(guide({ c1: MINUTE_MS })), "too-many-moved");
    await limits({ soonMs: 5 * MINUTE_MS + 1 });
    assert.equal(await codes(guide({ c1: MINUTE_MS })), "too-soon");
    await limits({ soonMs: 5 * MINUTE_MS });
    assert.equal(await codes(guide({ c1: MINUTE_MS })), "");
    assert.equal((await t.api("PUT", "/api/v1/guide/limits", { movedMax: -1 })).status, 400);
    await limits({ movedMax: 0, publish: false });
    assert.equal((await send(t, guide({ c1: 150 * MINUTE_MS }))).state, "accepted");
    assert.equal(onAir(t)?.revision, 1);
    assert.equal((await t.api("GET", "/api/v1/guide/limits")).body.publish, false);
  }));

test("what a person has looked at is taken whatever it does, with anyway=1", () =>
  published(async (t) => {
    const report = await send(t, guide({ c1: 150 * MINUTE_MS }), "?anyway=1");
    assert.equal(report.state, "accepted");
    assert.equal(await momentOnAir(t), TEST_NOW_MS + 155 * MINUTE_MS);
  }));

test("a cue whose time is over is no longer told to vanish", () =>
  published(async (t) => {
    t.setWall(TEST_NOW_MS + 20 * MINUTE_MS);
    const report = await send(t, guide({ c1: 0 }, "Sports"), "?dryRun=1");
    assert.equal(report.cues.vanished, 0);
  }));

test("a guide whose publication fails goes on air as soon as it can", () =>
  withCentral({ air: true }, async (t) => {
    await authorSample(t);
    const { position } = await t.central.publisher.publish();
    // An edge that has served more than central knows: publishing is refused until that is resolved.
    const { code } = await t.central.fleet.createCode("north", 1);
    const { uplinkToken } = await t.central.fleet.enrol(code, undefined, 2);
    const edge = await t.central.fleet.byToken(uplinkToken);
    assert.ok(edge);
    const report = { software: "test", outbox: { waiting: 0 }, timeMs: 1 };
    await t.central.fleet.report(edge, { ...report, serves: { ...position, revision: 9 } }, 3);
    const imported = await send(t, guide({ c1: MINUTE_MS }));
    assert.equal(imported.state, "accepted");
    assert.match(imported.publishing ?? "", /new epoch/);
    assert.equal(onAir(t)?.revision, 1);
    await t.central.fleet.revoke(edge.id, 4);
    await t.central.importer.tidyUp();
    assert.equal(onAir(t)?.revision, 2);
    assert.equal(await momentOnAir(t), TEST_NOW_MS + 6 * MINUTE_MS);
  }));

test("what an import wrote aside before it was killed is freed at the next start, and never was the guide", () =>
  published(async (t) => {
    const before = await t.central.drafts.programmesOf("c1");
    const staging = t.central.drafts.stageGuide();
    await staging.add("c1", packProgrammes([]));
    await staging.end();
    assert.equal(await spareBodies(t), 1);
    assert.deepEqual(await t.central.drafts.programmesOf("c1"), before);
    await t.central.importer.tidyUp();
    assert.equal(await spareBodies(t), 0);
    await send(t, guide({ c1: MINUTE_MS }));
    assert.equal(await spareBodies(t), 0);
  }));

test("what nobody decides on within a week is let go", () =>
  published(async (t) => {
    const report = await send(t, guide({ c1: 150 * MINUTE_MS }));
    t.setWall(TEST_NOW_MS + 8 * 86_400_000);
    await t.central.importer.tidyUp();
    const reply = await t.api("POST", `/api/v1/guide/imports/${report.id}/accept`);
    assert.match(reply.body.detail, /it is expired already/);
  }));

test("an import tells of cues that lose to one that moves, and of those that fall into a programme's blackout", () =>
  withCentral({ air: true }, async (t) => {
    await authorSample(t);
    const put = async (path: string, body: object) =>
      assert.equal((await t.api("PUT", `/api/v1/${path}`, body)).status, 200);
    const at = (id: string, minutes: number) =>
      put(`placements/${id}`, {
        ...{ interaction: "int-1", version: 1, channels: ["c1"], priority: -1 },
        when: { kind: "instant", atMs: TEST_NOW_MS + minutes * MINUTE_MS },
      });
    await at("near", 17);
    await at("within", 130);
    await put("channel-rules/fair", {
      gapMs: 10 * MINUTE_MS,
      blackouts: [{ match: { title: "Advert" } }],
    });
    await t.api("POST", "/api/v1/publish", {});
    const text = guide({ c1: 10 * MINUTE_MS }).replace("<title>Film", "<title>Advert");
    const { cues } = await send(t, text, "?dryRun=true");
    assert.deepEqual(
      cues.told.map(({ kind, cue }) => `${kind} ${cue}`).sort(),
      [`moved ${CUE}`, "vanished near:once", "vanished within:once"].sort(),
    );
  }));
