/** Fields that differ, before and after, in one line each. */
import type { ValueDifference } from "../../authoring/differences.ts";
import { useApp, useSay } from "../app/context.tsx";
import { placeWords } from "../app/field-words.ts";
import { msWords } from "../app/format.ts";
import type { Language } from "../app/words.ts";
import { publishTexts } from "./texts.ts";

const SHOWN_MAX = 12;
const TEXT_MAX = 120;

/** Of a whole thing that came or went is said that; what is longer is folded to its beginning. */
function Value(props: { value: unknown; path: string; whole: string; language: Language }) {
  const { value, path, whole, language } = props;
  const time = msWords(path, value, language);
  if (time !== undefined) return <>{time}</>;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  if (text.length <= TEXT_MAX && path !== "") return <>{text}</>;
  return (
    <details>
      <summary>{path === "" ? whole : `${text.slice(0, TEXT_MAX)}…`}</summary>
      <pre>{typeof value === "string" ? value : JSON.stringify(value, null, 2)}</pre>
    </details>
  );
}

export function Changes({ changes }: { changes: readonly ValueDifference[] }) {
  const { language } = useApp();
  const say = useSay(publishTexts);
  if (changes.length === 0) return null;
  return (
    <ul class="changes">
      {changes.slice(0, SHOWN_MAX).map(({ path, from, to }) => (
        <li key={path}>
          <span class="quiet" title={path}>
            {placeWords(path, language)}
          </span>{" "}
          {from !== undefined && (
            <del>
              <Value value={from} path={path} whole={say("wholeGone")} language={language} />
            </del>
          )}{" "}
          {to !== undefined && (
            <ins>
              <Value value={to} path={path} whole={say("wholeNew")} language={language} />
            </ins>
          )}
        </li>
      ))}
      {changes.length > SHOWN_MAX && <li class="quiet">+{changes.length - SHOWN_MAX}</li>}
    </ul>
  );
}
