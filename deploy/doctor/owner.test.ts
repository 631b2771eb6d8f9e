import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { checkOwner, mayUse } from "./owner.ts";

const user = { uid: 998, gid: 997 };
const cases: [
  what: string,
  entry: [uid: number, gid: number, mode: number],
  folder: boolean,
  may: boolean,
][] = [
  ["its own file, 600", [998, 997, 0o600], false, true],
  ["its own file, read only", [998, 997, 0o400], false, false],
  ["root's file, 600", [0, 0, 0o600], false, false],
  ["root's file, open to all", [0, 0, 0o666], false, true],
  ["root's file, to be read by all", [0, 0, 0o644], false, false],
  ["root's file, open to its group", [0, 997, 0o660], false, true],
  ["its own file, shut to it and open to others", [998, 0, 0o066], false, false],
  ["its own folder, 700", [998, 997, 0o700], true, true],
  ["its own folder that it cannot enter", [998, 997, 0o600], true, false],
];
for (const [what, [uid, gid, mode], isFolder, may] of cases) {
  test(`mayUse() says ${may ? "yes" : "no"} to ${what}`, () => {
    assert.equal(mayUse(user, { uid, gid, mode }, isFolder), may);
    assert.equal(mayUse({ uid: 0, gid: 0 }, { uid, gid, mode }, isFolder), true);
  });
}

test("checkOwner() finds nothing in a folder that is its owner's", async () => {
  const folder = await mkdtemp(join(tmpdir(), "cuecast-owner-"));
  try {
    await mkdir(join(folder, "answers"), { mode: 0o700 });
    await writeFile(join(folder, "answers", "00000001.log"), "");
    assert.equal((await checkOwner(folder)).state, "good");
    // Root may use it whatever its mode is: no other user is at hand for sure.
    if (process.getuid?.() === 0) return;
    await chmod(join(folder, "answers", "00000001.log"), 0o400);
    const { state, what } = await checkOwner(folder);
    assert.equal(state, "bad");
    assert.match(what, /answers\/00000001\.log/);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
