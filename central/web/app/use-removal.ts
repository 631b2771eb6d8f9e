/** Takes a thing away as it was seen, and offers to put it back. */
import { useState } from "preact/hooks";
import { useApp, useSay } from "./context.tsx";
import type { Stored } from "./stored.ts";
import type { Texts } from "./words.ts";

const texts = {
  removed: ["{id} removed. It leaves the air with the next publication.", "已删除 {id}，随下次发布下线。"],
  undo: ["Undo", "撤销"],
} as const satisfies Texts;

export function useRemoval<T extends { id: string }>(options: {
  read(id: string): Promise<Stored<T>>;
  remove(id: string, tag: string | undefined): Promise<void>;
  put(value: T, tag: undefined): Promise<unknown>;
}): [remove: (id: string, done?: () => void) => void, busy: string | undefined] {
  const { toast, failed } = useApp();
  const say = useSay(texts);
  const [busy, setBusy] = useState<string | undefined>();
  async function remove(id: string, done?: () => void): Promise<void> {
    setBusy(id);
    try {
      const { value, tag } = await options.read(id);
      await options.remove(id, tag);
      const undo = () => void options.put(value, undefined).catch(failed);
      toast({ tone: "info", text: say("removed", { id }), action: { label: say("undo"), run: undo } });
      done?.();
    } catch (error) {
      failed(error);
    } finally {
      setBusy(undefined);
    }
  }
  return [(id, done) => void remove(id, done), busy];
}
