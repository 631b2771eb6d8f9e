/** Groups, rules, previews and explanations, as an editor asks for them over HTTP. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Programme } from "../../shared/guide/programme.ts";
import {
  pollBody,
  putProgrammes,
  TEST_NOW_MS,
  type TestCentral,
  withCentral,
} from "../testing/central-for-tests.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const programme = (
  id: string,
  channel: string,
  startMs: number,
  more: Partial<Programme> = {},
): Programme => ({
  id,
  channel,
  title: "Film",
  startMs,
  endMs: startMs + HOUR,
  ...more,
});

/** Two regions, three channels, news on c1 and films; a poll every quarter of an hour on a group. */
async function author({ api, central }: TestCentral): Promise<void> {
  const put = async (path: string, body: object) =>
    assert.equal((await api("PUT", `/api/v1/${path}`, body)).status, 200, path);
  await put("regions/north", { name: "North" });
  await put("regions/south", { name: "South", channels: ["c1", "c2"] });
  for (const [index, id] of ["c1", "c2", "c3"].entries()) {
    await put(`channels/${id}`, { number: index + 1, name: id.toUpperCase() });
  }
  await api("POST", "/api/v1/interactions", pollBody);
  const upsert = [
    programme("film", "c1", TEST_NOW_MS),
    programme("news", "c1", TEST_NOW_MS + HOUR, { title: "News", categories: ["新闻"], isNew: false }),
    programme("show", "c2", TEST_NOW_MS, { title: "Show" }),
  ];
  await putProgrammes(central.drafts, upsert);
  await put("channel-groups/main", { name: "Main", channels: ["c1", "c2"] });
  await put("channel-rules/fair", { groups: ["main"], gapMs: 20 * MINUTE });
  await put("channel-rules/quiet", { blackouts: [{ match: { category: "新闻" } }] });
  const poll = { interaction: "int-1", version: 1 };
  await put("placements/quarter", {
    ...poll,
    groups: ["main"],
    when: { kind: "cron", rule: "*/15 * * * *", zone: "UTC" },
  });
  await put("placements/big", {
    ...poll,
    channels: ["c1"],
    priority: 5,
    when: { kind: "programme", match: { title: "film" }, at: { fraction: 0.5 } },
  });
  await put("placements/first", {
    ...poll,
    channels: ["c1"],
    when: { kind: "programme", match: { titlePattern: "n*" }, airing: "first-run", at: { fraction: 0 } },
  });
  await put("placements/northern", {
    ...poll,
    channels: ["c3"],
    regions: ["north"],
    when: { kind: "instant", atMs: TEST_NOW_MS + 10 * MINUTE },
  });
}

const time = (ms: number) => new Date(ms).toISOString().slice(11, 16);

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

