/** The chain of reasons why a cue appears or does not, as data that a page can show. docs/schedule.md. */
import * as v from "valibot";
import { idSchema, instantSchema } from "../protocol/primitives.ts";
import { type Cue, cueSchema } from "../protocol/schedule.ts";
import { type Suppression, suppressionSchema } from "./reason.ts";

/** The links of the chain, in their order; it ends at the first that does not hold. */
export const STEPS = [
  "placement",
  "channel",
  "region",
  "programme",
  "rule",
  "withdrawn",
  "bounds",
  "blackout",
  "contest",
  "window",
  "fetch",
  "audience",
] as const;

export const stepSchema = v.object({
  step: v.picklist(STEPS),
  /** False: here it ends, and this is why. */
  holds: v.boolean(),
  /** For programs; docs/schedule.md lists them. */
  code: v.string(),
  /** For people, in English. */
  text: v.string(),
  facts: v.optional(v.record(v.string(), v.unknown())),
});
export type Step = v.InferOutput<typeof stepSchema>;

export const explanationSchema = v.object({
  placement: v.string(),
  channel: v.optional(idSchema),
  /** Where regions differ. */
  region: v.optional(idSchema),
  /** `appears` on this channel; `suppressed`: its rule gives it, and something else keeps it away; `never`. */
  outcome: v.picklist(["appears", "suppressed", "never"]),
  id: v.optional(v.string()),
  atMs: v.optional(instantSchema),
  /** As boxes get it. */
  cue: v.optional(cueSchema),
  suppression: v.optional(suppressionSchema),
  steps: v.array(stepSchema),
  /** The instant that was asked about, where nothing of the placement stands. */
  askedMs: v.optional(instantSchema),
  /** And the cue that its rule gives nearest to it, if it gives any; whether that one appears is not said. */
  nearest: v.optional(v.object({ id: v.string(), atMs: instantSchema })),
});
export type Explanation = v.InferOutput<typeof explanationSchema>;

/** An explanation being told. */
export interface Chain {
  steps: Step[];
  id?: string;
  atMs?: number;
  cue?: Cue;
  suppression?: Suppression;
  askedMs?: number;
  nearest?: { id: string; atMs: number };
  /** @returns whether it holds */
  say(
    step: Step["step"],
    holds: boolean,
    code: string,
    words: string,
    facts?: Record<string, unknown>,
  ): boolean;
  fork(): Chain;
  end(outcome: Explanation["outcome"]): Explanation;
}

/** @param about the placement, and the channel and region where they matter */
export function createChain(
  about: { id: string; channel: string; region: string | undefined },
  before: readonly Step[] = [],
): Chain {
  const chain: Chain = {
    steps: [...before],
    say(step, holds, code, words, facts) {
      chain.steps.push({ step, holds, code, text: words, ...(facts && { facts }) });
      return holds;
    },
    fork: () => createChain(about, chain.steps),
    end: (outcome) => ({
      placement: about.id,
      ...(about.channel !== "" && { channel: about.channel }),
      ...(about.region !== undefined && { region: about.region }),
      outcome,
      ...(chain.id !== undefined && { id: chain.id }),
      ...(chain.atMs !== undefined && { atMs: chain.atMs }),
      ...(chain.cue && { cue: chain.cue }),
      ...(chain.suppression && { suppression: chain.suppression }),
      steps: chain.steps,
      ...(chain.askedMs !== undefined && { askedMs: chain.askedMs }),
      ...(chain.nearest && { nearest: chain.nearest }),
    }),
  };
  return chain;
}

/** An instant as chains tell it. */
export const textOf = (ms: number) => `${new Date(ms).toISOString().slice(0, 19).replace("T", " ")}Z`;
