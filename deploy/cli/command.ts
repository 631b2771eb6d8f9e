/** What a subcommand is, and the exit codes that all share. */
import type { SettingTable } from "./settings.ts";

/** Exit codes: what a script may rely on. */
export const EXIT = {
  ok: 0,
  /** It was tried and failed. */
  failed: 1,
  /** The command line was wrong. */
  usage: 2,
  /** Central understood and refused: bad content, a conflict, no right. */
  refused: 3,
  /** Nobody answered there. */
  unreachable: 4,
  /** Nothing was wrong in what was seen, but not all that had to be was seen. */
  unseen: 5,
} as const;

export interface Run {
  /** What follows the command's name. */
  args: string[];
  environment: Record<string, string | undefined>;
}

export interface Command {
  summary: string;
  /** After the command's name: `FILE`, `preview PLACEMENT`. */
  operands?: string;
  settings: SettingTable;
  /** @returns the exit code; undefined for what runs until it is stopped */
  run(run: Run): Promise<number | undefined>;
}
