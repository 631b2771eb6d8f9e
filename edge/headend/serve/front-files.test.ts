import assert from "node:assert/strict";
import { test } from "node:test";
import { type Log, silentLog } from "../../../shared/log.ts";
import { createSimulatedTime } from "../../../shared/testing/simulated-time.ts";
import { gzip } from "../platform/gzip.ts";
import { createCachedBody } from "./cached-body.ts";
import { createFrontFiles, type FrontFolder, fileTime, SWEEP_EVERY_MS } from "./front-files.ts";

const PATH = "/v1/channels/one/schedule";
const body = (text: string) => createCachedBody(text, { contentType: "text/plain", cacheControl: "x", gzip });
/** Everything that waits for nothing but promises has run. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

type Headers = Record<string, string>;
const asking = (headers: Headers) => ({ header: (name: string) => headers[name] });
const PLAIN = asking({ "x-forwarded-for": "10.0.0.1" });
const GZIP = asking({ "x-forwarded-for": "10.0.0.1", "accept-encoding": "gzip" });

function start(limits?: { formsMax: number; bytesMax: number }) {
  const time = createSimulatedTime(1_000_000);
  const files = new Map<string, string>();
  const warnings: unknown[] = [];
  let broken = false;
  const unless = () => {
    if (broken) throw new Error("no room");
  };
  const folder: FrontFolder = {
    async add(path, { form, etag }) {
      files.set(`${form} ${path}`, etag);
      unless();
    },
    async remove(path, { form }) {
      unless();
      files.delete(`${form} ${path}`);
    },
  };
  const log: Log = { ...silentLog, warn: (_, more) => warnings.push(more) };
  const front = createFrontFiles({ folder, clock: time.clock, timers: time.timers, log }, limits);
  const later = async () => {
    time.advance(SWEEP_EVERY_MS);
    await settled();
  };
  return {
    ...{ front, time, warnings, later },
    files: () => Object.fromEntries(files),
    breaks: (is: boolean) => {
      broken = is;
    },
  };
}

const plainOf = (path: string, { etag }: ReturnType<typeof body>) => ({ [`plain ${path}`]: etag });

test("sent() leaves the form that was sent, and the next look takes it away once the body is not current", async () => {
  const { front, files, later, time } = start();
  const first = body("first");
  const untilMs = time.clock.wallMs() + SWEEP_EVERY_MS + 1;
  const isCurrent = (nowMs: number) => nowMs < untilMs;
  front.sent(PATH, first, GZIP, isCurrent);
  await settled();
  assert.deepEqual(files(), { [`gzip ${PATH}`]: first.etagGzip });
  front.sent(PATH, first, PLAIN, isCurrent);
  await later();
  assert.deepEqual(files(), { [`gzip ${PATH}`]: first.etagGzip, ...plainOf(PATH, first) });
  await later();
  assert.deepEqual(files(), {});
  const second = body("second");
  front.sent(PATH, second, PLAIN, () => true);
  await settled();
  assert.deepEqual(files(), plainOf(PATH, second));
});

test("sent() leaves nothing of what did not go through nginx, or with an unusual encoding", async () => {
  const { front, files } = start();
  front.sent(PATH, body("first"), asking({ "accept-encoding": "gzip" }), () => true);
  const unusual = { "x-forwarded-for": "10.0.0.1", "accept-encoding": "gzip;q=0.5" };
  front.sent(PATH, body("first"), asking(unusual), () => true);
  await settled();
  assert.deepEqual(files(), {});
});

test("fileTime() is the tag, one digit before it for the form, and a date that ext4 can hold", () => {
  assert.equal(fileTime('"00000000"').toString(16), "100000000");
  assert.equal(fileTime('"0123abcd"').toString(16), "10123abcd");
  assert.equal(fileTime('"ffffffff-gz"').toString(16), "2ffffffff");
  assert.ok(fileTime('"ffffffff-gz"') * 1000 < Date.UTC(2446, 0));
});

test("sweep() takes away at once what another snapshot made old, and nothing else", async () => {
  const { front, files } = start();
  const [old, same] = [body("old"), body("same")];
  let isCurrent = true;
  front.sent(PATH, old, PLAIN, () => isCurrent);
  front.sent("/v1/channels", same, PLAIN, () => true);
  isCurrent = false;
  await front.sweep();
  assert.deepEqual(files(), plainOf("/v1/channels", same));
});

test("a body that takes the place of another has its files only when the other's are gone", async () => {
  const { front, files } = start();
  const [old, next] = [body("old"), body("next")];
  let isCurrent = true;
  front.sent(PATH, old, PLAIN, () => isCurrent);
  await settled();
  isCurrent = false;
  front.sent(PATH, next, PLAIN, () => true);
  await settled();
  assert.deepEqual(files(), plainOf(PATH, old));
  await front.sweep();
  front.sent(PATH, next, PLAIN, () => true);
  await settled();
  assert.deepEqual(files(), plainOf(PATH, next));
});

test("what cannot be taken away is tried again until it is gone, and stands in the log once", async () => {
  const { front, files, later, breaks, warnings } = start();
  let isCurrent = true;
  front.sent(PATH, body("one"), PLAIN, () => isCurrent);
  await settled();
  isCurrent = false;
  breaks(true);
  await later();
  await later();
  assert.equal(Object.keys(files()).length, 1);
  assert.deepEqual(warnings, [{ why: "no room" }]);
  // Also when it would be current again.
  isCurrent = true;
  breaks(false);
  await later();
  assert.deepEqual(files(), {});
});

test("what could not be made whole is taken away, and made when it is sent again", async () => {
  const { front, files, later, breaks } = start();
  const one = body("one");
  breaks(true);
  front.sent(PATH, one, PLAIN, () => true);
  await settled();
  breaks(false);
  await later();
  assert.deepEqual(files(), {});
  front.sent(PATH, one, PLAIN, () => true);
  await settled();
  assert.deepEqual(files(), plainOf(PATH, one));
});

test("there are no more forms and bytes than the limits, and stop() takes all away", async () => {
  for (const limits of [
    { formsMax: 2, bytesMax: 100 },
    { formsMax: 100, bytesMax: 2 },
  ]) {
    const { front, files } = start(limits);
    for (const name of ["a", "b", "c"])
      front.sent(`/v1/channels/${name}/schedule`, body(name), PLAIN, () => true);
    await settled();
    assert.equal(Object.keys(files()).length, 2);
    await front.sweep();
    front.sent(PATH, body("d"), PLAIN, () => true);
    await front.stop();
    assert.deepEqual(files(), {});
  }
});
