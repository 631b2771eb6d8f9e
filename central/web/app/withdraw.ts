/** Taking something off the air, from any view, and putting it back while nothing else has gone on air since. */
import { useState } from "preact/hooks";
import type { Position } from "../../../shared/publication/manifest.ts";
import type { Api } from "./api.ts";
import { useApp, useSay } from "./context.tsx";
import { appTexts } from "./texts.ts";

/** What an undo needs is waited for so long, ms, and then done without: the screens come first. */
const REMEMBER_WITHIN_MS = 1_000;

type What = { cue: string } | { placement: string };

/** Of a cue: what stands before its generation or its occurrence. */
const placementOf = (what: What) =>
  "placement" in what ? what.placement : (what.cue.split(/[.:]/, 1)[0] ?? "");

/** What was on air, and the draft as it was: what it takes to undo. */
async function remember(api: Api, what: What) {
  const [air, draft] = await Promise.all([
    api.air(),
    // Gone from the drafts, or not to be seen: what was on air comes back all the same.
    api.placement(placementOf(what)).catch(() => undefined),
  ]);
  return { position: air.position, draft: draft?.body };
}

/** @returns false when something else went on air since: going back would take that away too */
async function putBack(
  api: Api,
  before: Awaited<ReturnType<typeof remember>>,
  withdrawn: Position,
): Promise<boolean> {
  const { position } = await api.air();
  if (!before.position || position?.hash !== withdrawn.hash) return false;
  await api.rollback(before.position.epoch, before.position.revision, "");
  if (before.draft?.state === "active") {
    const { id, ...placement } = before.draft.placement;
    const { tag } = await api.placement(id);
    await api.putPlacement(id, placement, tag);
  }
  return true;
}

/** @returns withdraws, and whether it is under way */
export function useWithdraw(): [(what: What) => Promise<void>, boolean] {
  const app = useApp();
  const { api, may, toast, failed, timers } = app;
  const say = useSay(appTexts);
  const [busy, setBusy] = useState(false);
  const withdraw = async (what: What): Promise<void> => {
    setBusy(true);
    const name = "cue" in what ? what.cue : what.placement;
    try {
      // Never in the way of withdrawing: without it there is no undo, and no more.
      const late = new Promise<undefined>((resolve) =>
        timers.after(REMEMBER_WITHIN_MS, () => resolve(undefined)),
      );
      const before =
        may("publish") && may("edit")
          ? await Promise.race([remember(api, what).catch(() => undefined), late])
          : undefined;
      const { position, waits } = await api.withdraw(what);
      const undo = (): Promise<void> =>
        (before ? putBack(api, before, position) : Promise.resolve(false)).then(
          (done) =>
            toast({
              tone: done ? "good" : "bad",
              text: say(done ? "backOnAir" : "notBack", { what: name }),
            }),
          (error) => failed(error, undo),
        );
      toast({
        tone: waits ? "info" : "good",
        text: say(waits ? "withdrawalWaits" : "withdrawn", { what: name }),
        lines: [say("revision", { epoch: position.epoch, revision: position.revision })],
        ...(before?.position && { action: { label: say("undo"), run: undo } }),
      });
    } catch (error) {
      failed(error, () => withdraw(what));
    } finally {
      setBusy(false);
    }
  };
  return [withdraw, busy];
}
