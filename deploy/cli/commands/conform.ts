/** `cuecast conform`: plays an edge to a box of any make, and says which clauses of the wire it keeps. */
import { CuecastError } from "../../../shared/errors.ts";
import { type Command, EXIT } from "../command.ts";
import { printLine, printTable } from "../print.ts";
import { readSettings, type SettingTable } from "../settings.ts";

const settings = {
  port: { kind: "number", about: "where the playing edge listens", required: true, least: 1, most: 65_535 },
  host: {
    kind: "text",
    about: "address that it listens at; 0.0.0.0 for a box elsewhere",
    default: "127.0.0.1",
  },
  wait: {
    kind: "number",
    unit: "seconds",
    about: "how long the first pull is waited for",
    default: 300,
    least: 1,
  },
  "clock-set": {
    kind: "flag",
    about: "you will set the box's wall clock when told to; without it that is not judged",
  },
  json: { kind: "flag", about: "print JSON" },
} as const satisfies SettingTable;

export const conform: Command = {
  summary: "Play an edge to a box of any make, and say which clauses of the wire it keeps",
  settings,
  async run({ args, environment }) {
    const { values } = readSettings(settings, args, environment);
    const { runConformance } = await import("../../conform/run.ts");
    const say = (line: string) => void process.stderr.write(`${line}\n`);
    const findings = await runConformance({
      ...values,
      waitMs: values.wait * 1000,
      clockSet: values["clock-set"],
      say,
    });
    if (!findings) {
      throw new CuecastError(`Cannot judge: no box pulled a schedule within ${values.wait} s`, {
        code: "unreachable",
        status: 504,
      });
    }
    const counts = { kept: 0, broken: 0, "not seen": 0, note: 0 };
    for (const { verdict } of findings) counts[verdict]++;
    if (values.json) printLine(JSON.stringify({ ...counts, clauses: findings }));
    else {
      printTable(
        ["verdict", "clause", "what was seen"],
        findings.map(({ verdict, clause, why }) => [verdict, clause, why]),
      );
      const wanted = new Map<string, number>();
      for (const { wants } of findings) if (wants) wanted.set(wants, (wanted.get(wants) ?? 0) + 1);
      if (wanted.size > 0) printLine("\nTo be seen, the box, or who runs it, has to");
      for (const [wants, count] of wanted)
        printLine(`- ${wants} (${count} ${count === 1 ? "clause" : "clauses"})`);
      if (wanted.size > 0) printLine("");
      const notes = counts.note > 0 ? `, ${counts.note} noted` : "";
      printLine(`${counts.kept} kept, ${counts.broken} broken, ${counts["not seen"]} not seen${notes}`);
    }
    if (!values["clock-set"]) say("Not judged: a wall clock that is set (--clock-set).");
    if (counts.broken > 0) return EXIT.failed;
    return counts["not seen"] > 0 ? EXIT.unseen : EXIT.ok;
  },
};
