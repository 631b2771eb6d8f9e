/**
 * Which answers of one box to one cue count. Pure: the same answers give the same verdicts in whatever order
 * and by whatever edge they came, so each new arrival simply judges its group again.
 */
import { answerTimes } from "../../shared/protocol/answer-times.ts";
import type { Interaction } from "../../shared/protocol/interaction.ts";

export interface GivenAnswer {
  key: string;
  interaction: string;
  version: number;
  options?: readonly string[] | undefined;
  rating?: number | undefined;
  answeredAtMs: number;
  receivedAtMs: number;
  /** The cue's moment by the schedule that the box showed it by. */
  dueMs?: number | undefined;
}
/** `unknown`: its cue or its interaction was never published here; judged again when it is. */
export type Verdict = "counted" | "duplicate" | "late" | "rejected" | "unknown";

export interface CueFacts {
  interaction: Interaction;
  /** When the cue fired, ms since the Unix epoch. */
  atMs: number;
}

/** What an answer adds to: option ids, or the rating; undefined when it contradicts the interaction. */
export function choicesOf(
  answer: Pick<GivenAnswer, "options" | "rating">,
  interaction: Interaction,
): string[] | undefined {
  const { options, rating } = answer;
  if (interaction.type === "notice") return undefined;
  if (interaction.type === "rating") {
    const fits = rating !== undefined && options === undefined && rating <= interaction.scale;
    return fits ? [String(rating)] : undefined;
  }
  if (!options || rating !== undefined || new Set(options).size !== options.length) return undefined;
  if (interaction.type === "coupon") return options.join() === "kept" ? ["kept"] : undefined;
  if (interaction.type === "link") return options.join() === "opened" ? ["opened"] : undefined;
  const { least, most } = interaction.choices;
  if (options.length < least || options.length > most) return undefined;
  return options.every((option) => interaction.options.includes(option)) ? [...options] : undefined;
}

/** Why its times do not count; undefined when they do. */
function timesOf(answer: GivenAnswer, { atMs, interaction }: CueFacts): "late" | "rejected" | undefined {
  const times = answerTimes(answer, atMs, interaction);
  // A box whose clock runs ahead answers, to the edge, now.
  const answeredMs = Math.min(answer.answeredAtMs, answer.receivedAtMs);
  if (!times || answeredMs < times.opensMs) return "rejected";
  return answeredMs <= times.closesMs && answer.receivedAtMs <= times.acceptsUntilMs ? undefined : "late";
}

/** What its own content and times decide: `counted` when another answer of its box may still stand before it. */
export function judgeAlone(answer: GivenAnswer, facts: CueFacts | undefined): Verdict {
  if (!facts) return "unknown";
  if (!choicesOf(answer, facts.interaction)) return "rejected";
  return timesOf(answer, facts) ?? "counted";
}

const byTime = (a: GivenAnswer, b: GivenAnswer) =>
  a.answeredAtMs - b.answeredAtMs || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);

/**
 * @param answers of one box to one cue, keys unique, in any order
 * @param factsOf undefined when the answer's cue or interaction is not known
 * @returns verdict by key
 */
export function judgeAnswers(
  answers: readonly GivenAnswer[],
  factsOf: (answer: GivenAnswer) => CueFacts | undefined,
): Map<string, Verdict> {
  const verdicts = new Map<string, Verdict>();
  const standing: { answer: GivenAnswer; interaction: Interaction }[] = [];
  for (const answer of answers) {
    const facts = factsOf(answer);
    const alone = judgeAlone(answer, facts);
    if (facts && alone === "counted") standing.push({ answer, interaction: facts.interaction });
    else verdicts.set(answer.key, alone);
  }
  standing.sort((a, b) => byTime(a.answer, b.answer));
  // Edges may stand at different versions: the newest one's rule holds for the whole group.
  const newest = standing.reduce<Interaction | undefined>(
    (found, { interaction }) => (!found || interaction.version > found.version ? interaction : found),
    undefined,
  );
  const rule = newest && newest.type !== "notice" ? newest.answer : undefined;
  const counts = new Set<string>();
  if (rule?.mode === "last") {
    const last = standing.at(-1);
    if (last) counts.add(last.answer.key);
  } else {
    const most = rule?.mode === "many" ? (rule.most ?? standing.length) : 1;
    for (const { answer } of standing.slice(0, most)) counts.add(answer.key);
  }
  for (const { answer } of standing)
    verdicts.set(answer.key, counts.has(answer.key) ? "counted" : "duplicate");
  return verdicts;
}
