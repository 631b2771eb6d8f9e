/** `cuecast status`: what is on air, and which edges serve it. */
import { apiSettings, createApi } from "../api.ts";
import type { Command } from "../command.ts";
import { EXIT } from "../command.ts";
import { instantText, printJson, printLine, printTable } from "../print.ts";
import { readSettings } from "../settings.ts";

interface Status {
  air?: { epoch: number; revision: number };
  trouble?: string;
  edges: {
    id: string;
    region: string;
    epoch?: number;
    revision?: number;
    lastSeenMs?: number;
    trouble?: string;
    waiting?: number;
  }[];
}

export const status: Command = {
  summary: "Show what is on air and which edges serve it; exit code 1 when something is wrong",
  settings: apiSettings,
  async run({ args, environment }) {
    const { values } = readSettings(apiSettings, args, environment);
    const reply = (await createApi(values).get("/api/v1/status")) as Status;
    const { air, edges } = reply;
    const landed = edges.filter((edge) => edge.epoch === air?.epoch && edge.revision === air?.revision);
    const healthy =
      reply.trouble === undefined && landed.length === edges.length && edges.every((edge) => !edge.trouble);
    if (values.json) {
      printJson(reply);
    } else {
      printLine(air ? `On air: epoch ${air.epoch}, revision ${air.revision}` : "Nothing was published yet");
      if (reply.trouble) printLine(`Trouble: ${reply.trouble}`);
      printLine(`Landed on ${landed.length} of ${edges.length} edges`);
      if (edges.length > 0) {
        printLine();
        printTable(
          ["edge", "region", "serves", "seen", "outbox", "trouble"],
          edges.map((edge) => [
            edge.id,
            edge.region,
            edge.epoch === undefined ? "nothing" : `${edge.epoch}/${edge.revision}`,
            edge.lastSeenMs === undefined ? "never" : instantText(edge.lastSeenMs),
            String(edge.waiting ?? ""),
            edge.trouble ?? "",
          ]),
        );
      }
    }
    return healthy ? EXIT.ok : EXIT.failed;
  },
};
