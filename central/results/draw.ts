/**
 * Picking winners among those who answered, so that anybody can check it.
 *
 * Problem: whoever picks must not be able to choose. Idea: commit and reveal. A seed is drawn and its SHA-256 told while
 * the cue is still open; after the close the seed is told, and it alone decides: each box scores
 * SHA-256(seed, newline, box), and the lowest scores win, in that order. The list of boxes that took part is kept as it
 * was then and told with its hash, so that whoever has the list and the seed gets the same winners with any tool.
 */
import { createHash, randomBytes } from "node:crypto";
import * as v from "valibot";
import { CuecastError } from "../../shared/errors.ts";
import {
  boxIdSchema,
  countSchema,
  idSchema,
  instantSchema,
  sha256Schema,
} from "../../shared/protocol/primitives.ts";
import type { Queries } from "../../shared/runtime/database.ts";
import type { Clock } from "../../shared/time/clock.ts";
import type { Answers } from "./answers.ts";
import type { DrawEntries } from "./draw-entries.ts";
import type { Summaries, Summary } from "./summary.ts";

export const WINNERS_MAX = 1_000;
const DRAWS_A_CUE_MAX = 20;
/** Boxes scored in one go: about 10 ms. */
const PAGE = 2_000;

export const drawSchema = v.object({
  id: idSchema,
  cue: idSchema,
  winners: countSchema,
  /** `correct`: who gave the right answer of a quiz; `all`: who gave any that counts. */
  among: v.picklist(["correct", "all"]),
  madeAtMs: instantSchema,
  /** SHA-256 of the seed. */
  commitment: sha256Schema,
  /** The seed was drawn before the cue closed: nobody could know who would win. */
  committedInTime: v.boolean(),
  /** What became of it; absent until winners were picked. */
  picked: v.optional(
    v.object({
      atMs: instantSchema,
      seed: sha256Schema,
      /** How many boxes took part, and the SHA-256 of their list: sorted, a newline after each. */
      entries: countSchema,
      entriesHash: sha256Schema,
      /** Boxes that were erased from the list since, or all past the answers' retention: what is left has another hash. */
      erased: countSchema,
      /** In order; `null`: erased since. */
      winners: v.array(v.nullable(boxIdSchema)),
    }),
  ),
});
export type Draw = v.InferOutput<typeof drawSchema>;

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

/** What decides: lower is better. */
export const scoreOf = (seed: string, box: string): string => sha256(`${seed}\n${box}`);

interface Ports {
  database: Queries;
  answers: Pick<Answers, "counted">;
  summaries: Summaries;
  entries: DrawEntries;
  /** Runs a task while no box is erased and no other draw is picked. */
  picking<T>(task: () => Promise<T>): Promise<T>;
  clock: Clock;
  /** Lets others have their turn. */
  breathe(): Promise<void>;
}

