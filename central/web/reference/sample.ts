/** A value that fits a schema, as plain as can be: what a reply looks like. Pure. */
import type { Schema } from "./document.ts";

const DEPTH_MAX = 8;
const AT_MS = 1_795_431_900_000;
const HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
/** What fields of these names hold, where their schema says no more than that it is text. */
const BY_NAME: Record<string, string> = {
  id: "tonight",
  cue: "tonight:p1.0",
  interaction: "who-wins",
  placement: "tonight",
  channel: "cctv1",
  region: "north",
  programme: "p1",
  edge: "north-1",
  box: "b-7f3a9c",
  name: "North",
  title: "新闻联播",
  url: "https://north-1.example",
  who: "person:editor",
  comment: "the evening",
  software: "0.1.0",
  timeZoneData: "2026b",
  version: "1",
};

function text(schema: Schema, name: string): string {
  if (schema.pattern?.includes("[0-9a-f]{64}")) return HASH;
  if (schema.format === "uuid") return "6f1c2f6e-3f0a-4c0e-9a53-0d8f0e1b2c3d";
  return BY_NAME[name] ?? (/url$/i.test(name) ? "https://example.com/" : "…");
}

function number(schema: Schema, name: string): number {
  // Central's instants are known by their names: `…AtMs`, `fromMs`, `untilMs`, `timeMs`.
  const isInstant = /(At|from|until|time|start|end|next|last|done|first|seen|now)Ms$/i.test(name);
  if (isInstant && (schema.maximum ?? AT_MS) >= AT_MS) return AT_MS;
  if (name === "share") return 1;
  return Math.max(schema.minimum ?? 0, /Ms$/.test(name) ? 60_000 : 1);
}

export function sampleOf(schema: Schema, name = "", depth = 0): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  if (schema.default !== undefined) return schema.default;
  const choice = (schema.anyOf ?? schema.oneOf)?.[0];
  if (choice) return sampleOf(choice, name, depth + 1);
  if (schema.allOf) return Object.assign({}, ...schema.allOf.map((each) => sampleOf(each, name, depth + 1)));
  if (depth > DEPTH_MAX) return null;
  if (schema.type === "object" || schema.properties) {
    const entries = Object.entries(schema.properties ?? {});
    if (entries.length > 0) {
      return Object.fromEntries(entries.map(([key, inner]) => [key, sampleOf(inner, key, depth + 1)]));
    }
    const value = schema.additionalProperties;
    return typeof value === "object" ? { a: sampleOf(value, name, depth + 1) } : {};
  }
  if (schema.type === "array") {
    const inner = Array.isArray(schema.items) ? schema.items[0] : schema.items;
    return inner ? [sampleOf(inner, name.replace(/s$/, ""), depth + 1)] : [];
  }
  if (schema.type === "number" || schema.type === "integer") return number(schema, name);
  if (schema.type === "boolean") return true;
  if (schema.type === "string") return text(schema, name);
  return null;
}
