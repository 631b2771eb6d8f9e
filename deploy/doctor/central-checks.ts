/** Checks of central: its files, its keys, and what it says itself when it runs. Changes nothing. */
import { createPublicKey } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Software } from "../../shared/runtime/software.ts";
import { checkDatabase, checkDisk, checkModes } from "./files.ts";
import { bad, type Finding, good, unknown, warning } from "./finding.ts";
import { checkOwner } from "./owner.ts";
import { ask } from "./reach.ts";

const KEYS = ["publication", "box", "air"] as const;
const RESTORE = "Stop central and restore this file from a backup; without one, see docs/install.md";

async function checkKeys(folder: string): Promise<Finding[]> {
  return await Promise.all(
    KEYS.map(async (name) => {
      const check = `keys/${name}.pem`;
      try {
        const key = createPublicKey(await readFile(join(folder, check), "utf8"));
        if (key.asymmetricKeyType === "ed25519") return good(check, "an Ed25519 key");
      } catch {
        // Told below.
      }
      return bad(check, "missing, or no Ed25519 key", RESTORE);
    }),
  );
}

interface Backups {
  everyHours: number;
  backups: { name: string; madeAtMs: number }[];
  trouble?: string;
}

/** Twice the time between two, since one may be running. */
const BACKUP_LATE = 2;

function checkBackups(backup: Backups | undefined, nowMs: number): Finding {
  if (!backup) {
    const action =
      "Start central with --backup-dir, best on another disk; or run cuecast backup from a timer";
    return warning("backup", "central makes none by itself", action);
  }
  const [last] = backup.backups;
  if (backup.trouble !== undefined)
    return bad("backup", `the last one failed: ${backup.trouble}`, "Make room or mend the disk it goes to");
  if (!last) return unknown("backup", "the first is still to come");
  const ageHours = Math.floor((nowMs - last.madeAtMs) / 3_600_000);
  const what = `${last.name}, ${ageHours} h old`;
  if (ageHours <= backup.everyHours * BACKUP_LATE) return good("backup", what);
  return bad("backup", what, "See central's log; the directory of --backup-dir may be gone");
}

async function checkRunning(url: string, token: string, stopped: boolean): Promise<Finding[]> {
  const ready = await ask(`${url}/readyz`);
  if (typeof ready === "string") {
    if (stopped) return [good("running", "stopped, as was said")];
    const action =
      "Start central, and read its log (journalctl -u cuecast-central). If it runs, name its address with --central; if it is meant to be stopped, say --stopped";
    return [bad("running", `nothing answers at ${url}: ${ready}`, action)];
  }
  if (ready.status !== 200) return [bad("running", `${url} answers ${ready.status}`, "See central's log")];
  const found = [good("running", `${url} is ready`)];
  const headers = { authorization: `Bearer ${token}` };
  const [status, edges] = await Promise.all([
    ask(`${url}/api/v1/status`, { headers }),
    ask(`${url}/api/v1/edges`, { headers }),
  ]);
  try {
    if (typeof status === "string" || typeof edges === "string" || status.status !== 200)
      throw new Error("no answer");
    const { timeMs, air, alarms, backup } = JSON.parse(status.text) as {
      timeMs: number;
      backup?: Backups;
      air: { reachable: boolean; matches: boolean };
      alarms: { kind: string; detail: string }[];
    };
    if (!air.reachable)
      found.push(bad("air", "the libSQL server does not answer", "See sqld.log in the data directory"));
    else if (!air.matches) {
      const action = "If it was restored, publish with --new-epoch; else find out who changed it";
      found.push(bad("air", "it does not hold what was published last", action));
    } else found.push(good("air", "it holds what was published last"));
    found.push(checkBackups(backup, timeMs));
    for (const { kind, detail } of alarms) found.push(warning(kind, detail, "See docs/central.md"));
    const listed = (
      JSON.parse(edges.text) as { edges: { id: string; stale: boolean; revokedAtMs?: number }[] }
    ).edges;
    const stale = listed.filter((edge) => edge.stale && edge.revokedAtMs === undefined).map(({ id }) => id);
    found.push(
      stale.length === 0
        ? good("edges", `${listed.length} known, none silent`)
        : warning("edges", `not heard of for a minute: ${stale.join(", ")}`, "See the /status of each"),
    );
  } catch {
    found.push(
      warning("status", "central does not tell how it is", "Check the file token in the data directory"),
    );
  }
  return found;
}

export async function checkCentral(
  folder: string,
  more: { centralUrl: string; software: Software; stopped: boolean },
): Promise<Finding[]> {
  const secrets = ["password", "token", ...KEYS.map((name) => `keys/${name}.pem`)];
  const token = (await readFile(join(folder, "token"), "utf8").catch(() => "")).trim();
  const databases = await Promise.all([
    checkDatabase(folder, "authoring.db", RESTORE),
    checkDatabase(folder, "results.db", RESTORE),
  ]);
  return [
    await checkModes(folder, secrets),
    await checkOwner(folder),
    await checkDisk(folder),
    good("version", more.software.version),
    good("time zones", `data of release ${more.software.timeZoneData ?? "unknown"}`),
    ...(await checkKeys(folder)),
    ...databases.filter((finding) => finding !== undefined),
    ...(await checkRunning(more.centralUrl.replace(/\/+$/, ""), token, more.stopped)),
  ];
}