export function createDraws({ database, answers, summaries, entries: kept, picking, clock, breathe }: Ports) {
  const refuse = (what: string, state: string, code: string) =>
    new CuecastError(`Cannot ${what}: ${state}`, { code, status: 409 });

  async function list(cue: string): Promise<Draw[]> {
    const rows = await database.all("SELECT body FROM draw WHERE cue = ? ORDER BY made_ms, id", [cue]);
    const draws: Draw[] = [];
    for (const row of rows) {
      const { seed, ...draw } = JSON.parse(String(row.body)) as Draw & { seed: string };
      if (!draw.picked) {
        draws.push(draw);
        continue;
      }
      const names = await database.all("SELECT box FROM draw_winner WHERE draw = ? ORDER BY place", [
        draw.id,
      ]);
      const winners = names.map(({ box }) => (box === null ? null : String(box)));
      const erased = draw.picked.entries - (await kept.count(draw.id));
      draws.push({ ...draw, picked: { ...draw.picked, seed, winners, erased } });
    }
    return draws;
  }

  /** What must be among the options given; undefined: any. */
  const rightAnswer = ({ correct }: Summary, among: Draw["among"]) =>
    among === "all" ? undefined : [...(correct ?? [])].sort().join("\n");

  /** Pages of boxes that would take part now, sorted. */
  async function* takingPart(summary: Summary, among: Draw["among"]): AsyncGenerator<string[]> {
    const right = rightAnswer(summary, among);
    let after = "";
    for (;;) {
      const page = await answers.counted(summary.cue, after, PAGE);
      const last = page.at(-1);
      if (!last) return;
      yield page
        .filter(
          ({ given }) =>
            right === undefined || given.some((options) => [...options].sort().join("\n") === right),
        )
        .map(({ box }) => box);
      after = last.box;
      await breathe();
    }
  }

  async function pick(cue: string, id: string): Promise<Draw> {
    const nowMs = clock.wallMs();
    const draw = (await list(cue)).find((each) => each.id === id);
    const summary = await summaries.summary(cue, nowMs);
    if (!draw || !summary) {
      throw new CuecastError(`Cannot find draw ${id}: there is none of this cue`, {
        code: "unknown-draw",
        status: 404,
      });
    }
    if (draw.picked) return draw;
    if (!summary.closed) throw refuse("pick winners", "the cue is not closed yet", "still-open");
    const [row] = await database.all("SELECT body ->> 'seed' AS seed FROM draw WHERE id = ?", [id]);
    const seed = String(row?.seed);
    const hash = createHash("sha256");
    let count = 0;
    let best: { score: string; box: string }[] = [];
    await database.batch([kept.clear(id)]);
    for await (const page of takingPart(summary, draw.among)) {
      if (page.length === 0) continue;
      for (const box of page) hash.update(`${box}\n`);
      await database.batch([kept.keep(id, page)]);
      count += page.length;
      best = [...best, ...page.map((box) => ({ score: scoreOf(seed, box), box }))]
        .sort((a, b) => (a.score < b.score ? -1 : 1))
        .slice(0, draw.winners);
    }
    const picked = { atMs: nowMs, entries: count, entriesHash: hash.digest("hex") };
    await database.batch([
      {
        sql: "UPDATE draw SET body = json_set(body, '$.picked', json(?)) WHERE id = ?",
        args: [JSON.stringify(picked), id],
      },
      {
        sql: "INSERT INTO draw_winner (draw, place, box) SELECT ?, key + 1, value FROM json_each(?)",
        args: [id, JSON.stringify(best.map(({ box }) => box))],
      },
    ]);
    return (await list(cue)).find((each) => each.id === id) ?? draw;
  }

  /** Lines of the list: as it was at the picking, or as it would be now. */
  async function* entries(summary: Summary, { id, among, picked }: Draw): AsyncGenerator<string> {
    if (picked) return yield* kept.lines(id);
    for await (const page of takingPart(summary, among)) yield page.map((box) => `${box}\n`).join("");
  }

  return {
    list,
    entries,
    /** @throws {CuecastError} 409 `not-a-quiz`, `too-many-draws` */
    async commit(summary: Summary, winners: number, among: Draw["among"]): Promise<Draw> {
      if (among === "correct" && !summary.correct) {
        throw refuse("draw among right answers", "this interaction has none", "not-a-quiz");
      }
      if ((await list(summary.cue)).length >= DRAWS_A_CUE_MAX) {
        throw refuse("make another draw", `there are ${DRAWS_A_CUE_MAX} of this cue`, "too-many-draws");
      }
      const seed = randomBytes(32).toString("hex");
      const madeAtMs = clock.wallMs();
      const draw: Draw = {
        ...{ id: randomBytes(6).toString("hex"), cue: summary.cue, winners, among, madeAtMs },
        commitment: sha256(seed),
        committedInTime: summary.closesAtMs !== undefined && madeAtMs < summary.closesAtMs,
      };
      await database.batch([
        {
          sql: "INSERT INTO draw (id, cue, body, made_ms) VALUES (?, ?, ?, ?)",
          args: [draw.id, draw.cue, JSON.stringify({ ...draw, seed }), madeAtMs],
        },
      ]);
      return draw;
    },
    /**
     * Picked once; asked again it tells the same.
     *
     * @throws {CuecastError} 404 `unknown-draw`, 409 `still-open`
     */
    pick: (cue: string, id: string): Promise<Draw> => picking(() => pick(cue, id)),
  };
}
export type Draws = ReturnType<typeof createDraws>;
