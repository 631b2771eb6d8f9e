/**
 * What the answers of several batches change: which are new, what they count, what is kept of them. An answer is told
 * by (cue, box, key), wherever it comes from and however often.
 */
import type { Statement } from "../../shared/runtime/database.ts";
import type { BatchRequest, UplinkAnswer } from "../../shared/uplink/batch.ts";
import type { Answers } from "./answers.ts";
import { type AnswerRow, insertAnswers } from "./answers-narrow.ts";
import type { CueFinder } from "./cue-facts.ts";
import type { Gate } from "./gate.ts";
import type { GivenAnswer } from "./judge.ts";
import { type Judged, judgeGroups } from "./judging.ts";
import { createMetKinds, type MetKind, type MetKinds } from "./met-kinds.ts";

export interface Arrived {
  /** Who sends. */
  edge: string;
  batch: BatchRequest;
  /** The cursor's number before this batch. */
  takenBefore: number;
  /** What is told of its outbox. */
  alarms: Set<string>;
}

export interface Taking {
  statements: Statement[];
  /** After their transaction. */
  committed(): void;
}

interface Fresh extends Judged {
  answer: UplinkAnswer;
  from: Arrived;
}
type Group = Judged[];

const NOTHING: Taking = { statements: [], committed() {} };

const reused = (number: number) => `number ${number} came again with other content`;
const optionsOf = ({ options }: GivenAnswer) => options?.join() ?? "";
/** What an edge keeps of an answer and sends the same each time; its box, cue and key are known to agree. */
const isSame = (one: GivenAnswer, other: GivenAnswer) =>
  one.interaction === other.interaction &&
  one.version === other.version &&
  optionsOf(one) === optionsOf(other) &&
  one.rating === other.rating &&
  one.answeredAtMs === other.answeredAtMs &&
  one.receivedAtMs === other.receivedAtMs;

/** Groups by cue and box. */
type Groups = Map<string, Map<string, Group>>;

/** Of a box that has answered nothing yet: most stay alone in theirs, so an array each is made only then. */
const NONE: Group = [];

function boxesOf(groups: Groups, cue: string): Map<string, Group> {
  let boxes = groups.get(cue);
  if (!boxes) {
    boxes = new Map();
    groups.set(cue, boxes);
  }
  return boxes;
}
const groupOf = (groups: Groups, cue: string, box: string): Group => groups.get(cue)?.get(box) ?? NONE;

/** @param group that of the box so far @returns the group that it is in now */
function addTo(boxes: Map<string, Group>, group: Group, box: string, added: Judged): Group {
  if (group !== NONE) {
    group.push(added);
    return group;
  }
  const begun = [added];
  boxes.set(box, begun);
  return begun;
}

/** From so many on, a group's keys are looked up instead of looked through. */
const LARGE = 16;

/** Finds answers by key in groups that only grow. */
function createKeyFinder() {
  const large = new Map<Group, { keys: Map<string, Judged>; until: number }>();
  return (group: Group, key: string): Judged | undefined => {
    if (group.length < LARGE) return group.find((each) => each.answer.key === key);
    const known = large.get(group) ?? { keys: new Map<string, Judged>(), until: 0 };
    large.set(group, known);
    for (; known.until < group.length; known.until++) {
      const each = group[known.until];
      if (each) known.keys.set(each.answer.key, each);
    }
    return known.keys.get(key);
  };
}

/** Boxes by cue, sorted: an index that is asked and written in its own order is walked once, page by page. */
type Order = ReadonlyMap<string, readonly string[]>;
const orderOf = (groups: Groups): Order =>
  new Map([...groups].map(([cue, boxes]) => [cue, [...boxes.keys()].sort()]));

/** Puts the stored answers of these groups into them. */
async function fill(groups: Groups, asked: Order, answers: Answers, kinds: MetKinds): Promise<void> {
  for (const kept of await answers.groups(asked)) {
    const kind = kinds.of(kept.cue, kept, kept.outbox);
    const boxes = boxesOf(groups, kept.cue);
    const judged = { answer: kept, kind, verdict: kept.verdict, kept };
    addTo(boxes, boxes.get(kept.box) ?? NONE, kept.box, judged);
  }
}

/**
 * Adds what is new to its group; raises the alarms of numbers that came with other content.
 *
 * @returns what is new, and the groups that it is in
 */
