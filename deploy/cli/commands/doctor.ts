/** `cuecast doctor`: checks the node whose data directory it is given, and says what is wrong and what to do. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { CuecastError } from "../../../shared/errors.ts";
import { summary } from "../../doctor/finding.ts";
import { type Command, EXIT } from "../command.ts";
import { printJson, printLine, printTable } from "../print.ts";
import { readFlags, type SettingTable } from "../settings.ts";

const settings = {
  data: {
    kind: "text",
    unit: "dir",
    about: "the node's data directory: an edge's, or central's",
    required: true,
  },
  "admin-url": {
    kind: "url",
    about:
      "for an edge: where its /status is; unless told as it was started last, else http://127.0.0.1:8091",
  },
  central: { kind: "url", about: "for central: its address", default: "http://127.0.0.1:8080" },
  ca: {
    kind: "text",
    unit: "file",
    about: "authorities (PEM) to trust besides the usual; an edge's own --ca unless told",
  },
  stopped: { kind: "flag", about: "it is meant not to run: that nothing answers is right" },
  "set-aside": {
    kind: "text",
    unit: "list|send|drop",
    about:
      "of an edge, running or not: the answers that central refused and that are kept apart: list them, send them again, or drop them",
  },
  number: { kind: "number", about: "with --set-aside: that answer alone", least: 1 },
  yes: { kind: "flag", about: "with --set-aside drop: really" },
  json: { kind: "flag", about: "print JSON" },
} as const satisfies SettingTable;

const ADMIN_URL = "http://127.0.0.1:8091";

const usage = (message: string) => new CuecastError(message, { code: "usage", status: 400 });

/** By the file that each makes first. */
function kindOf(folder: string): "edge" | "central" {
  const has = (...names: string[]) => names.some((name) => existsSync(join(folder, name)));
  if (has("identity.json", "identity.kept.json", "publications", "outbox.db")) return "edge";
  if (has("authoring.db", "keys")) return "central";
  throw usage(`Cannot check ${folder}: it is no data directory of an edge or of central, or may not be read`);
}

export const doctor: Command = {
  summary: "Check an edge or central by its data directory; exit code 1 when something is wrong",
  settings,
  async run({ args, environment }) {
    const values = readFlags(settings, args, environment);
    const kind = kindOf(values.data);
    const act = values["set-aside"];
    if (act !== undefined) {
      if (kind !== "edge") throw usage(`Cannot look for answers in ${values.data}: it is no edge's`);
      const { runSetAside } = await import("./doctor-set-aside.ts");
      const { number, yes, json } = values;
      return await runSetAside(values.data, { act, number, yes, json });
    }
    if (values.number !== undefined || values.yes)
      throw usage("Cannot take --number or --yes: they go with --set-aside");
    // Only now: its native library wants permissions that help does not have.
    const { readSoftware } = await import("../../../shared/runtime/software.ts");
    const software = await readSoftware();
    const { stopped } = values;
    const started =
      kind === "edge"
        ? await (await import("../../../edge/headend/platform/started-file.ts")).loadStarted(values.data)
        : undefined;
    const findings =
      kind === "edge"
        ? await (await import("../../doctor/edge-checks.ts")).checkEdge(values.data, {
            adminUrl: values["admin-url"] ?? started?.adminUrl ?? ADMIN_URL,
            ...{ boxesUrl: started?.url, software, nowMs: Date.now(), stopped },
            // The launcher trusts it where it can: the runtimes read it before any program runs.
            caMissing: environment.CUECAST_CA === undefined ? started?.caFile : undefined,
          })
        : await (await import("../../doctor/central-checks.ts")).checkCentral(values.data, {
            ...{ centralUrl: values.central, software, stopped },
          });
    const healthy = !findings.some(({ state }) => state === "bad");
    if (values.json) printJson({ healthy, kind, software, findings });
    else {
      printTable(
        ["check", "state", "what"],
        findings.map(({ check, state, what }) => [check, state, what]),
      );
      const open = findings.filter(({ action, state }) => action !== undefined && state !== "good");
      if (open.length > 0) printLine();
      for (const { check, action = "" } of open) printLine(`${check}: ${action}`);
      printLine();
      printLine(summary(findings));
    }
    return healthy ? EXIT.ok : EXIT.failed;
  },
};
