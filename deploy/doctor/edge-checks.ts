/** Checks of an edge: its files, whom it reaches, and what it says itself when it runs. Changes nothing. */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { loadIdentity } from "../../edge/headend/platform/identity-file.ts";
import { WORDS } from "../../edge/headend/status/words.ts";
import { errorMessage } from "../../shared/errors.ts";
import { checkAnswerLog } from "./answer-log.ts";
import { checkCopies, countCopies } from "./copies.ts";
import { checkRunning, type RunningChecks } from "./edge-running.ts";
import { checkDatabase, checkDisk, checkModes, checkPast, checkShapes } from "./files.ts";
import { bad, type Finding, good, warning } from "./finding.ts";
import { checkOutboxRow, hasAnswers, PUT_BACK } from "./outbox-state.ts";
import { checkOwner, rightsAction } from "./owner.ts";
import { ask, checkClock, checkVersions, unreached } from "./reach.ts";

const ENROL =
  "Make a code at central (cuecast enrol) and start this edge with --enrol and that code, and with --central where its address is not known here";

type Identity = NonNullable<Awaited<ReturnType<typeof loadIdentity>>>["identity"];

async function checkLines(identity: Identity, own: string, nowMs: number): Promise<Finding[]> {
  const found: Finding[] = [];
  const central = identity.central.replace(/\/+$/, "");
  const [health, openApi] = await Promise.all([ask(`${central}/healthz`), ask(`${central}/openapi.json`)]);
  if (typeof health === "string") found.push(unreached("central", central, health));
  else {
    found.push(good("central", `${central} answers`), checkClock(health));
    found.push(checkVersions(own, openApi));
    const renew = await ask(`${central}/uplink/v1/renew`, {
      method: "POST",
      headers: { authorization: `Bearer ${identity.uplinkToken}`, "content-type": "application/json" },
      body: "{}",
    });
    if (typeof renew !== "string" && [401, 403].includes(renew.status)) {
      found.push(bad("enrolment", "central does not let this edge in", WORDS.en.central.token.action));
    } else found.push(good("enrolment", `${identity.edge}, region ${identity.region}`));
  }
  const air = new URL(identity.air.url).origin;
  const reached = await ask(`${air}/v2/pipeline`, {
    method: "POST",
    headers: { authorization: `Bearer ${identity.air.token}`, "content-type": "application/json" },
    body: '{"baton":null,"requests":[{"type":"close"}]}',
  });
  if (typeof reached === "string") found.push(unreached("air", air, reached));
  else if (reached.status === 200) found.push(good("air", `${air} answers and takes the token`));
  else if ([401, 403].includes(reached.status) && identity.air.expiresAtMs <= nowMs) {
    found.push(good("air", `${air} answers; the token has ended and is renewed by a running edge`));
  } else if ([401, 403].includes(reached.status)) {
    found.push(bad("air", `${air} refuses this edge's token`, WORDS.en.air.token.action));
  } else
    found.push(
      bad("air", `${air} answers with status ${reached.status}`, WORDS.en.air["other-server"].action),
    );
  return found;
}

export interface EdgeChecks extends RunningChecks {
  nowMs: number;
  /** Of the edge's own `--ca`, where it could not be trusted: its path. */
  caMissing: string | undefined;
}

export async function checkEdge(folder: string, more: EdgeChecks): Promise<Finding[]> {
  const found = [
    await checkModes(folder, ["identity.json", "identity.kept.json"]),
    await checkOwner(folder),
    await checkDisk(folder),
    await checkPast(folder, more.nowMs),
    // Those of answers and of the outbox are told with what is in them.
    ...(await checkShapes(folder, {
      folders: ["publications", "replica", "candidate"],
      files: ["identity.json", "identity.kept.json", "clock", "started.json"],
    })),
  ];
  found.push(good("time zones", `data of release ${more.software.timeZoneData ?? "unknown"}`));
  if (more.caMissing !== undefined) {
    const action = "Put the file back, or start the edge with another --ca (CUECAST_CA)";
    found.push(bad("authorities", `${more.caMissing}, this edge's --ca, cannot be used`, action));
  }
  const outbox = await checkDatabase(
    folder,
    "outbox.db",
    "Nothing, if the edge runs: it sets the file aside and begins a new one; stopped, it does so when it starts. Check the disk",
  );
  const { row, found: wrong } = await checkOutboxRow(folder);
  // Damaged it is told so; what it holds is then told by nothing.
  if (outbox && (outbox.state === "bad" || wrong.length === 0)) found.push(outbox);
  else if (wrong.length > 0) found.push(...wrong);
  else if (await hasAnswers(folder)) found.push(bad("outbox.db", "it is missing beside answers", PUT_BACK));
  found.push(...(await checkAnswerLog(folder, row)));
  let identity: Identity | undefined;
  try {
    const loaded = await loadIdentity(join(folder, "identity.json"), { repair: false });
    identity = loaded?.identity;
    if (!loaded) found.push(bad("identity", "identity.json is missing, and so is its copy", ENROL));
    else if (loaded.damage !== undefined)
      found.push(warning("identity", loaded.damage, "The other copy takes its place; check the disk"));
  } catch (error) {
    const { code } = error as { code?: string };
    const action = code === "identity-unreadable" ? rightsAction(folder, (await stat(folder)).uid) : ENROL;
    found.push(bad("identity", errorMessage(error), action));
  }
  if (identity) {
    found.push(...(await checkCopies(folder, identity.publicationKey)));
    found.push(...(await checkLines(identity, more.software.version, more.nowMs)));
  } else found.push(await countCopies(folder));
  // The edge takes central's word too: what this one noted was never the past.
  const agrees = found.some(({ check, state }) => check === "clock" && state === "good");
  const told = found.map((each) =>
    each.check === "own clock" && each.state === "bad" && agrees
      ? warning("own clock", `${each.what}, but central's clock agrees`, "Nothing, where it stays so")
      : each,
  );
  return [...told, ...(await checkRunning(more, identity?.edge))];
}
