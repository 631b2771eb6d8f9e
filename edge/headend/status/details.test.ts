import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createLosses } from "../outbox/log/losses.ts";
import { REPORT_CASES, wellInputs } from "../testing/status-inputs.ts";
import { CHINESE_DETAILS } from "./details-zh.ts";
import type { StatusInputs } from "./inputs.ts";
import { makePage } from "./page.ts";
import { makeReport } from "./report.ts";
import { WORDS } from "./words.ts";

const { detail } = WORDS.zh;
/** Three words of English in a row: names and commands have no more than two. */
const ENGLISH = /\b[a-z]{2,}(?:'s)?,? [a-z]{1,}(?:'s)?,? [a-z]{2,}\b/;
/** What the page says in other words than a detail: commands, and the way to the other language. */
const visible = (page: string) =>
  [...page.matchAll(/<p class="detail">(.*?)<\/p>|<section[^>]*>(.*?)<\/section>/g)]
    .map(([, words = "", card = ""]) => `${words} ${card}`.replace(/<[^>]*>/g, " "))
    .join("\n");

function sourcesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sourcesIn(path);
    return /(?<!\.test)\.ts$/.test(entry.name) ? [path] : [];
  });
}
const PROJECT = new URL("../../..", import.meta.url).pathname;
const read = (...folders: string[]) =>
  folders
    .flatMap((folder) => sourcesIn(join(PROJECT, folder)))
    .filter((path) => !path.includes("/status/details") && !path.includes("/status/words-"))
    .map((path) => readFileSync(path, "utf8"))
    .join("\n");
const ownSource = read("edge/headend");
const source = ownSource + read("shared", "central/routes", "central/results");

/** Of templates whose sentences the sources put together: where the pieces end. */
const PUT_TOGETHER: Record<string, string> = {
  "the first guide ended at {at}": "the first guide {} ended",
  "the first guide ends at {at}": "the first guide {} ends",
  "{free} MiB of {total} MiB are free": "{} MiB {} of {} are free",
  "status {n} without a problem; is that address central's?":
    "status {} without a problem {} is that address central's?",
  ...Object.fromEntries(
    ["it is gone", "its end is gone"].flatMap((how) => [
      [
        `{file}: ${how}, and with it {n} answers at least, what it had from number {number} on`,
        `${how}{}and with it{}answers at least{}what it had from number`,
      ],
      [
        `{file}: ${how}, and with it what it had from number {number} on`,
        `${how}{}and with it{}what it had from number`,
      ],
    ]),
  ),
  "{n} of {total} workers serve": "{} of {} workers serve",
  "it refused the code: {*why}": "it refused {} the code",
  "it refused this edge: {*why}": "it refused {} this edge",
};

for (const [english, other] of CHINESE_DETAILS.templates) {
  test(`a detail in Chinese: ${english}`, () => {
    const said = detail(english.replace(/\{\*?\w+\}/g, "7"));
    assert.doesNotMatch(said, /原文见日志/);
    assert.doesNotMatch(said, ENGLISH);
    assert.equal(said, other.replace(/\{\w+\}/g, "7"));
  });
  test(`the sources say: ${english}`, () => {
    for (const piece of (PUT_TOGETHER[english] ?? english).split(/\{\*?\w*\}|Cannot |: |[()]/)) {
      const words = piece.trim().replace(/^[;,]/, "").trim();
      if (words.length > 3) assert.ok(source.includes(words), words);
    }
  });
}

