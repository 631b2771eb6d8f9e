/** `cuecast <command>`: finds the command, shows help, turns what it throws into words and an exit code. */
import * as modules from "node:module";
import { CuecastError, errorMessage } from "../../shared/errors.ts";
import { SYSTEM_WORDS, systemState } from "../../shared/system-state.ts";
import { type Command, EXIT } from "./command.ts";
import { describeSettings } from "./settings.ts";

const COMMANDS: Record<string, () => Promise<Command>> = {
  central: async () => (await import("./commands/central.ts")).central,
  edge: async () => (await import("./commands/edge.ts")).edge,
  box: async () => (await import("./commands/box.ts")).box,
  conform: async () => (await import("./commands/conform.ts")).conform,
  import: async () => (await import("./commands/import.ts")).importGuide,
  source: async () => (await import("./commands/source.ts")).source,
  limits: async () => (await import("./commands/limits.ts")).limits,
  schedule: async () => (await import("./commands/schedule.ts")).schedule,
  publish: async () => (await import("./commands/publish.ts")).publish,
  withdraw: async () => (await import("./commands/withdraw.ts")).withdraw,
  rollback: async () => (await import("./commands/rollback.ts")).rollback,
  backup: async () => (await import("./commands/backup.ts")).backup,
  restore: async () => (await import("./commands/restore.ts")).restore,
  doctor: async () => (await import("./commands/doctor.ts")).doctor,
  status: async () => (await import("./commands/status.ts")).status,
  enrol: async () => (await import("./commands/enrol.ts")).enrol,
  token: async () => (await import("./commands/token.ts")).token,
};

async function overview(): Promise<string> {
  const lines = ["Usage: cuecast COMMAND [FLAGS]", ""];
  for (const [name, load] of Object.entries(COMMANDS))
    lines.push(`  ${name.padEnd(10)}${(await load()).summary}`);
  lines.push(
    "",
    "Every flag --some-name is also read from CUECAST_SOME_NAME. cuecast COMMAND --help tells more.",
  );
  return lines.join("\n");
}

/** Errors of the parts that say more than their status does. */
const EXIT_BY_CODE: Readonly<Record<string, number>> = {
  usage: EXIT.usage,
  "data-refused": EXIT.usage,
  "tls-files": EXIT.usage,
  "not-enrolled": EXIT.usage,
  unreachable: EXIT.unreachable,
  "central-unreachable": EXIT.unreachable,
  "guide-not-fetched": EXIT.unreachable,
};

/** Words for whoever typed the command. */
function wordsFor(error: unknown): string[] {
  if (error instanceof CuecastError) {
    const unsaid = (error.errors ?? []).filter(({ message }) => !error.message.includes(message));
    const places = unsaid.map(({ path, message }) => `  ${path || "(top)"}: ${message}`);
    return [error.message, ...places];
  }
  const known = systemState(error);
  if (known) return [`Cannot go on: ${SYSTEM_WORDS[known]} (${errorMessage(error)})`];
  return [errorMessage(error), "This is a bug in Cuecast: please report it"];
}

function exitCodeOf(error: unknown): number {
  if (!(error instanceof CuecastError)) return EXIT.failed;
  const known = Object.hasOwn(EXIT_BY_CODE, error.code) ? EXIT_BY_CODE[error.code] : undefined;
  if (known !== undefined) return known;
  return error.status >= 400 && error.status < 500 ? EXIT.refused : EXIT.failed;
}

async function main(words: string[]): Promise<number | undefined> {
  const [name, ...args] = words;
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    process.stdout.write(`${await overview()}\n`);
    return name === undefined ? EXIT.usage : EXIT.ok;
  }
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!load) {
    process.stderr.write(`Cannot run ${name}: no such command\n\n${await overview()}\n`);
    return EXIT.usage;
  }
  const command = await load();
  if (args.includes("--help") || args.includes("-h")) {
    const operands = command.operands ? ` ${command.operands}` : "";
    const exits = Object.entries(EXIT)
      .map(([what, code]) => `${code} ${what}`)
      .join(", ");
    process.stdout.write(
      `Usage: cuecast ${name}${operands} [FLAGS]\n${command.summary}\n\n${describeSettings(command.settings)}\n\nExit codes: ${exits}\n`,
    );
    return EXIT.ok;
  }
  return await command.run({ args, environment: process.env });
}

/** Whoever read what is printed may be gone (`| head -1`): what is begun goes on to its end, unheard. */
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}

main(process.argv.slice(2)).then(
  (code) => {
    if (code !== undefined) process.exit(code);
    // It serves on, and may end by a kill: what was compiled is kept now. Deno does so by itself, and has no such call.
    else modules.flushCompileCache?.();
  },
  (error) => {
    process.stderr.write(`${wordsFor(error).join("\n")}\n`);
    process.exit(exitCodeOf(error));
  },
);
