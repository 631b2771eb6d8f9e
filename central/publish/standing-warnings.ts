/**
 * Which warnings are of what would be published, and which stand whatever is published: they hold of what is on air
 * already, and nobody touched the thing that they are about. Pure.
 */
import type { Body, Content } from "../../shared/publication/part.ts";
import type { CheckError } from "./checks.ts";
import { publicationWarnings } from "./warnings.ts";
import type { Work } from "./work.ts";

export interface Warning extends CheckError {
  standing: boolean;
}

/** Told at most; those that are of the change first. */
const TOLD_MAX = 100;

const keyOf = ({ path, code, facts }: CheckError) => `${path} ${code} ${JSON.stringify(facts)}`;

function bodyOf(content: Content, path: string): Body | undefined {
  const dot = path.indexOf(".");
  return content.get(path.slice(0, dot))?.get(path.slice(dot + 1));
}

/** @returns warnings of `to`, those first that do not stand in `from`, what is on air */
export function* warningsOf(from: Content | undefined, to: Content, nowMs: number): Work<Warning[]> {
  const found = yield* publicationWarnings(to, nowMs);
  const known = new Set(from && found.length > 0 ? (yield* publicationWarnings(from, nowMs)).map(keyOf) : []);
  const told = found.map((warning) => {
    const untouched = from !== undefined && bodyOf(from, warning.path) === bodyOf(to, warning.path);
    return { ...warning, standing: untouched && known.has(keyOf(warning)) };
  });
  return told.sort((a, b) => Number(a.standing) - Number(b.standing)).slice(0, TOLD_MAX);
}