const SAID: [english: string, chinese: RegExp][] = [
  [
    "Cannot reach central at https://c.example: invalid peer certificate: certificate expired: verification time 1795431900",
    /^无法到达中心 https:\/\/c\.example：证书已过期，原文见日志$/,
  ],
  [
    "Cannot reach central at http://127.0.0.1:1: nobody listens there (connection refused)",
    /^无法到达中心 http:\/\/127\.0\.0\.1:1：那里没有服务在监听/,
  ],
  ["Cannot reach central at http://x: getaddrinfo ENOTFOUND x", /地址找不到或不可达（ENOTFOUND）/],
  ["Cannot reach central at https://x: invalid peer certificate: UnknownIssuer", /颁发者不受信任/],
  [
    "Cannot report to central http://x: it refused this edge: its uplink token is missing, unknown or revoked",
    /不接受本节点：上行令牌缺失、不明或已被吊销$/,
  ],
  [
    'Cannot sync from http://x: sync error: replication error: Primary handshake error: status: Unavailable, "tcp connect error"',
    /^无法从 http:\/\/x 同步：/,
  ],
  [
    '3, the first: placements p1: Invalid key: Expected "id" but received undefined',
    /^共 3 项，第一项：内容不符合格式/,
  ],
  [
    'Cannot open /d/outbox.db: this user may not do that there (ConnectionFailed("Unable to open connection to local database /d/outbox.db: 14"))',
    /^无法打开 \/d\/outbox\.db：本节点的用户没有权限（/,
  ],
  [
    "2-417-aa.db: it is empty; 2-416-ab.db: it is cut off",
    /^2-417-aa\.db：是空的；2-416-ab\.db：内容不完整$/,
  ],
  ["something that nobody here ever said to /etc/x", /^其他错误（\/etc\/x），原文见日志$/],
  ["", /^$/],
];
for (const [english, chinese] of SAID) {
  test(`a detail in Chinese: ${english.slice(0, 80)}`, () => assert.match(detail(english), chinese));
}

test("what a log has lost is told in Chinese", () => {
  const losses = createLosses();
  losses.gap(1, 7, 3);
  losses.unread(1, 40);
  losses.writtenAgain(2, 5);
  losses.compare([], { acknowledged: 0, lastNumber: 9, counted: { sequence: 3, at: 1 } });
  for (const words of losses.words()) {
    assert.doesNotMatch(detail(words), /原文见日志/);
    assert.doesNotMatch(detail(words), ENGLISH);
  }
});

const inChinese = (change: Partial<StatusInputs>) =>
  visible(makePage(makeReport({ ...wellInputs, ...change }), WORDS.zh));
for (const [what, change] of REPORT_CASES) {
  test(`no English detail reaches the Chinese page with ${what}`, () => {
    assert.doesNotMatch(inChinese(change), ENGLISH);
  });
}

test("no English of whatever is said reaches the Chinese page", () => {
  const why = "Cannot reach central at x: the cat sat on the mat; and then it said (so they say) what it saw";
  const page = inChinese({
    codeRefused: why,
    central: { url: "x", up: false, why },
    sync: { refused: why },
    outbox: { waiting: 2, trouble: why, damaged: [why], uplinkTrouble: why, oldestAtMs: 0, setAside: 1 },
    damage: [why],
    snapshot: wellInputs.snapshot && {
      ...wellInputs.snapshot,
      suppressed: { "outside-programme": 2, gap: 1 },
      troubles: [why],
    },
    recent: [
      {
        level: "error",
        event: "answer-set-aside",
        said: ["why", "error", "reason", "trouble", "how", "state"].map((name) => ({ name, text: why })),
        lastMs: 0,
        times: 1,
      },
    ],
  });
  assert.match(page, /节目已提前结束 2、间隔过近 1/);
  assert.doesNotMatch(page, /outside-programme/);
  assert.doesNotMatch(page, ENGLISH);
});

test("what to do is told in both tongues of every warning and error that is logged", () => {
  const logged = [...ownSource.matchAll(/log\.(?:warn|error)\("([a-z-]+)"|\bsay\("([a-z-]+)"/g)].map(
    ([, event, said]) => event ?? said,
  );
  const repeated = [...ownSource.matchAll(/\bagain\("([a-z-]+)"/g)].map(([, event]) => event);
  const edge = [...logged, ...repeated].filter((event) => event !== undefined);
  assert.ok(edge.length > 20);
  for (const { events, language } of Object.values(WORDS)) {
    assert.deepEqual(
      edge.filter((event) => !events[event]),
      [],
      language,
    );
  }
});