const POLL = { interaction: "int-1", version: 1, channels: ["c1"], when: CRON };
const IN = { kind: "programme", match: { title: "x" }, at: { fraction: 0.5 } };
const badPlacements: [what: string, body: object, path: string, words: RegExp][] = [
  [
    "bounds that end before they begin",
    { ...POLL, when: { ...CRON, fromMs: 6, untilMs: 6 } },
    "when.untilMs",
    /not after fromMs/,
  ],
  [
    "no time to fetch in: every box would ask at once",
    { ...POLL, prefetch: { leadMs: 10_000, guardMs: 10_000 } },
    "prefetch.guardMs",
    /all boxes would ask at one instant/,
  ],
  [
    "a match of nothing that is known",
    { ...POLL, when: { ...IN, match: { titel: "x" } } },
    "when.match",
    /"programme".*"series".*"title".*"titlePattern"/,
  ],
  [
    "a moment of no known kind",
    { ...POLL, when: { ...IN, at: { from: "middle", offsetMs: 0 } } },
    "when.at",
    /"from".*"fraction".*"everyMs"/,
  ],
];
test("a placement that cannot be meant so is refused with its place and what to write", () =>
  withCentral({ air: false }, async (t) => {
    await author(t);
    for (const [what, body, path, words] of badPlacements) {
      const { status, body: problem } = await t.api("PUT", "/api/v1/placements/bad", body);
      assert.equal(status, 400, what);
      assert.equal(problem.errors[0]?.path, path, what);
      assert.match(problem.errors[0].message, words, what);
      assert.equal((await t.api("POST", "/api/v1/preview", body)).status, 400, what);
    }
    const embargo = { ...POLL, prefetch: { leadMs: 0, guardMs: 0 }, embargo: { spreadMs: 1000 } };
    assert.equal(
      (await t.api("PUT", "/api/v1/placements/secret", embargo)).status,
      200,
      "fetches nothing ahead",
    );
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

test("an effect tells what a rule keeps away, saved or not, and what a group's change adds and takes", () =>
  withCentral({ air: false }, async (t) => {
    await author(t);
    const effect = async (body: object) => (await t.api("POST", "/api/v1/effect", body)).body;
    const saved = await effect({ rule: { id: "fair", groups: ["main"], gapMs: 20 * MINUTE } });
    assert.ok(saved.counts.suppressed > 0);
    assert.deepEqual(
      [saved.told[0].change, saved.told[0].why.rule, saved.counts.freed],
      ["suppressed", "fair", 0],
    );
    const wider = await effect({ rule: { id: "fair", groups: ["main"], gapMs: 50 * MINUTE } });
    assert.ok(wider.counts.suppressed > saved.counts.suppressed);
    const none = await effect({ rule: { id: "unsaved", channels: ["c3"], gapMs: MINUTE } });
    assert.deepEqual([none.told, none.counts.suppressed], [[], 0]);
    const joined = await effect({ group: { id: "main", name: "Main", channels: ["c2", "c3"] } });
    const kinds = new Set(
      joined.told.map(
        ({ change, channels }: { change: string; channels: string[] }) => `${change} ${channels[0]}`,
      ),
    );
    assert.ok(kinds.has("added c3") && kinds.has("withdrawn c1"), [...kinds].join());
    for (const body of [{}, { rule: { id: "fair" }, group: { id: "main", name: "Main", channels: [] } }]) {
      assert.equal((await t.api("POST", "/api/v1/effect", body)).status, 400);
    }
  }));

test("an explanation is the chain of reasons, for drafts and for what is on air", () =>
  withCentral({ air: true }, async (t) => {
    await author(t);
    const explain = async (query: string) =>
      (await t.api("GET", `/api/v1/explain?${query}`)).body.explanations;
    const codes = (explanation: { steps: { code: string }[] }) => explanation.steps.map(({ code }) => code);
    const last = async (query: string) => {
      const [found] = await explain(query);
      return [found.outcome, codes(found).at(-1)];
    };
    assert.deepEqual(await last("cue=big:film.0"), ["never", "unknown-placement"], "nothing is on air yet");
    assert.equal((await t.api("POST", "/api/v1/publish", {})).status, 200);

    const [shown] = await explain("cue=big:film.0");
    assert.equal(shown.outcome, "appears");
    assert.equal(shown.cue.atMs, TEST_NOW_MS + 30 * MINUTE);
    assert.deepEqual(codes(shown), [
      ...["placement", "channel", "programme", "in-programme", "not-withdrawn", "no-blackout"],
      ...["keeps-limits", "window", "fetched-ahead", "everyone"],
    ]);
    const expected: [query: string, outcome: string, code: string][] = [
      ["cue=quarter:21000101T0030&channel=c1", "suppressed", "gap"],
      ["cue=quarter:21000101T0030&channel=c2", "appears", "everyone"],
      ["cue=quarter:21000101T0115&channel=c1", "suppressed", "blackout"],
      ["cue=quarter:21000101T0031&channel=c1", "never", "not-named"],
      ["cue=quarter:21000101T0030&channel=c3", "never", "not-on-channel"],
      ["cue=quarter.1:21000101T0030", "never", "other-generation"],
      ["cue=none:once", "never", "unknown-placement"],
      ["cue=big:gone.0", "never", "programme-gone"],
      ["placement=first&programme=news", "never", "repeat"],
      ["placement=first&programme=film", "never", "no-match"],
      [`placement=big&channel=c1&atMs=${TEST_NOW_MS + 5 * HOUR}`, "never", "nothing-on"],
      [`placement=big&channel=c1&atMs=${TEST_NOW_MS}`, "appears", "everyone"],
      ["placement=quarter&programme=film&channel=c1", "never", "not-by-programme"],
      ["placement=quarter&local=21000101T0030&channel=c2", "appears", "everyone"],
      ["placement=big&local=21000101T0030&zone=UTC", "appears", "everyone"],
      ["placement=northern&local=21000101T0000&region=south", "never", "not-in-region"],
      ["placement=northern&local=21000101T0000&region=north", "appears", "everyone"],
    ];
    for (const [query, outcome, code] of expected)
      assert.deepEqual(await last(query), [outcome, code], query);
    assert.deepEqual(
      (await explain("cue=northern:once")).map((each: { region: string; outcome: string }) => [
        each.region,
        each.outcome,
      ]),
      [
        ["north", "appears"],
        ["south", "never"],
      ],
    );

    await t.api("POST", "/api/v1/withdraw", { cue: "big:film.0" });
    assert.deepEqual(await last("cue=big:film.0"), ["suppressed", "withdrawn"]);
    await t.api("POST", "/api/v1/withdraw", { placement: "big" });
    assert.deepEqual(await last("cue=big:film.0"), ["never", "withdrawn-placement"]);
    const { reasons } = (await t.api("GET", "/api/v1/preview?placement=big")).body;
    assert.equal(reasons[0].code, "withdrawn-placement");
    for (const bad of ["", "cue=x", "placement=big", "placement=big&local=x", "cue=big:film.0&of=x"]) {
      const { status, body } = await t.api("GET", `/api/v1/explain?${bad}`);
      assert.equal(status, 400, bad);
      assert.match(body.detail, /^Cannot /);
    }
    const zoneless = await t.api("GET", "/api/v1/explain?placement=first&local=21000101T0030");
    assert.match(zoneless.body.type, /needs-zone$/);
    const nowhere = await t.api("GET", "/api/v1/explain?cue=quarter:21000101T0030&region=west");
    assert.deepEqual([nowhere.status, nowhere.body.type], [404, "/problems/unknown-region"]);
  }));

test("publishing is refused while a placement, a group or a rule names what is not there", () =>
  withCentral({ air: true }, async (t) => {
    await author(t);
    assert.equal((await t.api("DELETE", "/api/v1/channel-groups/main")).status, 204);
    await t.api("PUT", "/api/v1/channel-groups/odd", { name: "Odd", channels: ["c9"] });
    await t.api("PUT", "/api/v1/channel-rules/odd", { channels: ["c8"] });
    const { status, body } = await t.api("POST", "/api/v1/publish", {});
    assert.equal(status, 422);
    assert.deepEqual(body.errors.map(({ path }: { path: string }) => path).sort(), [
      "channel-groups.odd.channels",
      "channel-rules.fair.groups",
      "channel-rules.odd.channels",
      "placements.quarter.groups",
    ]);
  }));

const badRules: [what: string, rule: object][] = [
  ["a gap over half a day", { gapMs: 12 * HOUR + 1 }],
  ["a period that ends before it begins", { blackouts: [{ fromMs: 5, untilMs: 5 }] }],
  ["a blackout of nothing", { blackouts: [{ match: {} }] }],
  ["a blackout of neither kind", { blackouts: [{ during: "news" }] }],
  ["no cue at all an hour", { perHourMost: 0 }],
];
test("a channel rule that cannot hold is refused with its place, and nothing is kept of it", () =>
  withCentral({ air: false }, async (t) => {
    for (const [what, rule] of badRules) {
      const { status, body } = await t.api("PUT", "/api/v1/channel-rules/bad", rule);
      assert.equal(status, 400, what);
      assert.ok(body.errors.length > 0, what);
      assert.doesNotMatch(body.detail, /Expected Object/, what);
    }
    assert.deepEqual((await t.api("GET", "/api/v1/channel-rules")).body.rules, []);
  }));

test("a plan tells what a changed gap, group and blackout keep away and let go, before it is published", () =>
  withCentral({ air: true }, async (t) => {
    await author(t);
    const rule = (id: string, body: object) => t.api("PUT", `/api/v1/channel-rules/${id}`, body);
    const hours = (from: number, until: number) => ({
      fromMs: TEST_NOW_MS + from * HOUR,
      untilMs: TEST_NOW_MS + until * HOUR,
    });
    type Told = { change: string; id: string; atMs: number; channels: string[]; why?: { reason: string } };
    const north = async () => {
      const { difference } = (await t.api("GET", "/api/v1/publish")).body;
      assert.equal(difference.uncompared, 0);
      return difference.cues.find((each: { region: string }) => each.region === "north");
    };
    const tell = (told: Told[], untilMs = TEST_NOW_MS + HOUR) =>
      told
        .filter(({ atMs }) => atMs >= TEST_NOW_MS && atMs < untilMs)
        .map(({ change, atMs, channels, why }) =>
          [change, time(atMs), channels.join(), why?.reason ?? ""].join(" ").trim(),
        );
    assert.ok((await north()).unshown > 0, "new ones that lose at once are told");
    await t.central.publisher.publish();
    assert.deepEqual((await north()).told, []);

    await rule("fair", { groups: ["main"], gapMs: 10 * MINUTE });
    const freed = await north();
    assert.deepEqual(tell(freed.told), ["freed 00:15 c1,c2 gap", "freed 00:45 c1,c2 gap"]);
    assert.equal(freed.firstAtMs, TEST_NOW_MS + 15 * MINUTE);
    await t.central.publisher.publish();

    await rule("quiet", { blackouts: [{ match: { category: "新闻" } }, hours(0, 0.5)] });
    assert.deepEqual(tell((await north()).told), [
      "suppressed 00:00 c1,c2 blackout",
      "suppressed 00:10 c3 blackout",
      "suppressed 00:15 c1,c2 blackout",
    ]);
    const { channels } = (
      await t.api("GET", `/api/v1/timeline?channels=c2&fromMs=${TEST_NOW_MS}&untilMs=${TEST_NOW_MS + HOUR}`)
    ).body;
    assert.deepEqual(
      channels[0].cues.map(
        ({
          atMs,
          onAir,
          suppressed,
        }: { atMs: number; onAir: boolean } & { suppressed?: { reason: string } }) =>
          [time(atMs), onAir, suppressed?.reason ?? "appears"].join(" "),
      ),
      ["00:00 false blackout", "00:15 false blackout", "00:30 true appears", "00:45 true appears"],
    );
    await t.central.publisher.publish();

    await t.api("PUT", "/api/v1/channel-groups/main", { name: "Main", channels: ["c1"] });
    await rule("quiet", { blackouts: [{ match: { category: "新闻" } }] });
    const left = tell((await north()).told);
    assert.ok(left.includes("freed 00:00 c1 blackout"), left.join("; "));
    assert.ok(left.includes("withdrawn 00:30 c2"), left.join("; "));
  }));

test("a plan tells region by region what a placement limited to one region keeps away there", () =>
  withCentral({ air: true }, async (t) => {
    await author(t);
    await t.central.publisher.publish();
    await t.api("PUT", "/api/v1/placements/southern", {
      ...{ interaction: "int-1", version: 1, channels: ["c2"], regions: ["south"], priority: 9 },
      when: { kind: "instant", atMs: TEST_NOW_MS + 10 * MINUTE },
    });
    const { difference } = (await t.api("GET", "/api/v1/publish")).body;
    const counts = difference.cues.map((each: Record<string, number | string>) =>
      [each.region, each.added, each.suppressed, each.freed].join(" "),
    );
    // In the south 00:00 loses to it, and 00:15; so 00:30, which kept its distance to 00:00, stays.
    assert.deepEqual(counts, ["north 0 0 0", "south 1 1 0"]);
  }));

test("a plan warns of a placement of which every cue is suppressed, and not of overlaps that a gap prevents", () =>
  withCentral({ air: false }, async (t) => {
    await author(t);
    const place = (id: string, more: object) =>
      t.api("PUT", `/api/v1/placements/${id}`, {
        ...{ interaction: "int-1", version: 1, channels: ["c2"] },
        ...more,
      });
    await place("buried", { when: { kind: "instant", atMs: TEST_NOW_MS + 1000 }, priority: -1 });
    const { checks } = (await t.api("GET", "/api/v1/publish")).body;
    const words = checks.map(({ path, message }: { path: string; message: string }) => `${path} ${message}`);
    assert.ok(
      words.includes(
        "placements.buried Its only cue of the next eight days is suppressed, first by: gap of channel rule fair",
      ),
      words.join("; "),
    );
    assert.ok(!words.some((each: string) => each.includes("on the screen")), words.join("; "));
  }));

test("a plan warns of a placement that cannot be fetched ahead because another keeps its interaction secret", () =>
  withCentral({ air: false }, async (t) => {
    await author(t);
    const checks = async () =>
      (await t.api("GET", "/api/v1/publish")).body.checks
        .filter(({ code }: { code: string }) => code === "embargoed-elsewhere")
        .map(({ path, facts }: { path: string; facts: { other: string } }) => `${path} ${facts.other}`)
        .sort();
    assert.deepEqual(await checks(), []);
    const secret = (atMs: number) =>
      t.api("PUT", "/api/v1/placements/secret", {
        ...{ interaction: "int-1", version: 1, channels: ["c3"], embargo: { spreadMs: 1000 } },
        when: { kind: "instant", atMs },
      });
    await secret(TEST_NOW_MS + HOUR);
    const others = ["big", "first", "northern", "quarter"].map((id) => `placements.${id} secret`);
    assert.deepEqual(await checks(), others);
    await secret(TEST_NOW_MS - HOUR);
    assert.deepEqual(await checks(), [], "its embargo is over");
  }));
