/** Kinds of answers that one turn meets: what judging needs of the cue and the interaction is looked up once for each. */
import { type AnswerKind, kindBody } from "./answer-kind.ts";
import type { CueFinder } from "./cue-facts.ts";
import { type CueFacts, choicesOf, type GivenAnswer } from "./judge.ts";

export interface MetKind {
  cue: string;
  interaction: string;
  version: number;
  /** As it is kept. */
  body: string;
  /** Undefined: its cue or interaction is not known; and before `learn`. */
  facts: CueFacts | undefined;
  /** What its answers add to; undefined when they contradict the interaction. */
  choices: readonly string[] | undefined;
}

export interface MetKinds {
  of(cue: string, answer: GivenAnswer, outbox: string): MetKind;
  /** Looks up what was met since. */
  learn(): Promise<void>;
}

/** Ids hold neither space nor comma. */
const nameOf = ({ interaction, version, options, rating, dueMs }: GivenAnswer, outbox: string) =>
  `${version} ${dueMs} ${rating} ${options ? options.join() : ""} ${interaction} ${outbox}`;

export function createMetKinds(finder: CueFinder): MetKinds {
  const cues = new Map<string, Map<string, MetKind>>();
  let unlearned: [MetKind, AnswerKind][] = [];
  return {
    of(cue, answer, outbox) {
      let kinds = cues.get(cue);
      if (!kinds) {
        kinds = new Map();
        cues.set(cue, kinds);
      }
      const name = nameOf(answer, outbox);
      const known = kinds.get(name);
      if (known) return known;
      const { interaction, version, options, rating, dueMs } = answer;
      const content = { interaction, version, options, rating, dueMs, outbox };
      const kind: MetKind = {
        ...{ cue, interaction, version, body: kindBody(content) },
        ...{ facts: undefined, choices: undefined },
      };
      kinds.set(name, kind);
      unlearned.push([kind, content]);
      return kind;
    },
    async learn() {
      const learning = unlearned;
      unlearned = [];
      for (const [kind, content] of learning) {
        const cue = await finder.cue(kind.cue);
        const entry = cue && (await finder.entry(kind.interaction, kind.version));
        if (!cue || !entry) continue;
        kind.facts = { interaction: entry.interaction, atMs: cue.atMs };
        kind.choices = choicesOf(content, entry.interaction);
      }
    },
  };
}
