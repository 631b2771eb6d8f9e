/** `cuecast status`: what is on air, and which edges serve it. */
import { apiSettings, createApi } from "../api.ts";
import type { Command } from "../command.ts";
import { EXIT } from "../command.ts";
import { instantText, printJson, printLine, printTable } from "../print.ts";
import { readFlags } from "../settings.ts";

interface Place {
  epoch: number;
  revision: number;
  hash: string;
}
interface Status {
  position?: Place;
  air: { reachable: boolean; matches: boolean };
  alarms: { kind: string; detail: string; count: number }[];
  backup?: { backups: { name: string; madeAtMs: number }[]; nextMs: number; trouble?: string };
  guide: {
    waiting: { id: string; source?: string; why: string }[];
    notOnAir?: string;
    sources: { id: string; doneMs?: number; nextMs: number; result?: string; trouble?: string }[];
  };
}
interface Edge {
  id: string;
  region: string;
  revokedAtMs?: number;
  lastSeenMs?: number;
  stale: boolean;
  report?: { serves?: Place; trouble?: string; outbox: { waiting: number } };
}

/** What is wrong at central itself, in words; empty when nothing is. */
function centralTroubles({ air, alarms, guide, backup }: Status): string[] {
  const troubles = alarms.map((alarm) => `${alarm.kind} (${alarm.count} times): ${alarm.detail}`);
  if (!air.reachable) troubles.push("the libSQL server of air does not answer");
  else if (!air.matches) {
    troubles.push("air does not hold what was published last: if it was restored, publish with --new-epoch");
  }
  if (backup?.trouble) troubles.push(`the last backup failed: ${backup.trouble}`);
  for (const { id, source, why } of guide.waiting) {
    const from = source === undefined ? "" : ` of ${source}`;
    troubles.push(`import ${id}${from} waits for a person: ${why}`);
  }
  if (guide.notOnAir) troubles.push(`the guide is not on air yet: ${guide.notOnAir}`);
  for (const { id, trouble } of guide.sources) {
    if (trouble) troubles.push(`guide source ${id}: ${trouble}`);
  }
  return troubles;
}

const serves = (edge: Edge, position: Place | undefined) =>
  position !== undefined && edge.report?.serves?.hash === position.hash;

export const status: Command = {
  summary: "Show what is on air and which edges serve it; exit code 1 when something is wrong",
  settings: apiSettings,
  async run({ args, environment }) {
    const values = readFlags(apiSettings, args, environment);
    const api = createApi(values);
    const central = (await api.get("/api/v1/status")) as Status;
    const listed = (await api.get("/api/v1/edges")) as { edges: Edge[] };
    const edges = listed.edges.filter((edge) => edge.revokedAtMs === undefined);
    const troubles = centralTroubles(central);
    const { position } = central;
    const landed = edges.filter((edge) => serves(edge, position)).length;
    const healthy =
      troubles.length === 0 &&
      landed === edges.length &&
      !edges.some((edge) => edge.stale || edge.report?.trouble);
    if (values.json) {
      printJson({ healthy, central, edges });
      return healthy ? EXIT.ok : EXIT.failed;
    }
    printLine(
      position
        ? `On air: epoch ${position.epoch}, revision ${position.revision}`
        : "Nothing was published yet",
    );
    for (const trouble of troubles) printLine(`Trouble: ${trouble}`);
    for (const { id, doneMs, nextMs, result = "not asked yet" } of central.guide.sources) {
      const done = doneMs === undefined ? "never" : instantText(doneMs);
      printLine(`Guide source ${id}: ${result}; last ${done}, next ${instantText(nextMs)}`);
    }
    if (central.backup) {
      const [last] = central.backup.backups;
      const done = last ? `${last.name}, ${instantText(last.madeAtMs)}` : "none yet";
      printLine(`Last backup: ${done}; next ${instantText(central.backup.nextMs)}`);
    }
    printLine(`Landed on ${landed} of ${edges.length} edges`);
    if (edges.length > 0) {
      printLine();
      printTable(
        ["edge", "region", "serves", "seen", "outbox", "trouble"],
        edges.map((edge) => [
          edge.id,
          edge.region,
          edge.report?.serves ? `${edge.report.serves.epoch}/${edge.report.serves.revision}` : "nothing",
          edge.lastSeenMs === undefined ? "never" : instantText(edge.lastSeenMs),
          String(edge.report?.outbox.waiting ?? ""),
          [edge.stale ? "not heard of for a minute" : "", edge.report?.trouble ?? ""]
            .filter(Boolean)
            .join("; "),
        ]),
      );
    }
    return healthy ? EXIT.ok : EXIT.failed;
  },
};
