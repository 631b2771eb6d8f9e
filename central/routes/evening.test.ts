import assert from "node:assert/strict";
import { test } from "node:test";
import {
  authorSample,
  pollBody,
  TEST_NOW_MS,
  type TestCentral,
  withCentral,
} from "../testing/central-for-tests.ts";

const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);
const ask = (t: TestCentral, method: string, path: string, body?: BodyInit) =>
  t.central.app.request(`http://central.test${path}`, {
    method,
    headers: { authorization: `Bearer ${t.token}`, "content-type": "image/png" },
    ...(body !== undefined && { body }),
  });

test("an image is checked, kept once, carried with the publication that uses it, and refused when it is none", () =>
  withCentral({ air: true }, async (t) => {
    await authorSample(t);
    const upload = await ask(t, "POST", "/api/v1/images?name=dot.png", PNG);
    assert.equal(upload.status, 201);
    const image = (await upload.json()) as { sha256: string; width: number };
    assert.deepEqual([image.width, image.sha256.length], [1, 64]);
    assert.equal((await ask(t, "POST", "/api/v1/images", PNG)).status, 201);
    assert.equal((await t.api("GET", "/api/v1/images")).body.images.length, 1);
    const served = await ask(t, "GET", `/api/v1/images/${image.sha256}`);
    assert.equal(served.headers.get("content-type"), "image/png");
    assert.deepEqual(Buffer.from(await served.arrayBuffer()), PNG);
    assert.equal((await ask(t, "POST", "/api/v1/images", "<svg/>")).status, 400);
    assert.equal((await ask(t, "POST", "/api/v1/images", new Uint8Array(524_289))).status, 413);
    const withImage = {
      interaction: { ...pollBody.interaction, image: { sha256: image.sha256, width: 1, height: 1 } },
    };
    await t.api("POST", "/api/v1/interactions", withImage);
    const { placement } = (await t.api("GET", "/api/v1/placements/pl1")).body;
    await t.api("PUT", "/api/v1/placements/pl1", { ...placement, version: 2 });
    await t.central.publisher.publish();
    const content = await t.central.air.readContent();
    assert.deepEqual(Buffer.from(content.get("images")?.get(image.sha256) as Uint8Array), PNG);
    const missing = {
      interaction: { ...withImage.interaction, image: { sha256: "0".repeat(64), width: 1, height: 1 } },
    };
    await t.api("POST", "/api/v1/interactions", missing);
    await t.api("PUT", "/api/v1/placements/pl1", { ...placement, version: 3 });
    const plan = (await t.api("GET", "/api/v1/publish")).body;
    assert.deepEqual(
      plan.checks.map((each: { level: string; path: string }) => [each.level, each.path]),
      [["refuse", "interactions.int-1@3.image"]],
    );
  }));

test("a plan tells what publishing would change, by region, and the edge that is behind when that matters", () =>
  withCentral({ air: true }, async (t) => {
    await authorSample(t);
    await t.api("PUT", "/api/v1/regions/south", { name: "South", channels: ["c2"] });
    const plan = async () => (await t.api("GET", "/api/v1/publish")).body;
    const first = await plan();
    assert.equal(first.position, undefined);
    assert.equal(first.difference.any, true);
    const cues = (body: typeof first) =>
      body.difference.cues.map(
        (each: { region: string; added: number; moved: number; withdrawn: number }) => [
          each.region,
          each.added,
          each.moved,
          each.withdrawn,
        ],
      );
    assert.deepEqual(cues(first), [
      ["north", 1, 0, 0],
      ["south", 0, 0, 0],
    ]);
    const before = await t.central.publisher.publish();
    assert.equal((await plan()).difference.any, false);
    const { placement } = (await t.api("GET", "/api/v1/placements/pl1")).body;
    await t.api("PUT", "/api/v1/placements/pl1", {
      ...placement,
      when: { ...placement.when, at: { from: "start", offsetMs: 600_000 } },
    });
    const moved = await plan();
    assert.deepEqual(cues(moved)[0], ["north", 0, 1, 0]);
    const [told] = moved.difference.cues[0].told;
    assert.deepEqual([told.wasMs, told.atMs], [TEST_NOW_MS + 300_000, TEST_NOW_MS + 600_000]);
    assert.deepEqual(moved.difference.placements[0].changes, [
      { path: "when.at.offsetMs", from: 300_000, to: 600_000 },
    ]);
    const { code } = (await t.api("POST", "/api/v1/edges/codes", { region: "north" })).body;
    const { uplinkToken } = await t.central.fleet.enrol(code, undefined, TEST_NOW_MS);
    const edge = await t.central.fleet.byToken(uplinkToken);
    assert.ok(edge);
    const report = { software: "1", outbox: { waiting: 0 }, timeMs: TEST_NOW_MS, serves: before.position };
    await t.central.fleet.report(edge, report, TEST_NOW_MS);
    assert.equal((await t.api("GET", "/api/v1/air")).body.edges[0].landed, true);
    await t.central.publisher.publish();
    const [behind] = (await t.api("GET", "/api/v1/air")).body.edges;
    assert.deepEqual([behind.landed, behind.missing, behind.mattersAtMs], [false, 1, TEST_NOW_MS + 300_000]);
    const back = (await t.api("GET", "/api/v1/rollback?epoch=1&revision=1")).body;
    assert.deepEqual(cues(back)[0], ["north", 0, 1, 0]);
    assert.equal((await t.api("GET", "/api/v1/rollback?epoch=9&revision=9")).status, 404);
  }));

