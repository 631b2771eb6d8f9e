/** What an edge says of itself when it runs, and whether the one that answers is the one of this data directory. */

import { lineFault } from "../../edge/headend/status/line-fault.ts";
import type { StatusReport } from "../../edge/headend/status/report.ts";
import { troubleWords, WORDS } from "../../edge/headend/status/words.ts";
import type { Software } from "../../shared/runtime/software.ts";
import { bad, type Finding, good, warning } from "./finding.ts";
import { ask } from "./reach.ts";

export interface RunningChecks {
  adminUrl: string;
  /** Where boxes are answered; undefined when an older release was started last. */
  boxesUrl: string | undefined;
  software: Software;
  /** Whether it is meant not to run. */
  stopped: boolean;
}

/** The troubles that follow say what to do. */
const SAYS = { good: "good", warning: "good", alarm: "bad" } as const;

/** As a box would: a process may run, and say that all is well, and be deaf there. */
async function checkBoxes(url: string): Promise<Finding> {
  const reply = await ask(`${url.replace(/\/+$/, "")}/readyz`);
  if (typeof reply !== "string") {
    const says = reply.status === 200 ? "answered" : `answered with status ${reply.status}`;
    return good("boxes", `${says} at ${url}`);
  }
  // Its certificate names the address that boxes use, which is not this one: whoever shows it answers.
  if (url.startsWith("https:") && lineFault(reply) === "certificate")
    return good("boxes", `answered at ${url}`);
  const action =
    "Restart the edge, and read its log (journalctl -u cuecast-edge) for worker-ended or listening-again";
  return bad("boxes", `none is answered at ${url}: ${reply}`, action);
}

/** @param edge who this directory is; undefined when that is not known */
export async function checkRunning(
  { adminUrl, boxesUrl, software, stopped }: RunningChecks,
  edge: string | undefined,
): Promise<Finding[]> {
  const reply = await ask(`${adminUrl.replace(/\/+$/, "")}/status.json`);
  if (typeof reply === "string") {
    if (stopped) return [good("running", "stopped, as was said")];
    const action =
      "Start the edge, and read its log (journalctl -u cuecast-edge). If it runs, name its admin port with --admin-url; if it is meant to be stopped, say --stopped";
    return [bad("running", `nothing answers at ${adminUrl}: ${reply}`, action)];
  }
  let report: StatusReport;
  try {
    report = JSON.parse(reply.text) as StatusReport;
    const [who, own] = [report.identity?.edge, edge];
    if (own !== undefined && who !== own) {
      const what = `what answers at ${adminUrl} is the edge ${who ?? "of nobody"}, and this directory is that of ${own}`;
      const action =
        "Name this edge's own admin port with --admin-url. If that is the one, it was not restarted after it was enrolled, or runs on another --data";
      return [bad("running", what, action)];
    }
    const says = `says of itself: ${WORDS.en.states[report.state]}`;
    const found: Finding[] = [{ check: "running", state: SAYS[report.state], what: says }];
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
    if (boxesUrl !== undefined && report.snapshot) found.push(await checkBoxes(boxesUrl));
    if (stopped) found.push(warning("stopped", "it runs, though --stopped says that it does not", "Stop it"));
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
