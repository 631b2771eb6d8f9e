/** Central: publishes what editors have, by its real code for that, and takes answers in, each once. */
import { draftContent } from "../../central/publish/assemble.ts";
import { completeContent, type Previous } from "../../central/publish/complete.ts";
import { type GivenAnswer, judgeAnswers } from "../../central/results/judge.ts";
import type { Publication } from "../../edge/headend/serve/publication-view.ts";
import type { Answer } from "../../shared/protocol/answers.ts";
import type { Interaction } from "../../shared/protocol/interaction.ts";
import type { RegionEntry } from "../../shared/publication/entries.ts";
import { hashParts } from "../../shared/publication/manifest.ts";
import type { Editors } from "./editors.ts";

export interface QueuedAnswer extends Answer {
  box: string;
  receivedAtMs: number;
}

export interface Central {
  publish(nowMs: number): Publication;
  /** After a restore, an operator begins anew above everything that was. */
  beginEpoch(): void;
  /** A batch of an edge; may come twice. */
  take(answers: readonly QueuedAnswer[]): void;
  /** How often each `<box> <key>` was taken in. */
  taken: ReadonlyMap<string, number>;
  /** How many answers of each `<box> <cue>` count, with the most that may. */
  votes(atMsOf: (cue: string) => number | undefined): Map<string, { count: number; most: number }>;
}

export interface CentralFaults {
  /** Planted: answers are not told apart by their keys. */
  forgetsKeys: boolean;
  /** Planted: whatever arrives counts. */
  judgesNothing: boolean;
}

export function createCentral(editors: Editors, region: RegionEntry, faults: CentralFaults): Central {
  let previous: Previous | undefined;
  let epoch = 1;
  const taken = new Map<string, number>();
  const groups = new Map<string, QueuedAnswer[]>();
  const interactions = new Map<string, Interaction>();

  const mostOf = (interaction: Interaction | undefined) =>
    interaction && "answer" in interaction && interaction.answer.mode === "many"
      ? (interaction.answer.most ?? 1)
      : 1;

  return {
    taken,
    beginEpoch() {
      epoch++;
    },
    publish(nowMs) {
      const place = { epoch, revision: previous?.epoch === epoch ? previous.revision + 1 : 1 };
      const entries = editors.interactions();
      for (const { interaction } of entries) {
        interactions.set(`${interaction.id}@${interaction.version}`, interaction);
      }
      const base = draftContent({
        regions: [region],
        channels: editors.channels,
        guide: editors.guide(),
        placements: editors.placements(),
        interactions: entries,
        images: editors.images,
        groups: [],
        rules: [],
        edges: [],
      });
      const content = completeContent(base, previous, place);
      const manifest = { ...place, publishedAtMs: nowMs, parts: hashParts(content) };
      const hash = `${place.epoch}.${place.revision}`.padStart(64, "0");
      previous = { ...place, hash, publishedAtMs: nowMs, content };
      return { manifest, hash, content };
    },
    take(answers) {
      for (const answer of answers) {
        const id = `${answer.box} ${answer.key}`;
        const before = taken.get(id) ?? 0;
        if (before > 0 && !faults.forgetsKeys) continue;
        taken.set(id, before + 1);
        const group = `${answer.box} ${answer.cue}`;
        const list = groups.get(group);
        if (list) list.push(answer);
        else groups.set(group, [answer]);
      }
    },
    votes(atMsOf) {
      const counted = new Map<string, { count: number; most: number }>();
      for (const [group, answers] of groups) {
        const factsOf = (answer: GivenAnswer) => {
          const interaction = interactions.get(`${answer.interaction}@${answer.version}`);
          const atMs = atMsOf((answers[0] as QueuedAnswer).cue);
          return interaction && atMs !== undefined ? { interaction, atMs } : undefined;
        };
        const verdicts = [...judgeAnswers(answers, factsOf).values()];
        const count = faults.judgesNothing
          ? answers.length
          : verdicts.filter((verdict) => verdict === "counted").length;
        const most = Math.max(
          ...answers.map(({ interaction, version }) => mostOf(interactions.get(`${interaction}@${version}`))),
        );
        counted.set(group, { count, most });
      }
      return counted;
    },
  };
}
