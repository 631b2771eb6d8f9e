/** The verdicts on what a box sends: bodies, keys, and what it makes of receipts and refusals. Pure. */
import * as v from "valibot";
import { airingsRequestSchema } from "../../shared/protocol/airings.ts";
import { type Answer, answersRequestSchema } from "../../shared/protocol/answers.ts";
import { retryAfter } from "./asking-verdicts.ts";
import { bodyOf, type Conduct, posts, wasShown } from "./conduct.ts";
import { broken, kept, notSeen, type Verdict } from "./verdicts.ts";

/** Whoever asked nothing for so long after a receipt may not have been there to send again. */
const LIVED_ON_MS = 2_000;
/** "Always the same" says nothing of fewer. */
const BODIES_LEAST = 2;
const NO_ANSWER = "no answer was given";

export function sameKey({ asked }: Conduct): Verdict {
  const posts = asked.filter(({ path, method }) => path === "/v1/answers" && method === "POST");
  const lost = posts.find(({ status }) => status === 0);
  if (!lost) return notSeen(NO_ANSWER);
  const keys = bodyOf<Answer>(lost, "answers").map(({ key }) => key);
  const again = new Set(
    posts
      .filter(({ atMs }) => atMs > lost.atMs)
      .flatMap((entry) => bodyOf<Answer>(entry, "answers").map(({ key }) => key)),
  );
  return keys.every((key) => again.has(key))
    ? kept("sent again under its key")
    : broken("it was not sent again under its key");
}

/** An answer to a cue that moved may say by which moment it was shown; the page for box makers does not ask for it. */
export function moments(conduct: Conduct): Verdict {
  const saying = conduct.answers.filter(({ dueMs }) => dueMs !== undefined);
  if (conduct.answers.length === 0) return notSeen(NO_ANSWER);
  if (saying.length === 0)
    return { verdict: "note", why: "no answer carried dueMs: one to a cue that moved may be late" };
  for (const { cue, dueMs = Number.NaN } of saying) {
    const airing = conduct.airings.find((one) => one.cue === cue && wasShown(one));
    if (!airing) continue;
    const off = dueMs - airing.dueMs;
    const why = `${cue}: ${off} ms beside the moment by which it was shown; the edge may take the answer for late`;
    if (off !== 0) return { verdict: "note", why };
  }
  return kept(`${saying.length} answers, as shown`);
}

/** What was receipted is never sent again. */
export function finality(
  { asked }: Conduct,
  entries: Conduct["asked"],
  field: "answers" | "airings",
): Verdict {
  const final = new Set<string>();
  const endMs = asked.at(-1)?.atMs ?? 0;
  let livedOn = false;
  for (const entry of entries) {
    const again = bodyOf<{ key: string }>(entry, field).find(({ key }) => final.has(key));
    if (again) return broken(`${again.key} was sent again after its receipt`);
    for (const key of entry.receipted) final.add(key);
    if (entry.receipted.length > 0 && endMs - entry.atMs >= LIVED_ON_MS) livedOn = true;
  }
  if (final.size === 0) return notSeen("none was sent");
  return livedOn ? kept(`${final.size} were forgotten`) : notSeen("it asked nothing more after the receipt");
}

/** Those whose reply was lost come again, and their receipt is a duplicate: it is as final as the first. */
export function answersFinal(conduct: Conduct): Verdict {
  const sent = posts(conduct, "/v1/answers");
  const seen = finality(conduct, sent, "answers");
  const duplicate = sent.some(({ duplicates }) => duplicates > 0);
  return seen.verdict === "kept" && !duplicate ? notSeen("no receipt was a duplicate") : seen;
}

/** What was refused comes again, not before Retry-After is over. */
export function keepsThrough(conduct: Conduct): Verdict {
  const sent = posts(conduct, "/v1/answers");
  const waited = retryAfter(sent);
  if (waited.verdict !== "kept") return sent.length === 0 ? notSeen(NO_ANSWER) : waited;
  const at = sent.findIndex(({ status }) => status === 503);
  const keysOf = (entries: typeof sent) =>
    entries.flatMap((entry) => bodyOf<Answer>(entry, "answers").map(({ key }) => key));
  const later = new Set(keysOf(sent.slice(at + 1)));
  const dropped = keysOf(sent.slice(at, at + 1)).filter((key) => !later.has(key));
  return dropped.length > 0 ? broken(`${dropped[0]} was refused, and never came again`) : waited;
}

export function oneVote({ answers }: Conduct): Verdict {
  const keys = new Map<string, Set<string>>();
  for (const { cue, key } of answers) keys.set(cue, (keys.get(cue) ?? new Set()).add(key));
  const many = [...keys].find(([, found]) => found.size > 1);
  if (many) return broken(`${many[0]} was answered under ${many[1].size} keys`);
  return keys.size > 0 ? kept(`${keys.size} cues answered, one key each`) : notSeen(NO_ANSWER);
}

export function wellFormed({ asked }: Conduct): Verdict {
  const posts = asked.filter(({ method }) => method === "POST");
  if (posts.length < BODIES_LEAST)
    return notSeen(posts.length === 0 ? "nothing was sent" : "one body alone was sent");
  const boxes = new Set<unknown>();
  for (const { path, body, contentType } of posts) {
    const schema = path === "/v1/answers" ? answersRequestSchema : airingsRequestSchema;
    const parsed = v.safeParse(schema, body);
    if (!parsed.success) {
      const [issue] = parsed.issues;
      return broken(`${path}: ${v.getDotPath(issue) ?? "(top)"}: ${issue.message}`);
    }
    if (!/^application\/json\b/.test(contentType))
      return broken(`${path}: Content-Type is ${contentType || "missing"}`);
    boxes.add(parsed.output.box);
  }
  return boxes.size === 1
    ? kept(`${posts.length} bodies, box ${[...boxes][0]}`)
    : broken("box was not always the same");
}
