/** Fields that differ, before and after, in one line each. */
import type { ValueDifference } from "../../authoring/differences.ts";

const SHOWN_MAX = 12;
const TEXT_MAX = 120;
/** Of a whole thing that came or went: its name stands beside. */
const WHOLE_MAX = 48;

function words(value: unknown, most: number): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > most ? `${text.slice(0, most)}…` : text;
}

export function Changes({ changes }: { changes: readonly ValueDifference[] }) {
  if (changes.length === 0) return null;
  return (
    <ul class="changes">
      {changes.slice(0, SHOWN_MAX).map(({ path, from, to }) => (
        <li key={path}>
          <span class="mono quiet">{path}</span>{" "}
          {from !== undefined && <del>{words(from, path === "" ? WHOLE_MAX : TEXT_MAX)}</del>}{" "}
          {to !== undefined && <ins>{words(to, path === "" ? WHOLE_MAX : TEXT_MAX)}</ins>}
        </li>
      ))}
      {changes.length > SHOWN_MAX && <li class="quiet">+{changes.length - SHOWN_MAX}</li>}
    </ul>
  );
}