test("a plan warns of a past moment, of nothing that matches, of a language left out and of an overlap", () =>
  withCentral({ air: false }, async (t) => {
    await authorSample(t);
    const put = (id: string, when: object, more: object = {}) =>
      t.api("PUT", `/api/v1/placements/${id}`, {
        interaction: "int-1",
        version: 1,
        channels: ["c1"],
        when,
        ...more,
      });
    await put("past", { kind: "instant", atMs: TEST_NOW_MS - 600_000 });
    await put("over", { kind: "instant", atMs: TEST_NOW_MS + 310_000 });
    await put("none", { kind: "programme", match: { title: "Nothing" }, at: { from: "start", offsetMs: 0 } });
    const two = { ...pollBody.interaction.texts, zh: { title: "谁赢？", options: { a: "红" } } };
    for (const id of ["int-2", "int-3"]) {
      await t.api("POST", "/api/v1/interactions", {
        interaction: { ...pollBody.interaction, id, texts: two },
      });
      await put(
        `with-${id}`,
        { kind: "instant", atMs: TEST_NOW_MS + 7_200_000 },
        { interaction: id, channels: ["c2"] },
      );
    }
    const { checks } = (await t.api("GET", "/api/v1/publish")).body;
    const words = checks
      .map((each: { path: string; message: string }) => `${each.path} ${each.message}`)
      .join("\n");
    assert.match(words, /placements\.past Its moment is past/);
    assert.match(words, /placements\.none Nothing in the guide/);
    assert.match(words, /placements\.over It begins while pl1 is on the screen of c1/);
    assert.match(words, /interactions\.int-1@1 It has no texts in zh/);
    assert.match(words, /interactions\.int-2@1 It has no option b in zh/);
    assert.ok(checks.every((each: { level: string }) => each.level === "warn"));
  }));

test("the timeline tells programmes and cues of the channels asked for, and which are on air like this", () =>
  withCentral({ air: true }, async (t) => {
    await authorSample(t);
    await t.central.publisher.publish();
    await t.api("PUT", "/api/v1/placements/new", {
      interaction: "int-1",
      version: 1,
      channels: ["c1", "c2"],
      when: { kind: "instant", atMs: TEST_NOW_MS + 60_000 },
    });
    const query = `fromMs=${TEST_NOW_MS}&untilMs=${TEST_NOW_MS + 3_600_000}`;
    const get = async (rest: string) => (await t.api("GET", `/api/v1/timeline?${rest}`)).body;
    const { channels } = await get(`channels=c1,none&${query}`);
    assert.equal(channels.length, 1);
    assert.deepEqual(
      channels[0].cues.map((each: { placement: string; onAir: boolean }) => [each.placement, each.onAir]),
      [
        ["new", false],
        ["pl1", true],
      ],
    );
    assert.equal(channels[0].programmes[0].title, "News");
    const air = await get(`channels=c1,c2&${query}&of=air`);
    assert.deepEqual(
      air.channels.map((each: { cues: unknown[] }) => each.cues.length),
      [1, 0],
    );
    assert.equal((await t.api("GET", `/api/v1/timeline?channels=c1&fromMs=9&untilMs=9`)).status, 400);
  }));

test("a page that listens hears of drafts, of publications and of answers", () =>
  withCentral({ air: true }, async (t) => {
    const reply = await ask(t, "GET", "/api/v1/events");
    assert.equal(reply.headers.get("content-type"), "text/event-stream");
    assert.ok(reply.body);
    const reader = reply.body.pipeThrough(new TextDecoderStream() as never).getReader();
    const heard = async (topic: string) => {
      for (;;) {
        const { value, done } = (await reader.read()) as { value: string; done: boolean };
        assert.equal(done, false);
        if (value.includes(`"${topic}"`)) return;
      }
    };
    await authorSample(t);
    await heard("drafts");
    await t.central.publisher.publish();
    await heard("air");
    t.central.close();
    for (let end = false; !end; ) end = (await reader.read()).done;
  }));

test("results are told over time and by region, and as CSV", () =>
  withCentral({ air: true }, async (t) => {
    await authorSample(t);
    await t.central.publisher.publish();
    const { code } = (await t.api("POST", "/api/v1/edges/codes", { region: "north" })).body;
    const { id } = await t.central.fleet.enrol(code, undefined, TEST_NOW_MS);
    const cue = "pl1:c1-p1.0";
    const answers = ["a", "a", "b"].map((option, index) => ({
      key: `00000000-0000-4000-8000-00000000000${index}`,
      ...{ cue, interaction: "int-1", version: 1, options: [option], number: index + 1, box: `box${index}` },
      answeredAtMs: TEST_NOW_MS + 301_000 + index * 10_000,
      receivedAtMs: TEST_NOW_MS + 302_000 + index * 10_000,
    }));
    const outbox = "00000000-0000-4000-8000-0000000000ff";
    await t.central.intake.take(id, { outbox, answers, airings: [], tallies: [] });
    const series = (await t.api("GET", `/api/v1/results/${cue}/series`)).body;
    assert.deepEqual(series.regions, [{ region: "north", options: { a: 2, b: 1 }, total: 3 }]);
    assert.deepEqual(
      series.points.map((each: { total: number }) => each.total),
      [1, 1, 1],
    );
    assert.equal(series.share, 1);
    const csv = await (await ask(t, "GET", `/api/v1/results/${cue}/export`)).text();
    assert.match(csv, /,all,a,Red,2\r\n/);
    assert.match(csv, /,region north,a,Red,2\r\n/);
  }));
