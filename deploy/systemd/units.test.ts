/** The units: systemd reads them without complaint, they are shut in, and every setting in them exists. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { central } from "../cli/commands/central.ts";
import { edge } from "../cli/commands/edge.ts";
import { environmentName } from "../cli/settings.ts";
import { PROJECT_DIR } from "../local/binaries.mjs";

const EXPOSURE_MOST = 2.0;
const analyze = (...args: string[]) => spawnSync("systemd-analyze", args, { encoding: "utf8" });
const skip = analyze("--version").error
  ? "left out: systemd-analyze is not installed (Debian package systemd)"
  : false;
const units = (await readdir(import.meta.dirname)).filter((name) => name.endsWith(".service"));

/** The unit as text, with a program that this machine has. */
const readUnit = (name: string) => readFile(join(import.meta.dirname, name), "utf8");

for (const name of units) {
  test(`${name} is what systemd takes, with an exposure of ${EXPOSURE_MOST} or less`, { skip }, async () => {
    const folder = await mkdtemp(join(tmpdir(), "cuecast-units-"));
    try {
      const path = join(folder, name);
      await writeFile(path, (await readUnit(name)).replace(/^(ExecStart(?:Post)?=)\S+/gm, "$1/bin/true"));
      const verified = analyze("verify", path);
      assert.equal(verified.status, 0, verified.stderr);
      // Of our unit: the machine's own ones are its affair.
      assert.doesNotMatch(verified.stderr, new RegExp(name));
      const { stdout } = analyze("security", "--offline=true", "--no-pager", path);
      const exposure = Number(/Overall exposure level[^:]*: ([\d.]+)/.exec(stdout)?.[1]);
      assert.ok(exposure <= EXPOSURE_MOST, `${exposure}: ${stdout.slice(0, 2000)}`);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  test(`${name} starts what this project has, with settings that exist`, async () => {
    const text = await readUnit(name);
    const [, line = ""] = /^ExecStart=(.*)$/m.exec(text) ?? [];
    for (const path of line.match(/\/opt\/cuecast\/\S+/g) ?? []) {
      assert.ok(existsSync(join(PROJECT_DIR, path.slice("/opt/cuecast/".length))), path);
    }
    const known = [central, edge].flatMap(({ settings }) => Object.keys(settings)).map(environmentName);
    for (const setting of text.match(/CUECAST_[A-Z]+(?:_[A-Z]+)*(?==)/g) ?? []) {
      assert.ok(setting === "CUECAST_NAME" || known.includes(setting), setting);
    }
  });
}

test("there is a unit for central, for the edge, for air and for a replica of it", () => {
  assert.deepEqual(
    units.sort(),
    ["air-replica", "air", "central", "edge"].map((name) => `cuecast-${name}.service`).sort(),
  );
});
