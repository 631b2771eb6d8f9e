/** Fields that differ, before and after, in one line each. */
import type { ValueDifference } from "../../authoring/differences.ts";
import { useApp } from "../app/context.tsx";
import { momentTime } from "../app/format.ts";
import type { Language } from "../app/words.ts";

const SHOWN_MAX = 12;
const TEXT_MAX = 120;
/** Of a whole thing that came or went: its name stands beside. */
const WHOLE_MAX = 48;

/** An instant is read as a time; durations stay as they are. */
const INSTANT_LEAST_MS = 1e12;

/** A whole thing that came or went is folded to its beginning; what is longer opens. */
function Value({ value, path, language }: { value: unknown; path: string; language: Language }) {
  if (typeof value === "number" && /Ms$/.test(path) && value > INSTANT_LEAST_MS) {
    return <>{momentTime(value, language)}</>;
  }
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const most = path === "" ? WHOLE_MAX : TEXT_MAX;
  if (text.length <= most) return <>{text}</>;
  return (
    <details>
      <summary>{text.slice(0, most)}…</summary>
      <pre>{typeof value === "string" ? value : JSON.stringify(value, null, 2)}</pre>
    </details>
  );
}

export function Changes({ changes }: { changes: readonly ValueDifference[] }) {
  const { language } = useApp();
  if (changes.length === 0) return null;
  return (
    <ul class="changes">
      {changes.slice(0, SHOWN_MAX).map(({ path, from, to }) => (
        <li key={path}>
          <span class="mono quiet">{path}</span>{" "}
          {from !== undefined && (
            <del>
              <Value value={from} path={path} language={language} />
            </del>
          )}{" "}
          {to !== undefined && (
            <ins>
              <Value value={to} path={path} language={language} />
            </ins>
          )}
        </li>
      ))}
      {changes.length > SHOWN_MAX && <li class="quiet">+{changes.length - SHOWN_MAX}</li>}
    </ul>
  );
}
