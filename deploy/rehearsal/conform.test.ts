/** `cuecast conform` against our own box, and against one that breaks what a hurried box maker breaks. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { createBox } from "../../edge/box/driver.ts";
import { createFetchHttp } from "../../edge/box/platform/http-fetch.ts";
import { createHeadlessScreen } from "../../edge/box/platform/screen-headless.ts";
import { createMemoryStore } from "../../edge/box/platform/store-memory.ts";
import type { Http } from "../../edge/box/ports.ts";
import { silentLog } from "../../shared/log.ts";
import type { Cue, Schedule } from "../../shared/protocol/schedule.ts";
import { systemClock, systemTimers } from "../../shared/runtime/clock.ts";
import { freePort } from "../../shared/runtime/ports.ts";
import { createSeededRandom } from "../../shared/testing/seeded-random.ts";
import type { Finding } from "../conform/clauses.ts";
import { runConformance } from "../conform/run.ts";
import { CHANNEL } from "../conform/script.ts";
import { BINARIES } from "../local/binaries.mjs";

/** Runs a box through the script; its wall clock is set an hour ahead when the script says so. */
async function findingsOf(around: (http: Http) => Http): Promise<Finding[]> {
  let stop = () => {};
  let stepMs = 0;
  const clock = { ...systemClock, wallMs: () => systemClock.wallMs() + stepMs };
  const findings = await runConformance({
    host: "127.0.0.1",
    port: 0,
    waitMs: 20_000,
    tailMs: 20_000,
    clockSet: true,
    say: (line) => {
      if (line.includes("an hour ahead")) stepMs = 3_600_000;
    },
    onListening(port) {
      const random = createSeededRandom(port);
      const ports = {
        clock,
        timers: systemTimers,
        random,
        http: around(createFetchHttp(clock, systemTimers)),
        store: createMemoryStore(),
        screen: createHeadlessScreen(systemTimers, random),
        log: silentLog,
      };
      const options = {
        box: `box-${port}`,
        edges: [`http://127.0.0.1:${port}`],
        channel: CHANNEL,
        languages: ["en"],
        tags: [],
        pace: { airingSpreadMs: 500 },
      };
      stop = createBox(ports, options).stop;
    },
  });
  stop();
  assert.ok(findings, "the box came");
  return findings;
}

/**
 * No conditional pulls, cached time, no patience, a new key for every try, what was withdrawn stays, and answers say
 * another moment than their cue's.
 */
function hurried(http: Http): Http {
  const cues = new Map<string, Cue>();
  let tries = 0;
  return {
    send(request, done) {
      const body = request.body
        ?.replaceAll(/("key":")[0-9a-f]{8}/g, (_, start: string) => {
          tries++;
          return `${start}${String(tries).padStart(8, "0")}`;
        })
        .replaceAll(/"dueMs":\d+,"answeredAtMs"/g, '"dueMs":1,"answeredAtMs"');
      const url = request.url.replace(/\?n=.*/, "?n=1");
      http.send({ ...request, url, etag: null, body: body ?? null }, (reply) => {
        let { text } = reply;
        if (url.endsWith("/schedule") && reply.status === 200 && text.startsWith("{")) {
          const schedule = JSON.parse(text) as Schedule;
          for (const cue of schedule.cues) cues.set(cue.id, cue);
          text = JSON.stringify({ ...schedule, revision: 1_000, cues: [...cues.values()] });
        }
        done({ ...reply, text, retryAfter: null });
      });
    },
  };
}

/** Options that nobody offered, stamped by its wall clock; and it tells of one cue alone. */
function careless(http: Http): Http {
  let told = false;
  return {
    send(request, done) {
      let { body } = request;
      if (body && request.url.endsWith("/v1/answers")) {
        body = body
          .replaceAll(/"options":\[[^\]]*\]|"rating":\d+/g, '"options":["zzz"]')
          .replaceAll(/"answeredAtMs":\d+/g, `"answeredAtMs":${systemClock.wallMs()}`);
      }
      if (body && request.url.endsWith("/v1/airings")) {
        const whole = JSON.parse(body) as { airings: unknown[] };
        const reply = { status: 200, etag: null, retryAfter: null, sentMs: 0, receivedMs: 0 };
        if (told) {
          done({ ...reply, text: JSON.stringify({ accepted: whole.airings.length }) });
          return;
        }
        told = true;
        body = JSON.stringify({ ...whole, airings: whole.airings.slice(0, 1) });
      }
      http.send({ ...request, body }, done);
    },
  };
}

test("our own box keeps every clause, those with faults are caught at each of them", async () => {
  const [own, caught, slipped] = await Promise.all([
    findingsOf((http) => http),
    findingsOf(hurried),
    findingsOf(careless),
  ]);
  assert.deepEqual(
    own.filter(({ verdict }) => verdict !== "kept"),
    [],
  );
  const broken = caught.filter(({ verdict }) => verdict === "broken").map(({ clause }) => clause);
  for (const fault of [
    /each time with another n/,
    /If-None-Match/,
    /Retry-After says \(schedule/,
    /ignores a lower revision/,
    /does not fire a withdrawn cue/,
    /under its key/,
  ]) {
    assert.ok(
      broken.some((clause) => fault.test(clause)),
      `${fault} among ${JSON.stringify(broken)}`,
    );
  }
  assert.equal(caught.find(({ clause }) => /by which moment/.test(clause))?.verdict, "note");
  const why = (clause: RegExp) =>
    slipped.find((one) => clause.test(one.clause) && one.verdict === "broken")?.why;
  assert.match(why(/as the interaction asks/) ?? "", /there is no option zzz|the only answer is|no options/);
  assert.match(why(/stamps an answer/) ?? "", /ms before its moment/);
  assert.match(why(/what became of every cue/) ?? "", /nothing was told of /);
  assert.ok(broken.length < own.length / 2, `not everything is broken: ${JSON.stringify(caught)}`);
});

test("cuecast conform says that no box came, and ends with 4", async () => {
  const main = join(import.meta.dirname, "../cli/main.ts");
  const args = ["--disable-warning=ExperimentalWarning", main, "conform", "--wait", "1"];
  const ended = spawnSync(BINARIES.node24, [...args, "--port", String(await freePort())], {
    encoding: "utf8",
  });
  assert.equal(ended.status, 4, ended.stderr);
  assert.match(ended.stderr, /Cannot judge: no box pulled a schedule within 1 s/);
});
