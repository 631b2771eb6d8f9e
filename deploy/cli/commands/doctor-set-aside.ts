/** `cuecast doctor --set-aside`: answers that central refused and an edge keeps apart. Part of `doctor.ts`. */
import { join } from "node:path";
import { CuecastError } from "../../../shared/errors.ts";
import { openSetAside, type SetAsideAnswers, SHOWN_MAX } from "../../doctor/set-aside.ts";
import { EXIT } from "../command.ts";
import { instantText, printJson, printLine, printTable } from "../print.ts";

export const SET_ASIDE_ACTS = ["list", "send", "drop"] as const;
export interface SetAsideAsked {
  act: string;
  number: number | undefined;
  yes: boolean;
  json: boolean;
}

const usage = (message: string) => new CuecastError(message, { code: "usage", status: 400 });
const answersOf = (count: number) => `${count} ${count === 1 ? "answer" : "answers"}`;

async function show(answers: SetAsideAnswers, { number, json }: SetAsideAsked): Promise<number> {
  const found = await answers.list(number);
  if (json) {
    printJson({ setAside: found });
    return EXIT.ok;
  }
  if (found.length === 0) {
    printLine("No answer was set aside");
    return EXIT.ok;
  }
  printTable(
    ["number", "since", "cue", "interaction", "reason"],
    found.map(({ number: each, atMs, reason, answer }) => [
      String(each),
      instantText(atMs),
      answer.cue ?? "",
      `${answer.interaction ?? ""}@${answer.version ?? ""}`,
      reason,
    ]),
  );
  printLine();
  const more = found.length === SHOWN_MAX ? " or more" : "";
  printLine(`${answersOf(found.length)}${more} set aside; --json prints them whole`);
  return EXIT.ok;
}

async function send(answers: SetAsideAnswers, folder: string, { number, json }: SetAsideAsked) {
  const { loadIdentity } = await import("../../../edge/headend/platform/identity-file.ts");
  const { createCentralClient } = await import("../../../edge/headend/platform/central-client.ts");
  const loaded = await loadIdentity(join(folder, "identity.json"), { repair: false });
  if (!loaded) throw usage(`Cannot send for ${folder}: this edge is not enrolled`);
  const { central, uplinkToken } = loaded.identity;
  const { taken, refused } = await answers.send(createCentralClient({ url: central, uplinkToken }), number);
  if (json) printJson({ taken, refused });
  else {
    for (const { number: each, reason } of refused) printLine(`${each}: ${reason}`);
    const left = refused.length === 0 ? "" : `; ${answersOf(refused.length)} refused again, kept`;
    printLine(`Central took ${answersOf(taken)}${left}`);
  }
  return refused.length === 0 ? EXIT.ok : EXIT.failed;
}

async function drop(answers: SetAsideAnswers, { number, yes, json }: SetAsideAsked): Promise<number> {
  const found = await answers.list(number);
  if (!yes && found.length > 0) {
    throw usage(
      `Cannot drop ${answersOf(found.length)} without --yes: nobody counts them then; keep them first with --set-aside list --json`,
    );
  }
  const { dropped, ahead } = await answers.drop(number);
  if (json) printJson({ dropped, ahead });
  else {
    printLine(`Dropped ${answersOf(dropped)}`);
    if (ahead > 0)
      printLine(`${answersOf(ahead)} stay: central has not got past them yet; try again once the line is up`);
  }
  return ahead === 0 ? EXIT.ok : EXIT.failed;
}

/** @throws {CuecastError} `usage`, and as `openSetAside` */
export async function runSetAside(folder: string, asked: SetAsideAsked): Promise<number> {
  const acts = SET_ASIDE_ACTS as readonly string[];
  if (!acts.includes(asked.act))
    throw usage(`Cannot take --set-aside ${asked.act}: it is ${SET_ASIDE_ACTS.join(", ")}`);
  const answers = await openSetAside(folder);
  try {
    if (asked.act === "list") return await show(answers, asked);
    return asked.act === "send" ? await send(answers, folder, asked) : await drop(answers, asked);
  } finally {
    answers.close();
  }
}
