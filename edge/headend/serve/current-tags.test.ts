import assert from "node:assert/strict";
import { test } from "node:test";
import { type Log, silentLog } from "../../../shared/log.ts";
import { createSimulatedTime } from "../../../shared/testing/simulated-time.ts";
import { createCachedBody } from "./cached-body.ts";
import { createCurrentTags, SWEEP_EVERY_MS, type TagFolder } from "./current-tags.ts";

const PATH = "/v1/channels/one/schedule";
const body = (text: string) => createCachedBody(text, { contentType: "text/plain", cacheControl: "x" });
/** Everything that waits for nothing but promises has run. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

function start({ pathsMax = 10 } = {}) {
  const time = createSimulatedTime(1_000_000);
  const files = new Set<string>();
  const warnings: unknown[] = [];
  let broken = false;
  const unless = () => {
    if (broken) throw new Error("no room");
  };
  const folder: TagFolder = {
    async add(path, names) {
      for (const name of names) files.add(`${path}/${name}`);
      unless();
    },
    async remove(path, names) {
      unless();
      for (const name of names) files.delete(`${path}/${name}`);
    },
  };
  const log: Log = { ...silentLog, warn: (_, more) => warnings.push(more) };
  const tags = createCurrentTags({ folder, clock: time.clock, timers: time.timers, log }, pathsMax);
  const later = async () => {
    time.advance(SWEEP_EVERY_MS);
    await settled();
  };
  return {
    ...{ tags, time, warnings, later },
    files: () => [...files].sort(),
    breaks: (is: boolean) => {
      broken = is;
    },
  };
}

const filesOf = (path: string, { etag, etagGzip }: ReturnType<typeof body>) =>
  [`${path}/GET--${etag}`, `${path}/GET-gzip-${etagGzip}`].sort();

test("sent() leaves a file for each form, and the next look takes both away once the body is not current", async () => {
  const { tags, files, later, time } = start();
  const first = body("first");
  const untilMs = time.clock.wallMs() + SWEEP_EVERY_MS + 1;
  tags.sent(PATH, first, (nowMs) => nowMs < untilMs);
  await settled();
  assert.deepEqual(files(), filesOf(PATH, first));
  await later();
  assert.deepEqual(files(), filesOf(PATH, first));
  await later();
  assert.deepEqual(files(), []);
  const second = body("second");
  tags.sent(PATH, second, () => true);
  await settled();
  assert.deepEqual(files(), filesOf(PATH, second));
});

test("sweep() takes away at once what another snapshot made old, and nothing else", async () => {
  const { tags, files } = start();
  const [old, same] = [body("old"), body("same")];
  let isCurrent = true;
  tags.sent(PATH, old, () => isCurrent);
  tags.sent("/v1/channels", same, () => true);
  isCurrent = false;
  await tags.sweep();
  assert.deepEqual(files(), filesOf("/v1/channels", same));
});

test("a body that takes the place of another has its tag only when the other's is gone", async () => {
  const { tags, files } = start();
  const [old, next] = [body("old"), body("next")];
  let isCurrent = true;
  tags.sent(PATH, old, () => isCurrent);
  await settled();
  isCurrent = false;
  tags.sent(PATH, next, () => true);
  await settled();
  assert.deepEqual(files(), filesOf(PATH, old));
  await tags.sweep();
  tags.sent(PATH, next, () => true);
  await settled();
  assert.deepEqual(files(), filesOf(PATH, next));
});

test("a tag that cannot be taken away is tried again until it is gone, and stands in the log once", async () => {
  const { tags, files, later, breaks, warnings } = start();
  let isCurrent = true;
  tags.sent(PATH, body("one"), () => isCurrent);
  await settled();
  isCurrent = false;
  breaks(true);
  await later();
  await later();
  assert.equal(files().length, 2);
  assert.deepEqual(warnings, [{ why: "no room" }]);
  // Also when it would be current again.
  isCurrent = true;
  breaks(false);
  await later();
  assert.deepEqual(files(), []);
});

test("a tag of which one file could not be made is taken away, and made when it is sent again", async () => {
  const { tags, files, later, breaks } = start();
  const one = body("one");
  breaks(true);
  tags.sent(PATH, one, () => true);
  await settled();
  breaks(false);
  await later();
  assert.deepEqual(files(), []);
  tags.sent(PATH, one, () => true);
  await settled();
  assert.deepEqual(files(), filesOf(PATH, one));
});

test("there are no more addresses than the limit, and stop() takes all away", async () => {
  const { tags, files } = start({ pathsMax: 2 });
  for (const name of ["a", "b", "c"]) tags.sent(`/v1/channels/${name}/schedule`, body(name), () => true);
  await settled();
  assert.equal(files().length, 4);
  await tags.stop();
  assert.deepEqual(files(), []);
});
