/** Fields that differ, before and after, in one line each. */
import type { ValueDifference } from "../../authoring/differences.ts";
import { useApp, useSay } from "../app/context.tsx";
import { placeWords } from "../app/field-words.ts";
import { valueLines } from "../app/value-words.ts";
import type { Language } from "../app/words.ts";
import { publishTexts } from "./texts.ts";

const SHOWN_MAX = 24;
const TEXT_MAX = 120;

/** A text that is longer is folded to its beginning. */
function Words({ words }: { words: string }) {
  if (words.length <= TEXT_MAX) return <>{words}</>;
  return (
    <details>
      <summary>{`${words.slice(0, TEXT_MAX)}…`}</summary>
      <p>{words}</p>
    </details>
  );
}

/** Of a whole thing that came or went is said that, and what it holds when it is opened. */
function Whole({ value, name, language }: { value: unknown; name: string; language: Language }) {
  return (
    <details>
      <summary>{name}</summary>
      <ul class="changes">
        {valueLines("", value, language).map(({ path, words }) => (
          <li key={path}>
            <span class="quiet">{placeWords(path, language)}</span> {words}
          </li>
        ))}
      </ul>
    </details>
  );
}

interface Line {
  path: string;
  from?: string | undefined;
  to?: string | undefined;
  /** Images, to be seen. */
  images?: (string | undefined)[];
}

/** What came or went with fields of its own, a language say, has a line for each of them. */
function linesOf({ path, from, to }: ValueDifference, language: Language): Line[] {
  const was = from === undefined ? [] : valueLines(path, from, language);
  const is = to === undefined ? [] : valueLines(path, to, language);
  const paths = [...new Set([...was, ...is].map((line) => line.path))];
  return paths.map((each) => ({
    path: each,
    from: was.find((line) => line.path === each)?.words,
    to: is.find((line) => line.path === each)?.words,
    ...(each.endsWith("image.sha256") && {
      images: [from, to].map((side) =>
        typeof side === "object" && side !== null ? (side as { sha256?: string }).sha256 : (side as string),
      ),
    }),
  }));
}

function Picture({ sha256 }: { sha256: string | undefined }) {
  return sha256 === undefined ? null : <img class="thumb" src={`/api/v1/images/${sha256}`} alt="" />;
}

export function Changes({ changes }: { changes: readonly ValueDifference[] }) {
  const { language } = useApp();
  const say = useSay(publishTexts);
  if (changes.length === 0) return null;
  const whole = changes.find(({ path }) => path === "");
  if (whole) {
    return (
      <div class="changes">
        {whole.from !== undefined && <Whole value={whole.from} name={say("wholeGone")} language={language} />}
        {whole.to !== undefined && <Whole value={whole.to} name={say("wholeNew")} language={language} />}
      </div>
    );
  }
  const lines = changes.flatMap((change) => linesOf(change, language));
  return (
    <ul class="changes">
      {lines.slice(0, SHOWN_MAX).map(({ path, from, to, images }) => (
        <li key={path} data-path={path}>
          <span class="quiet" title={path}>
            {placeWords(path, language)}
          </span>{" "}
          {from !== undefined && (
            <del>
              {images && <Picture sha256={images[0]} />} <Words words={from} />
            </del>
          )}{" "}
          {from !== undefined && to !== undefined && <span class="quiet">→</span>}{" "}
          {to !== undefined && (
            <ins>
              {images && <Picture sha256={images[1]} />} <Words words={to} />
            </ins>
          )}
        </li>
      ))}
      {lines.length > SHOWN_MAX && <li class="quiet">+{lines.length - SHOWN_MAX}</li>}
    </ul>
  );
}
