/**
 * Settings of a command: flags, mirrored by `CUECAST_*` environment variables (a flag wins), each with its
 * unit, default and reason, from which `--help` is made.
 */
import { parseArgs } from "node:util";
import { CuecastError, errorMessage } from "../../shared/errors.ts";

export interface Setting {
  kind: "text" | "number" | "flag";
  /** What it is, and why it is what it is. */
  about: string;
  unit?: string;
  default?: string | number | boolean;
  required?: boolean;
  /** For numbers. */
  least?: number;
  most?: number;
}
export type SettingTable = Readonly<Record<string, Setting>>;

type Kinds = { text: string; number: number; flag: boolean };
/** A setting with a default, or required, is always there; a flag is false unless given. */
export type Values<T extends SettingTable> = {
  [K in keyof T]: T[K] extends { default: string | number | boolean } | { required: true } | { kind: "flag" }
    ? Kinds[T[K]["kind"]]
    : Kinds[T[K]["kind"]] | undefined;
};

/** `port-base` → `CUECAST_PORT_BASE`. */
export const environmentName = (name: string) => `CUECAST_${name.toUpperCase().replaceAll("-", "_")}`;

const usage = (message: string) => new CuecastError(message, { code: "usage", status: 400 });

function readNumber(name: string, text: string, setting: Setting): number {
  const value = Number(text);
  const { least = Number.MIN_SAFE_INTEGER, most = Number.MAX_SAFE_INTEGER } = setting;
  if (text.trim() === "" || !Number.isSafeInteger(value) || value < least || value > most) {
    throw usage(`Cannot take --${name} ${text}: it must be a whole number from ${least} to ${most}`);
  }
  return value;
}

/**
 * @param args what follows the command's name
 * @returns values, and what is no flag
 * @throws {CuecastError} `usage`
 */
export function readSettings<T extends SettingTable>(
  table: T,
  args: readonly string[],
  environment: Record<string, string | undefined>,
): { values: Values<T>; positionals: string[] } {
  const options = Object.fromEntries(
    Object.entries(table).map(([name, setting]) => [
      name,
      { type: setting.kind === "flag" ? ("boolean" as const) : ("string" as const) },
    ]),
  );
  let parsed: { values: Record<string, unknown>; positionals: string[] };
  try {
    parsed = parseArgs({
      args: [...args],
      options,
      allowPositionals: true,
      strict: true,
      allowNegative: true,
    });
  } catch (cause) {
    throw usage(errorMessage(cause).split(". ")[0] ?? "Cannot read the flags");
  }
  const values: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries(table)) {
    const given = parsed.values[name] ?? environment[environmentName(name)];
    if (given === undefined || given === "") {
      if (setting.required)
        throw usage(`Cannot go on without --${name} (or ${environmentName(name)}): ${setting.about}`);
      values[name] = setting.default ?? (setting.kind === "flag" ? false : undefined);
    } else if (setting.kind === "number") {
      values[name] = readNumber(name, String(given), setting);
    } else if (setting.kind === "flag") {
      values[name] = given === true || given === "1" || given === "true";
    } else {
      values[name] = String(given);
    }
  }
  return { values: values as Values<T>, positionals: parsed.positionals };
}

/** The settings as `--help` shows them, one per line. */
export function describeSettings(table: SettingTable): string {
  const rows = Object.entries(table).map(([name, setting]) => {
    const unit = setting.kind === "flag" ? "" : ` ${(setting.unit ?? setting.kind).toUpperCase()}`;
    const fallback = setting.default === undefined ? "" : ` (default ${setting.default})`;
    return [`  --${name}${unit}`, `${setting.about}${fallback}`] as const;
  });
  const width = Math.max(...rows.map(([flag]) => flag.length)) + 2;
  return rows.map(([flag, about]) => `${flag.padEnd(width)}${about}`).join("\n");
}
