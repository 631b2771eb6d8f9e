/** A box's storage chip: writes take time and go in order; power cuts, bit rot and a full chip are its faults. */
import type { Store, StoreEntry } from "../../edge/box/ports.ts";
import type { Coverage } from "./coverage.ts";
import type { Dice } from "./dice.ts";
import { callOff, type EventQueue, type Planned } from "./event-queue.ts";

export interface Flash {
  full: boolean;
  /** Happens within the next write. */
  ambush: (() => void) | null;
  /** Forgets everything with the power: a browser that forbids storage. */
  volatile: boolean;
  texts: ReadonlyMap<string, string>;
  /** A store for one start of the box; silent once the power is gone. */
  store(): Store;
  /** Power gone: what was being written is old, whole or torn; what waited is not written. */
  cut(): void;
  /** Damages one entry. @returns its key; undefined when there is none */
  rot(): string | undefined;
  /** Planted. */
  forget(prefix: string): void;
  plant(key: string, text: string): void;
}

interface Write {
  key: string;
  /** Null: remove. */
  text: string | null;
  done: (ok: boolean) => void;
}

/** @param carryOut runs what a finished write brings about: the box's next step */
export function createFlash(
  queue: EventQueue,
  dice: Dice,
  carryOut: (run: () => void) => void,
  hit: Coverage["hit"],
): Flash {
  const texts = new Map<string, string>();
  let waiting: Write[] = [];
  let writing: Planned | null = null;

  function durationMs(): number {
    const luck = dice.random();
    if (luck < 0.9) return dice.between(0.5, 15);
    return luck < 0.99 ? dice.between(15, 250) : dice.between(250, 2_000);
  }

  function apply({ key, text }: Write): void {
    if (text === null) texts.delete(key);
    else texts.set(key, text);
  }

  function next(): void {
    const write = waiting[0];
    if (!write || writing) return;
    const lengthMs = durationMs();
    if (flash.ambush) queue.after(dice.between(0, lengthMs), flash.ambush);
    flash.ambush = null;
    writing = queue.after(lengthMs, () => {
      writing = null;
      waiting.shift();
      const ok = write.text === null || !flash.full;
      if (ok) apply(write);
      carryOut(() => write.done(ok));
      next();
    });
  }

  function damaged(text: string): string {
    if (text.length < 2 || dice.chance(0.2)) return "";
    const at = dice.whole(0, text.length - 1);
    if (dice.chance(0.5)) return text.slice(0, at);
    const flipped = String.fromCharCode(text.charCodeAt(at) ^ (1 << dice.whole(0, 6)));
    return text.slice(0, at) + flipped + text.slice(at + 1);
  }

  const flash: Flash = {
    full: false,
    ambush: null,
    volatile: false,
    texts,
    store() {
      if (flash.volatile) texts.clear();
      return {
        load(done) {
          const entries: StoreEntry[] = [];
          for (const [key, text] of texts) entries.push({ key, text });
          done(entries);
        },
        put(key, text, done) {
          waiting.push({ key, text, done });
          next();
        },
        remove(key) {
          waiting.push({ key, text: null, done() {} });
          next();
        },
      };
    },
    cut() {
      const write = waiting[0];
      if (write && writing) {
        const luck = dice.random();
        if (luck < 0.3 && !flash.full) apply(write);
        else if (luck < 0.5 && !flash.full && write.text !== null) {
          texts.set(write.key, damaged(write.text));
          hit("write torn");
        } else hit("write lost");
      }
      callOff(writing);
      writing = null;
      waiting = [];
    },
    rot() {
      const keys = [...texts.keys()];
      if (keys.length === 0) return undefined;
      const key = dice.pick(keys);
      texts.set(key, damaged(texts.get(key) as string));
      hit("bit rot");
      return key;
    },
    forget(prefix) {
      for (const key of [...texts.keys()]) if (key.startsWith(prefix)) texts.delete(key);
    },
    plant(key, text) {
      texts.set(key, text);
    },
  };
  return flash;
}