function sortOut(
  arrived: readonly Arrived[],
  groups: Groups,
  kinds: MetKinds,
): { fresh: Fresh[]; touched: Set<Group> } {
  const fresh: Fresh[] = [];
  const touched = new Set<Group>();
  const find = createKeyFinder();
  for (const from of arrived) {
    const { outbox } = from.batch;
    const numbers = new Map<number, Judged>();
    for (const answer of from.batch.answers) {
      const { cue, box, key, number } = answer;
      const boxes = boxesOf(groups, cue);
      const group = boxes.get(box) ?? NONE;
      let known = group === NONE ? undefined : find(group, key);
      if (!known) {
        const kind = kinds.of(cue, answer, outbox);
        const added: Fresh = { answer, from, kind, verdict: undefined, kept: undefined };
        fresh.push(added);
        touched.add(addTo(boxes, group, box, added));
        known = added;
      } else {
        const before = known.kept ?? (known as Fresh);
        const source = "from" in before ? before.from.batch.outbox : before.outbox;
        const numbered = "from" in before ? before.answer.number : before.number;
        if (source === outbox && numbered === number && !isSame(known.answer, answer)) {
          from.alarms.add(reused(number));
        }
      }
      if ((numbers.get(number) ?? known) !== known) from.alarms.add(reused(number));
      numbers.set(number, known);
    }
  }
  return { fresh, touched };
}

export function createTaking(ports: { answers: Answers; finder: CueFinder; gate: Pick<Gate, "barred"> }) {
  const { answers, finder, gate } = ports;

  /** Those that are let in, and the groups that they are in. */
  async function letIn(found: ReturnType<typeof sortOut>, groups: Groups): Promise<typeof found> {
    const barred = await gate.barred(found.fresh.map(({ answer }) => answer));
    if (barred.size === 0) return found;
    const isIn = (each: Judged) => !barred.has(each.answer as UplinkAnswer);
    for (const boxes of groups.values()) {
      for (const [box, group] of boxes) boxes.set(box, group.filter(isIn));
    }
    const fresh = found.fresh.filter(isIn);
    return { fresh, touched: new Set(fresh.map(({ answer }) => groupOf(groups, answer.cue, answer.box))) };
  }

  async function keep(fresh: readonly Fresh[], groups: Groups, order: Order): Promise<Taking> {
    const wanted = new Map<string, Set<string>>();
    for (const { cue, body } of new Set(fresh.map(({ kind }) => kind))) {
      const bodies = wanted.get(cue) ?? new Set();
      wanted.set(cue, bodies.add(body));
    }
    const numbering = await answers.number(wanted);
    const rows: AnswerRow[] = [];
    const numbers = new Map<MetKind, readonly [cue: number, kind: number]>();
    const numberOf = (kind: MetKind) => {
      const found = numbers.get(kind) ?? numbering.of(kind.cue, kind.body);
      numbers.set(kind, found);
      return found;
    };
    for (const [cue, boxes] of order) {
      const own = groups.get(cue);
      for (const box of boxes) {
        for (const { answer, kind, verdict = "unknown", kept } of own?.get(box) ?? NONE) {
          if (kept) continue;
          const { key, number, answeredAtMs, receivedAtMs } = answer as UplinkAnswer;
          const [cueId, kindId] = numberOf(kind);
          rows.push([cueId, box, key, kindId, number, answeredAtMs, receivedAtMs, verdict]);
        }
      }
    }
    return {
      statements: [...numbering.statements, insertAnswers(rows)],
      committed: numbering.remember,
    };
  }

  return {
    /** What stores the answers that are new. */
    async take(arrived: readonly Arrived[]): Promise<Taking> {
      const groups: Groups = new Map();
      for (const { batch } of arrived)
        for (const { cue, box } of batch.answers) boxesOf(groups, cue).set(box, NONE);
      if (groups.size === 0) return NOTHING;
      const kinds = createMetKinds(finder);
      const order = orderOf(groups);
      await fill(groups, order, answers, kinds);
      const { fresh, touched } = await letIn(sortOut(arrived, groups, kinds), groups);
      if (fresh.length === 0) return NOTHING;
      await kinds.learn();
      for (const { answer, from } of fresh) {
        // What is stored under a number that was taken is known, or was removed and is barred.
        if (answer.number <= from.takenBefore) from.alarms.add(reused(answer.number));
      }
      const counts = judgeGroups(touched, answers);
      const { statements, committed } = await keep(fresh, groups, order);
      return { statements: [...statements, ...counts], committed };
    },
    /** Judges what is stored of these boxes to a cue once more. */
    async again(cue: string, boxes: readonly string[]): Promise<Statement[]> {
      const kinds = createMetKinds(finder);
      const groups: Groups = new Map([[cue, new Map(boxes.map((box) => [box, NONE]))]]);
      await fill(groups, new Map([[cue, boxes]]), answers, kinds);
      await kinds.learn();
      return judgeGroups(groups.get(cue)?.values() ?? [], answers);
    },
  };
}
