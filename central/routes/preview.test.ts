/** What a preview tells an editor: where and when a placement appears, what keeps it away, and why. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { TEST_NOW_MS, withCentral } from "../testing/central-for-tests.ts";
import { author, HOUR, MINUTE, time } from "../testing/sample-scheduling.ts";

test("a preview tells where a placement appears, and where it is suppressed and by whom, before it is published", () =>
  withCentral({ air: false }, async (t) => {
    await author(t);
    const { body } = await t.api("GET", "/api/v1/preview?placement=quarter&count=8");
    const on = (channel: string) =>
      body.cues
        .filter((cue: { channels: string[] }) => cue.channels.includes(channel))
        .map((cue: { atMs: number }) => time(cue.atMs));
    assert.deepEqual(on("c2").slice(0, 4), ["00:00", "00:30", "01:00", "01:30"]);
    // On c1 the film's poll at 00:30 wins over 00:15 … 00:45, and the news keep 01:00 to 02:00 free.
    assert.deepEqual(on("c1").slice(0, 1), ["00:00"]);
    const lost = (channel: string, at: string) =>
      body.suppressed.find(
        (each: { atMs: number; channels: string[] }) =>
          each.channels.includes(channel) && time(each.atMs) === at,
      );
    assert.deepEqual(
      [lost("c1", "00:30").reason, lost("c1", "00:30").to, lost("c1", "00:30").rule],
      ["gap", "big:film.0", "fair"],
    );
    assert.deepEqual([lost("c1", "01:15").reason, lost("c1", "01:15").programme], ["blackout", "news"]);
    assert.equal(lost("c2", "00:15").to, "quarter:21000101T0000");
    assert.equal((await t.api("GET", "/api/v1/preview?placement=none")).status, 404);
    assert.equal((await t.api("GET", "/api/v1/preview?placement=big&count=0")).status, 400);
  }));

test("a placement that is not saved is previewed among what is drafted, and one of that id is left out for it", () =>
  withCentral({ air: false }, async (t) => {
    await author(t);
    const preview = (body: object) =>
      t.api("POST", "/api/v1/preview?count=4", {
        ...{ interaction: "int-1", version: 1, channels: ["c2"] },
        when: { kind: "cron", rule: "10 * * * *", zone: "UTC" },
        ...body,
      });
    const tell = (list: { atMs: number }[]) => list.slice(0, 2).map(({ atMs }) => time(atMs));
    const weak = (await preview({ id: "unsaved", priority: -1 })).body;
    assert.deepEqual([tell(weak.cues), tell(weak.suppressed)], [[], ["00:10", "01:10"]]);
    assert.match(weak.suppressed[0].to, /^quarter:/);
    const strong = (await preview({ id: "unsaved", priority: 9 })).body;
    assert.deepEqual([tell(strong.cues), tell(strong.suppressed)], [["00:10", "01:10"], []]);
    assert.deepEqual([weak.suppressed.length, strong.cues.length], [4, 4]);
    const instead = (await preview({ id: "quarter", priority: -1 })).body;
    assert.deepEqual([tell(instead.cues), tell(instead.suppressed)], [["00:10", "01:10"], []]);
    assert.equal(
      (await preview({ id: "unsaved", when: { kind: "cron", rule: "x", zone: "UTC" } })).status,
      400,
    );
    assert.equal((await t.api("GET", "/api/v1/placements/unsaved")).status, 404);
  }));

test("a preview goes on beyond the guide for a rule that fires rarely, and for an instant weeks ahead", () =>
  withCentral({ air: false }, async (t) => {
    await author(t);
    const days = async (when: object) => {
      const body = { id: "rare", interaction: "int-1", version: 1, channels: ["c2"], priority: 9, when };
      const reply = await t.api("POST", "/api/v1/preview?count=3", body);
      return reply.body.cues.map(({ atMs }: { atMs: number }) => new Date(atMs).toISOString().slice(0, 16));
    };
    assert.deepEqual(await days({ kind: "cron", rule: "5 7 15 * *", zone: "UTC" }), [
      "2100-01-15T07:05",
      "2100-02-15T07:05",
      "2100-03-15T07:05",
    ]);
    const atMs = TEST_NOW_MS + 21 * 24 * 60 * MINUTE;
    assert.deepEqual(await days({ kind: "instant", atMs }), [new Date(atMs).toISOString().slice(0, 16)]);
  }));

test("a preview names a channel once of nominal times that a clock change brings to one instant", () =>
  withCentral({ air: false }, async (t) => {
    await author(t);
    const when = { kind: "cron", rule: "10,20,40 2 3 10 *", zone: "Australia/Lord_Howe" };
    const body = { id: "gap", interaction: "int-1", version: 1, channels: ["c3"], when };
    const { cues } = (await t.api("POST", "/api/v1/preview?count=3", body)).body;
    const found = cues.map((cue: { atMs: number; channels: string[] }) => [time(cue.atMs), cue.channels]);
    assert.deepEqual(found, [
      ["15:40", ["c3"]],
      ["15:40", ["c3"]],
      ["15:50", ["c3"]],
    ]);
  }));

test("a preview tells in which regions a firing appears or loses, where they differ", () =>
  withCentral({ air: false }, async (t) => {
    await author(t);
    const poll = {
      interaction: "int-1",
      version: 1,
      when: { kind: "instant", atMs: TEST_NOW_MS + 5 * MINUTE },
    };
    const preview = async (body: object) =>
      (await t.api("POST", "/api/v1/preview", { ...poll, ...body })).body;
    // Only the north has c3 in its line-up: that is every region that has it.
    const { cues } = await preview({ channels: ["c2", "c3"], priority: 1 });
    assert.deepEqual(
      cues.map(({ channels, regions }: Record<string, string[]>) => [channels, regions]),
      [[["c2", "c3"], undefined]],
    );
    // In the south alone something else stands on c2.
    await t.api("PUT", "/api/v1/placements/southern", {
      ...poll,
      ...{ channels: ["c2"], regions: ["south"], priority: 9 },
      when: { kind: "instant", atMs: TEST_NOW_MS + 7 * MINUTE },
    });
    const differing = await preview({ channels: ["c1", "c2"], priority: 1 });
    assert.deepEqual(
      differing.cues.map(({ channels, regions }: Record<string, string[]>) => [channels, regions]),
      [
        [["c1"], undefined],
        [["c2"], ["north"]],
      ],
    );
    assert.deepEqual(
      differing.suppressed.map(({ channels, regions, to }: Record<string, string[]>) => [
        channels,
        regions,
        to,
      ]),
      [[["c2"], ["south"], "southern:once"]],
    );
    const limited = await preview({ channels: ["c2"], regions: ["north"], priority: 1 });
    assert.deepEqual(limited.cues[0].regions, ["north"]);
  }));

const CRON = { kind: "cron", rule: "0 12 * * *", zone: "UTC" };
const N_FIRST = {
  ...{ kind: "programme", match: { titlePattern: "n*" }, airing: "first-run", at: { fraction: 0 } },
};
const ANY = { kind: "programme", match: { titlePattern: "*" }, at: { fraction: 0.5 } };
const kept: [what: string, body: object, codes: string[], text: RegExp][] = [
  ["repeats only", { channels: ["c1"], when: N_FIRST }, ["repeat"], /of the 1 programmes.* 1 are repeats/],
  [
    "a guide that does not say what is new",
    { channels: ["c2"], when: { ...ANY, airing: "first-run" } },
    ["repeat"],
    /the guide does not say of 1/,
  ],
  [
    "a rule that means nothing",
    { channels: ["c1"], when: { ...ANY, match: { title: "x" } } },
    ["no-match"],
    /"x"/,
  ],
  ["a channel without a guide", { channels: ["c3"], when: ANY }, ["nothing-on"], /nothing ahead on c3/],
  [
    "programmes that are too short",
    { channels: ["c1"], when: { ...ANY, at: { everyMs: 60_000, offsetMs: 2 * HOUR } } },
    ["no-moment"],
    /too short/,
  ],
  ["channels that are not there", { channels: ["c9"], when: CRON }, ["not-on-channel"], /no channel/],
  [
    "a line-up without the channel",
    { channels: ["c3"], regions: ["south"], when: CRON },
    ["not-in-line-up"],
    /c3/,
  ],
  [
    "a region that is not there",
    { channels: ["c1"], regions: ["east"], when: CRON },
    ["not-in-region", "not-in-line-up"],
    /east/,
  ],
  ["a past instant", { channels: ["c1"], when: { kind: "instant", atMs: 5 } }, ["passed"], /has passed/],
  [
    "a rule that ended",
    { channels: ["c1"], when: { ...CRON, untilMs: TEST_NOW_MS } },
    ["after-until"],
    /ended/,
  ],
  [
    "a rule that names no day",
    { channels: ["c1"], when: { ...CRON, rule: "0 12 29 2 *" } },
    ["not-named"],
    /names no time of the 400 days/,
  ],
  ["nothing at all", { channels: ["c1"], when: CRON }, [], /^$/],
];

test("a preview of fewer firings than were asked for says when its rule ends", () =>
  withCentral({ air: false }, async (t) => {
    await author(t);
    const untilMs = TEST_NOW_MS + 30 * HOUR;
    const body = { interaction: "int-1", version: 1, channels: ["c1"], when: { ...CRON, untilMs } };
    const reply = (count: number) => t.api("POST", `/api/v1/preview?count=${count}`, body);
    const { cues, reasons } = (await reply(3)).body;
    assert.equal(cues.length, 1);
    assert.equal(reasons[0]?.code, "after-until");
    assert.match(reasons[0].text, /^Its rule ends at 2100-/);
    assert.deepEqual((await reply(1)).body.reasons, [], "as many as were asked for");
  }));

test("a preview tells what keeps firings away before any channel judges them", () =>
  withCentral({ air: false }, async (t) => {
    await author(t);
    for (const [what, body, codes, text] of kept) {
      const reply = await t.api("POST", "/api/v1/preview", { interaction: "int-1", version: 1, ...body });
      assert.equal(reply.status, 200, what);
      const { cues, suppressed, reasons } = reply.body;
      assert.deepEqual(
        reasons.map(({ code }: { code: string }) => code),
        codes,
        what,
      );
      assert.match(reasons[0]?.text ?? "", text, what);
      assert.equal(cues.length + suppressed.length > 0, codes.length === 0, what);
    }
  }));
