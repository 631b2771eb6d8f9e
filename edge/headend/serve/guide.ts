/**
 * One channel's guide as it was published: bytes, read into programmes when a rule or a schedule needs them, and
 * not kept. A region's 120,000 programmes as objects would be most of what a full collection of garbage has to walk
 * through, while replies wait; reading a channel's takes a millisecond. (Held by weak references they are copied
 * from one young space to the other as if they were held: collections became longer, not shorter.)
 */
import * as v from "valibot";
import { errorMessage } from "../../../shared/errors.ts";
import { type Programme, programmeSchema } from "../../../shared/guide/programme.ts";
import { type PackedPart, textOf } from "../../../shared/publication/packed-part.ts";
import { readTogether } from "./read-together.ts";

export interface Guide {
  /** Looks it through once, for what follows; else the first who asks for any of it does. */
  survey(): void;
  /** Entries, also those that are left out. */
  readonly size: number;
  /** When the last programme ends, ms; 0 without any. */
  readonly endMs: number;
  /** By start, then id; read anew each time. */
  programmes(): readonly Programme[];
  get(id: string): Programme | undefined;
  /** Programmes left out, in words; those of a guide that nobody needed yet are not known. */
  skipped(): readonly string[];
}

/** Most left-out programmes named. */
const SKIPPED_MAX = 20;
/** Bodies are canonical JSON: a key stands in quotes, and a quote within a text behind a backslash. */
const END_KEY = new TextEncoder().encode('"endMs":');

const byStart = (a: Programme, b: Programme) => a.startMs - b.startMs || (a.id < b.id ? -1 : 1);

/** @param name of the part, for words */
export function createGuide(name: string, part: PackedPart): Guide {
  let surveyed: Survey | undefined;
  const known = () => {
    surveyed ??= survey(part);
    return surveyed;
  };
  const skipped = new Map<string, string>();
  let isChecked = false;

  /** Checked once, which costs more than reading it. */
  function read(key: string, body: Uint8Array): Programme | undefined {
    if (skipped.has(key)) return undefined;
    try {
      const value: unknown = JSON.parse(textOf(body));
      return isChecked ? (value as Programme) : v.parse(programmeSchema, value);
    } catch (error) {
      skipped.set(key, `${name} ${key}: ${errorMessage(error).slice(0, 200)}`);
      return undefined;
    }
  }

  /** Undefined when one must be left out: then each is read by itself, and the bad ones named. */
  function together(): Programme[] | undefined {
    try {
      const values = readTogether(part);
      isChecked ||=
        values.length === known().hashes.length && values.every((value) => v.is(programmeSchema, value));
      return isChecked ? (values as Programme[]) : undefined;
    } catch {
      return undefined;
    }
  }

  return {
    survey: known,
    get size() {
      return known().hashes.length;
    },
    get endMs() {
      return known().endMs;
    },
    programmes() {
      const whole = skipped.size === 0 ? together() : undefined;
      if (whole) return whole.sort(byStart);
      const programmes: Programme[] = [];
      for (const { key, body } of part.packed()) {
        const programme = read(textOf(key), body);
        if (programme) programmes.push(programme);
      }
      isChecked = true;
      return programmes.sort(byStart);
    },
    get(id) {
      if (!known().hashes.includes(hashOf(id))) return undefined;
      for (const { key, body } of part.packed()) {
        if (key.length === id.length && textOf(key) === id) return read(id, body);
      }
      return undefined;
    },
    skipped: () => [...skipped.values()].slice(0, SKIPPED_MAX),
  };
}

interface Survey {
  hashes: Uint32Array;
  endMs: number;
}

/**
 * Which ids a guide may have, for whoever asks for one asks every guide of a region, and where it ends. The key of the
 * end stands at the same place in most bodies of a guide: it is looked for only where it does not.
 */
function survey(part: PackedPart): Survey {
  const hashes: number[] = [];
  let endMs = 0;
  let offset = 0;
  part.scan((bytes, keyAt, kindAt, bodyAt, end) => {
    hashes.push(hashOfBytes(bytes, keyAt, kindAt));
    if (!standsAt(END_KEY, bytes, bodyAt + offset, end)) {
      const place = placeOf(END_KEY, bytes, bodyAt, end);
      if (place < 0) return;
      offset = place - bodyAt;
    }
    endMs = Math.max(endMs, numberAt(bytes, bodyAt + offset + END_KEY.length, end));
  });
  return { hashes: new Uint32Array(hashes), endMs };
}

/** 0 where no digit stands. */
function numberAt(bytes: Uint8Array, from: number, until: number): number {
  let value = 0;
  for (let place = from; place < until; place++) {
    const digit = (bytes[place] as number) - 48;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  return value;
}

function standsAt(wanted: Uint8Array, bytes: Uint8Array, at: number, until: number): boolean {
  if (at + wanted.length > until) return false;
  for (let place = 0; place < wanted.length; place++) if (bytes[at + place] !== wanted[place]) return false;
  return true;
}

function placeOf(wanted: Uint8Array, bytes: Uint8Array, from: number, until: number): number {
  for (let at = from; at < until; at++) if (standsAt(wanted, bytes, at, until)) return at;
  return -1;
}

/** FNV-1a. Ids are ASCII; whatever is not is no id, and is found by nobody. */
function hashOfBytes(bytes: Uint8Array, from: number, until: number): number {
  let hash = 0x811c9dc5;
  for (let at = from; at < until; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
  return hash >>> 0;
}

function hashOf(id: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < id.length; at++) hash = Math.imul(hash ^ id.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}
