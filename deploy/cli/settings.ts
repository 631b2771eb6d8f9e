/**
 * Settings of a command: flags, mirrored by `CUECAST_*` environment variables (a flag wins), each with its
 * unit, default and reason, from which `--help` is made.
 */
import { parseArgs } from "node:util";
import { CuecastError, errorMessage } from "../../shared/errors.ts";

export interface Setting {
  /** `url`: an address; `urls`: several, with commas between. */
  kind: "text" | "number" | "flag" | "url" | "urls";
  /** What it is, and why it is what it is. */
  about: string;
  unit?: string;
  default?: string | number | boolean;
  required?: boolean;
  /** For numbers, which are whole unless this says otherwise. */
  fraction?: boolean;
  least?: number;
  most?: number;
}
export type SettingTable = Readonly<Record<string, Setting>>;

type Kinds = { text: string; number: number; flag: boolean; url: string; urls: string[] };
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
  const { fraction, least = Number.MIN_SAFE_INTEGER, most = Number.MAX_SAFE_INTEGER } = setting;
  const fits = fraction ? Number.isFinite(value) : Number.isSafeInteger(value);
  if (text.trim() === "" || !fits || value < least || value > most) {
    const kind = fraction ? "number" : "whole number";
    throw usage(`Cannot take --${name} ${text}: it must be a ${kind} from ${least} to ${most}`);
  }
  return value;
}

function readUrl(name: string, text: string): string {
  // A bare "https:host" parses too, and then leads elsewhere on other programs.
  if (/^https?:\/\/[^/]/.test(text) && URL.canParse(text)) return text;
  throw usage(`Cannot take --${name} ${text}: it must be an address like http://192.0.2.1:8080`);
}

function readSwitch(name: string, given: unknown): boolean {
  if (given === true || given === "1" || given === "true") return true;
  if (given === false || given === "0" || given === "false") return false;
  throw usage(`Cannot take ${environmentName(name)}=${given}: it is 1 or 0`);
}

function readValue(name: string, given: unknown, setting: Setting): unknown {
  const text = String(given);
  switch (setting.kind) {
    case "number":
      return readNumber(name, text, setting);
    case "flag":
      return readSwitch(name, given);
    case "url":
      return readUrl(name, text);
    case "urls":
      return text
        .split(",")
        .filter((each) => each.trim() !== "")
        .map((each) => readUrl(name, each.trim()));
    case "text":
      return text;
  }
}

/** What the runtime says of a command line that it cannot read, in our words. */
function flagTrouble(cause: unknown): CuecastError {
  const words = errorMessage(cause);
  const name = /'(--?[^'\s=<,]+)/.exec(words)?.[1] ?? "this";
  if (/^Unknown option/.test(words)) {
    return usage(`Cannot take ${name}: there is no such flag; --help lists them all`);
  }
  if (/does not take an argument/.test(words)) {
    return usage(`Cannot take a value for ${name}: it is given without one`);
  }
  if (/argument (missing|is ambiguous)/.test(words))
    return usage(`Cannot take ${name}: its value is missing`);
  return usage(`Cannot read the flags: ${words.split("\n")[0]}`);
}

/** Binds a negative number to the flag before it, so that it is refused for what it is. */
function bindNegatives(args: readonly string[]): string[] {
  const bound: string[] = [];
  for (const word of args) {
    const before = bound.at(-1);
    const flag = before !== undefined && /^--[a-z-]+$/.test(before) && !bound.includes("--");
    if (flag && /^-[0-9.]/.test(word)) bound[bound.length - 1] = `${before}=${word}`;
    else bound.push(word);
  }
  return bound;
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
      args: bindNegatives(args),
      options,
      allowPositionals: true,
      strict: true,
      allowNegative: true,
    });
  } catch (cause) {
    throw flagTrouble(cause);
  }
  const values: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries(table)) {
    const given = parsed.values[name] ?? environment[environmentName(name)];
    if (given === undefined || given === "") {
      if (setting.required)
        throw usage(`Cannot go on without --${name} (or ${environmentName(name)}): ${setting.about}`);
      values[name] = setting.default ?? (setting.kind === "flag" ? false : undefined);
    } else values[name] = readValue(name, given, setting);
  }
  return { values: values as Values<T>, positionals: parsed.positionals };
}

/**
 * @param ports flags and their values; 0 is any free one
 * @throws {CuecastError} `usage` when two of them are the same
 */
export function checkPortsDiffer(ports: Readonly<Record<string, number>>): void {
  const seen = new Map<number, string>();
  for (const [name, port] of Object.entries(ports)) {
    const other = port === 0 ? undefined : seen.get(port);
    if (other !== undefined) throw usage(`Cannot take --${name} ${port}: --${other} has that port`);
    seen.set(port, name);
  }
}

/**
 * As `readSettings`, for what takes flags alone.
 *
 * @throws {CuecastError} `usage`, for a word that is no flag too
 */
export function readFlags<T extends SettingTable>(
  table: T,
  args: readonly string[],
  environment: Record<string, string | undefined>,
): Values<T> {
  const { values, positionals } = readSettings(table, args, environment);
  if (positionals.length > 0) throw usage(`Cannot take ${positionals[0]}: only flags are taken here`);
  return values;
}

/** The settings as `--help` shows them, one per line. */
export function describeSettings(table: SettingTable): string {
  const rows = Object.entries(table).map(([name, setting]) => {
    const unit = setting.kind === "flag" ? "" : ` ${(setting.unit ?? setting.kind).toUpperCase()}`;
    const fallback =
      setting.default === undefined || setting.default === "" ? "" : ` (default ${setting.default})`;
    return [`  --${name}${unit}`, `${setting.about}${fallback}`] as const;
  });
  const width = Math.max(...rows.map(([flag]) => flag.length)) + 2;
  return rows.map(([flag, about]) => `${flag.padEnd(width)}${about}`).join("\n");
}
