/** A body that each route takes, for the OpenAPI document: a test holds every one of them against its route. */

const AT_MS = 1_795_431_900_000;
const DAY_MS = 86_400_000;
const HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
const OUTBOX = "6f1c2f6e-3f0a-4c0e-9a53-0d8f0e1b2c3d";
const CUE = { cue: "tonight:p1.0", interaction: "who-wins", version: 1 };
const RULE = { name: "News stays quiet", groups: ["news"], gapMs: 600_000, perHourMost: 4 };
const SIDE = { url: "https://newsroom.example/hooks/cuecast", types: ["published", "withdrawn"] };
const PLACEMENT = {
  interaction: "who-wins",
  version: 1,
  channels: ["cctv1"],
  when: {
    kind: "programme",
    match: { title: "新闻联播" },
    at: { from: "start", offsetMs: 300_000 },
  },
};

export const BODY_EXAMPLES: Record<string, unknown> = {
  "POST /api/v1/session": { name: "editor", password: "correct horse battery" },
  "PUT /api/v1/password": { old: "correct horse battery", password: "another long one" },
  "PUT /api/v1/people/{id}": { role: "publisher", password: "at least ten characters" },
  "POST /api/v1/tokens": { name: "newsroom planner", role: "editor", expiresAtMs: AT_MS + 90 * DAY_MS },
  "PUT /api/v1/regions/{id}": { name: "North", channels: ["cctv1", "cctv2"] },
  "PUT /api/v1/channels/{id}": { number: 1, name: "CCTV-1 综合" },
  "PUT /api/v1/channel-groups/{id}": { name: "News", channels: ["cctv1", "cctv13"] },
  "PUT /api/v1/channel-rules/{id}": RULE,
  "POST /api/v1/effect": { rule: { id: "fair", ...RULE } },
  "POST /api/v1/interactions": {
    interaction: {
      id: "who-wins",
      version: 1,
      type: "quiz",
      durationMs: 20_000,
      clockToleranceMs: 2_000,
      defaultLanguage: "en",
      texts: {
        en: { title: "Who wins?", options: { a: "Red", b: "Blue" } },
        "zh-CN": { title: "谁会赢？", options: { a: "红队", b: "蓝队" } },
      },
      options: ["a", "b"],
      choices: { least: 1, most: 1 },
      answer: { mode: "first", closeAfterMs: 60_000, acceptAfterCloseMs: DAY_MS },
      results: "after-close",
    },
    correct: ["b"],
  },
  "POST /api/v1/interactions/{id}/tags": { add: ["world cup", "live"], remove: ["draft"] },
  "PUT /api/v1/placements/{id}": PLACEMENT,
  "POST /api/v1/preview": { id: "tonight", ...PLACEMENT },
  "PUT /api/v1/guide/limits": {
    publish: true,
    moveMaxMs: 7_200_000,
    soonMs: 0,
    movedMax: 500,
    vanishedMax: 20,
    appearedMax: 100_000,
  },
  "PUT /api/v1/guide/sources/{id}": { url: "https://epg.example/guide.xml.gz", every: { ms: 600_000 } },
  "POST /api/v1/publish": { comment: "the evening", hash: HASH },
  "PUT /api/v1/publish/limits": { freezeMs: 30_000 },
  "POST /api/v1/withdraw": { placement: "tonight" },
  "POST /api/v1/rollback": { epoch: 1, revision: 417, comment: "the wrong answer was marked" },
  "POST /api/v1/results/{cue}/draws": { winners: 3, among: "correct" },
  "POST /api/v1/box-tokens": { box: "b-7f3a9c", validDays: 365 },
  "PUT /api/v1/retention": { answers: 30 },
  "POST /api/v1/webhooks": { ...SIDE, about: "The newsroom's screen" },
  "PUT /api/v1/webhooks/{id}": { ...SIDE, enabled: false },
  "POST /api/v1/edges/codes": { region: "north" },
  "POST /uplink/v1/enrol": {
    code: "0123456789abcdef0123456789abcd",
    url: "https://north-1.example",
    software: "0.1.0",
  },
  "POST /uplink/v1/hint": {
    known: { epoch: 1, revision: 418, hash: HASH },
    waitMs: 30_000,
    report: {
      serves: { epoch: 1, revision: 418, hash: HASH },
      software: "0.1.0",
      outbox: { waiting: 0 },
      timeMs: AT_MS,
    },
  },
  "POST /uplink/v1/batch": {
    outbox: OUTBOX,
    answers: [
      {
        ...{ number: 1, box: "b-7f3a9c", key: "6f1c2f6e-3f0a-4c0e-9a53-000000000001", ...CUE },
        ...{ options: ["b"], answeredAtMs: AT_MS + 1_000, receivedAtMs: AT_MS + 1_050 },
      },
    ],
    airings: [{ ...CUE, outcomes: { shown: 1 }, firingErrors: [0, 1, 0, 0, 0, 0, 0, 0, 0] }],
    tallies: [{ ...CUE, total: 1, options: { b: 1 } }],
  },
  "POST /uplink/v1/results": { cues: [CUE.cue] },
};
