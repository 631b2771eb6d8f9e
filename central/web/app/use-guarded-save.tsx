/**
 * Saving what a dialog edits, which was read before: when somebody else changed it meanwhile, whose shall it be? The same
 * question that the editors' pages ask; without a tag of the list that it was opened from, what is there is read first.
 */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Refused } from "../platform/http.ts";
import { useApp } from "./context.tsx";
import { MergeDialog } from "./merge-dialog.tsx";
import type { Stored } from "./stored.ts";

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

export function useGuardedSave<T extends object>(options: {
  /** What was opened; undefined: a new one. */
  opened: T | undefined;
  read(): Promise<Stored<T>>;
  /** @param tag undefined: there must be none yet */
  write(value: T, tag: string | undefined): Promise<unknown>;
  onSaved(): void;
}): { save(mine: T): Promise<void>; question: ComponentChildren } {
  const { failed } = useApp();
  const [asked, setAsked] = useState<{ base: T; mine: T; theirs: Stored<T> } | undefined>();

  /** @param base what the person saw when they typed */
  async function store(mine: T, base: T | undefined): Promise<void> {
    const now = base && (await options.read());
    if (base && now && !same(base, now.value)) {
      setAsked({ base, mine, theirs: now });
      return;
    }
    try {
      await options.write(mine, now?.tag);
    } catch (error) {
      // Between the reading and the writing: reads again.
      if (!(base && error instanceof Refused && error.code === "changed-meanwhile")) throw error;
      setAsked({ base, mine, theirs: await options.read() });
      return;
    }
    options.onSaved();
  }
  return {
    save: (mine) => store(mine, options.opened),
    question: asked && (
      <MergeDialog
        base={asked.base}
        mine={asked.mine}
        theirs={asked.theirs.value}
        onClose={() => setAsked(undefined)}
        onMerged={(merged) => {
          setAsked(undefined);
          store(merged, asked.theirs.value).catch(failed);
        }}
      />
    ),
  };
}
