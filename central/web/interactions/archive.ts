/** Archiving an interaction and bringing it back, from wherever; each tells what it did and can be undone. */
import { useApp, useSay } from "../app/context.tsx";
import { problemWords } from "../app/problem-words.ts";
import { appTexts } from "../app/texts.ts";
import { Refused } from "../platform/http.ts";
import { interactionTexts } from "./texts.ts";

export interface Archiving {
  /** @param what its title. @returns whether it was done */
  archive(id: string, what: string): Promise<boolean>;
  bringBack(id: string, what: string): Promise<boolean>;
}

export function useArchiving(): Archiving {
  const { api, toast, failed, go, language } = useApp();
  const say = useSay(interactionTexts);
  const sayApp = useSay(appTexts);

  async function archive(id: string, what: string, undone = false): Promise<boolean> {
    try {
      await api.archive(id);
    } catch (error) {
      if (!(error instanceof Refused && error.code === "in-use")) failed(error, () => archive(id, what));
      else {
        const placement = String(error.errors[0]?.facts?.placement ?? "");
        toast({
          ...{ tone: "bad", ...problemWords(error, language) },
          action: {
            label: say("showPlacement", { placement }),
            run: () => go("placements", placement),
          },
        });
      }
      return false;
    }
    const undo = { label: sayApp("undo"), run: () => void bringBack(id, what, true) };
    toast({ tone: "good", text: say("archived", { what }), ...(!undone && { action: undo }) });
    return true;
  }

  async function bringBack(id: string, what: string, undone = false): Promise<boolean> {
    try {
      await api.bringBack(id);
    } catch (error) {
      failed(error, () => bringBack(id, what));
      return false;
    }
    const undo = { label: sayApp("undo"), run: () => void archive(id, what, true) };
    toast({ tone: "good", text: say("broughtBack", { what }), ...(!undone && { action: undo }) });
    return true;
  }
  return { archive: (id, what) => archive(id, what), bringBack: (id, what) => bringBack(id, what) };
}
