/** Checks of an edge: its files, whom it reaches, and what it says itself when it runs. Changes nothing. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { loadIdentity } from "../../edge/headend/platform/identity-file.ts";
import { createPublicationFiles } from "../../edge/headend/platform/publication-files.ts";
import type { StatusReport } from "../../edge/headend/status/report.ts";
import { troubleWords, WORDS } from "../../edge/headend/status/words.ts";
import { createPublications } from "../../edge/headend/sync/publications.ts";
import { errorMessage } from "../../shared/errors.ts";
import { silentLog } from "../../shared/log.ts";
import type { Software } from "../../shared/runtime/software.ts";
import { checkDatabase, checkDisk, checkModes, checkPast } from "./files.ts";
import { bad, type Finding, good, unknown, warning } from "./finding.ts";
import { ask, checkClock, checkVersions, unreached } from "./reach.ts";

type Identity = NonNullable<Awaited<ReturnType<typeof loadIdentity>>>["identity"];

async function checkCopies(folder: string, publicationKey: string): Promise<Finding[]> {
  const files = createPublicationFiles(join(folder, "publications"));
  const names = (await readdir(join(folder, "publications")).catch(() => [])).filter((name) =>
    name.endsWith(".db"),
  );
  const publications = createPublications({ files, log: silentLog }, { publicationKey });
  const found: Finding[] = [];
  for (const name of names.sort()) {
    const check = `publications/${name}`;
    try {
      const { position } = await publications.openDatabase(files.path(name));
      found.push(good(check, `whole and signed, epoch ${position.epoch}, revision ${position.revision}`));
    } catch (error) {
      found.push(
        warning(
          check,
          errorMessage(error),
          "Another copy takes its place; if it comes again, check the disk",
        ),
      );
    }
  }
  if (names.length === 0) {
    found.push(
      warning("publications", "none on the disk yet", "Publish at central, and check the line to it"),
    );
  }
  return found;
}

async function checkLines(identity: Identity, own: string, nowMs: number): Promise<Finding[]> {
  const found: Finding[] = [];
  const central = identity.central.replace(/\/+$/, "");
  const [health, openApi] = await Promise.all([ask(`${central}/healthz`), ask(`${central}/openapi.json`)]);
  if (typeof health === "string") found.push(unreached("central", central, health));
  else {
    found.push(good("central", `${central} answers`), checkClock(health, nowMs));
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

async function checkRunning(adminUrl: string, software: Software): Promise<Finding[]> {
  const reply = await ask(`${adminUrl.replace(/\/+$/, "")}/status.json`);
  if (typeof reply === "string") {
    return [
      unknown(
        "running",
        `nothing answers at ${adminUrl}`,
        "If the edge runs, name its admin port with --admin-url",
      ),
    ];
  }
  let report: StatusReport;
  try {
    report = JSON.parse(reply.text) as StatusReport;
    const found = [good("running", `says of itself: ${WORDS.en.states[report.state]}`)];
    for (const trouble of report.troubles) {
      const words = troubleWords(WORDS.en, trouble);
      const what = `${words.title} (${trouble.what})`;
      found.push({
        check: trouble.code,
        state: trouble.grave ? "bad" : "warning",
        what,
        action: words.action,
      });
    }
    if (report.software !== software.version) {
      found.push(
        warning("restart", `${report.software} runs, ${software.version} is installed`, "Restart the edge"),
      );
    }
    return found;
  } catch {
    return [bad("running", `what answers at ${adminUrl} is no edge`, "Name its admin port with --admin-url")];
  }
}

export async function checkEdge(
  folder: string,
  more: { adminUrl: string; software: Software; nowMs: number },
): Promise<Finding[]> {
  const found = [
    await checkModes(folder, ["identity.json", "identity.kept.json"]),
    await checkDisk(folder),
    await checkPast(folder, more.nowMs),
  ];
  found.push(good("time zones", `data of release ${more.software.timeZoneData ?? "unknown"}`));
  const outbox = await checkDatabase(
    folder,
    "outbox.db",
    "Stop the edge, move outbox.db and its companions aside, keep them, and start it: it begins a new one",
  );
  if (outbox) found.push(outbox);
  const loaded = await loadIdentity(join(folder, "identity.json"), { repair: false }).catch((error) =>
    errorMessage(error),
  );
  if (typeof loaded === "string") {
    found.push(
      bad("identity", loaded, "Make a code at central (cuecast enrol) and start this edge with --enrol"),
    );
  } else if (!loaded) {
    found.push(
      bad(
        "identity",
        "not enrolled",
        "Make a code at central (cuecast enrol) and start this edge with --enrol",
      ),
    );
  } else {
    const { identity, damage } = loaded;
    if (damage !== undefined)
      found.push(warning("identity", damage, "The other copy takes its place; check the disk"));
    found.push(...(await checkCopies(folder, identity.publicationKey)));
    found.push(...(await checkLines(identity, more.software.version, more.nowMs)));
  }
  return [...found, ...(await checkRunning(more.adminUrl, more.software))];
}
