/** What of a log is lost: numbers that stand for nothing which could be sent, and the words for whoever must know. Pure. */
import { logName, type Segment } from "./segment.ts";

const DAMAGES_MAX = 20;

export interface Losses {
  /** An answer with this number should have come, and `count` are missing from it on. */
  gap(sequence: number, number: number, count: number): void;
  /** So many bytes between two groups hold nothing that could be read. */
  unread(sequence: number, bytes: number): void;
  /**
   * What the database knows of and the files have not: files that were deleted while nobody looked, or cut. At every start
   * until central has got past it, not at the first alone.
   *
   * @param known `acknowledged`: the last number that central has; `lastNumber`: the last that was given; `counted`: where
   *   the log ended when that was written down, below 0 when nobody knows
   * @returns whether the last file is not to be written on
   */
  compare(
    segments: readonly Pick<Segment, "sequence" | "firstNumber" | "lastNumber" | "bytes">[],
    known: { acknowledged: number; lastNumber: number; counted: { sequence: number; at: number } },
  ): boolean;
  /** A file that was deleted or replaced while in use was written again, with so many answers for central. */
  writtenAgain(sequence: number, answers: number): void;
  /** A file that nobody needs any more is gone, and what was missing in it. */
  forget(sequence: number): void;
  /** How many of the numbers after that stand for nothing that could be sent. */
  missing(after: number): number;
  words(): string[];
}

export function createLosses(): Losses {
  /** By the first number that is missing; `gone`: with its file. */
  const damages = new Map<number, { sequence: number; count: number; gone?: boolean }>();
  const again = new Map<number, number>();
  const unread = new Map<number, number>();
  /** Numbers that stand nowhere, up to the last one given before the start; none when the first is beyond the last. */
  let nowhere = { from: 1, until: 0 };

  return {
    gap(sequence, number, count) {
      // Of a file that is gone it is told already.
      if (count <= 0 || damages.get(number)?.gone || damages.size >= DAMAGES_MAX) return;
      damages.set(number, { sequence, count });
    },
    unread: (sequence, bytes) => void unread.set(sequence, (unread.get(sequence) ?? 0) + bytes),
    compare(segments, { acknowledged, lastNumber, counted }) {
      const last = segments.reduce((most, segment) => Math.max(most, segment.lastNumber), acknowledged);
      nowhere = { from: last + 1, until: lastNumber };
      if (counted.sequence < 0) return false;
      let expected = acknowledged + 1;
      let before = 0;
      for (const segment of segments) {
        if (segment.lastNumber >= segment.firstNumber) {
          const count = segment.firstNumber - expected;
          if (count > 0 && segment.sequence > before + 1)
            damages.set(expected, { sequence: segment.sequence - 1, count, gone: true });
          expected = Math.max(expected, segment.lastNumber + 1);
        }
        before = segment.sequence;
      }
      const end = segments.at(-1);
      const isGone = counted.sequence > (end?.sequence ?? 0);
      const isCut = end?.sequence === counted.sequence && end.bytes < counted.at;
      const count = Math.max(0, lastNumber - last);
      // Where a later file was begun since: by the last one that holds answers, whose end it must have been.
      const held = segments.findLast((segment) => segment.lastNumber >= segment.firstNumber);
      if (!isGone && !isCut && count === 0) {
        // Central has them, and their keys are forgotten here.
        if (held && held.lastNumber < acknowledged)
          damages.set(held.lastNumber + 1, {
            sequence: held.sequence,
            count: acknowledged - held.lastNumber,
          });
        return false;
      }
      const sequence =
        isGone || isCut ? counted.sequence : (held?.sequence ?? Math.max(1, counted.sequence - 1));
      damages.set(last + 1, { sequence, count, gone: isGone });
      nowhere = { from: 1, until: 0 };
      return isGone || isCut;
    },
    writtenAgain: (sequence, answers) => void again.set(sequence, answers),
    forget(sequence) {
      for (const [number, damage] of damages) if (damage.sequence === sequence) damages.delete(number);
      unread.delete(sequence);
    },
    missing(after) {
      const beyond = (from: number, until: number) => Math.max(0, until - Math.max(from, after + 1) + 1);
      let count = beyond(nowhere.from, nowhere.until);
      for (const [from, damage] of damages) count += beyond(from, from + damage.count - 1);
      return count;
    },
    words: () => [
      ...[...damages].map(([number, { sequence, count, gone }]) => {
        const name = logName(sequence);
        if (!gone && count > 0) return `${name}: ${count} answers from number ${number} on could not be read`;
        const lost = count > 0 ? `${count} answers at least, ` : "";
        return `${name}: ${gone ? "it is gone" : "its end is gone"}, and with it ${lost}what it had from number ${number} on`;
      }),
      ...[...unread].map(
        ([sequence, bytes]) => `${logName(sequence)}: ${bytes} bytes of it could not be read`,
      ),
      ...[...again].map(
        ([sequence, count]) =>
          `${logName(sequence)}: it was deleted or replaced while in use; its ${count} answers were written again`,
      ),
    ],
  };
}
