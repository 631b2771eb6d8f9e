/**
 * Every file of the real guides through `npm start -- --guide FILE`. They may not be copied into this repository,
 * and lie in `shared/guides` beside it; where they do not, the tests are left out and say so.
 */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { createNewcomer } from "./npm-start.ts";
import { assertWithin } from "./within.ts";

const FOLDER = fileURLToPath(new URL("../../../shared/guides/", import.meta.url));
const skip = existsSync(FOLDER) ? false : `left out: the real guides are not at ${FOLDER}`;
const START_AGAIN_WITHIN_MS = 5_000;
/** Each start takes many seconds of processor time: `npm test` starts with two of them, `npm run rehearse` with all. */
const ALL = process.env.CUECAST_REHEARSE_GUIDES === "all";
const SHORT = ["uk.xml"];

/** Guides that start and serve: channels and programmes as the start counts them; every defect it tells of. */
const SERVED: { file: string; counts: string; defects: string[]; again?: boolean }[] = [
  { file: "fr.xml", counts: "273 channels, 9204 programmes", defects: ["ended-long-ago"] },
  {
    file: "uk.xml",
    counts: "5 channels, 1915 programmes",
    defects: ["encoding", "replacement-characters", "bad-icon", "zero-length", "ended-long-ago"],
    again: true,
  },
  {
    file: "us-missing-stop.xml",
    counts: "2 channels, 61 programmes",
    defects: ["missing-stop-guessed", "ended-long-ago"],
  },
  { file: "cctv.channels.xml", counts: "94 channels, 0 programmes", defects: [] },
  { file: "dvbi-service-list.xml", counts: "13 channels, 0 programmes", defects: ["bad-icon"] },
];
/** What alone gives nothing to serve: a schedule without its service list, and what is no guide. */
const REFUSED: { file: string; words: RegExp }[] = [
  {
    file: "dvbi-tva-schedule.xml",
    words: /18 × unknown-channel: .*\n.*\n?Cannot go on: the guide has no channel/s,
  },
  { file: "README.md", words: /no element of a guide/ },
];

test("every file of the real guides has its place here", { skip }, async () => {
  const known = [...SERVED, ...REFUSED].map(({ file }) => file).sort();
  assert.deepEqual((await readdir(FOLDER)).sort(), known.sort());
});

for (const { file, counts, defects, again } of SERVED.filter((guide) => ALL || SHORT.includes(guide.file))) {
  test(`npm start -- --guide ${file} serves it, ends with Ctrl-C${again ? ", and starts again from it in under 5 s" : ""}`, {
    skip,
  }, async (t) => {
    const newcomer = await createNewcomer();
    try {
      const flags = ["--guide", join(FOLDER, file)];
      const started = newcomer.start(flags);
      await started.runs();
      const text = started.lines.join("\n");
      assert.ok(text.includes(counts), text);
      for (const defect of defects) assert.match(text, new RegExp(`\\d+ × ${defect}: \\w`));
      const television = new URL(await started.said(/Television +(\S+)/));
      const channel = television.searchParams.get("channel") ?? "";
      assert.equal((await fetch(television)).status, 200);
      const lineUp = (await (await fetch(new URL("/v1/channels", television))).json()) as {
        channels: { id: string }[];
      };
      assert.equal(lineUp.channels.length, Number.parseInt(counts, 10));
      const schedule = (await (
        await fetch(new URL(`/v1/channels/${encodeURIComponent(channel)}/schedule`, television))
      ).json()) as { cues: { id: string }[] };
      assert.ok(schedule.cues.some(({ id }) => id === "opening:once"));
      await started.interrupt();
      assert.deepEqual(started.leftovers(), []);
      if (again) {
        const second = newcomer.start(flags);
        const tookMs = await second.runs();
        assertWithin(t, "started again", tookMs, START_AGAIN_WITHIN_MS);
        await second.interrupt();
        assert.deepEqual(second.leftovers(), []);
      }
    } finally {
      await newcomer.stop();
    }
  });
}

for (const { file, words } of REFUSED) {
  test(`npm start -- --guide ${file} refuses it in words, and nothing goes on running`, {
    skip,
  }, async () => {
    const newcomer = await createNewcomer();
    try {
      const started = newcomer.start(["--guide", join(FOLDER, file)]);
      assert.notEqual(await started.ends(), 0);
      const text = started.lines.join("\n");
      assert.match(text, words);
      assert.doesNotMatch(text, /Cuecast runs|\.ts:\d+|node_modules/);
      assert.deepEqual(started.leftovers(), []);
    } finally {
      await newcomer.stop();
    }
  });
}
