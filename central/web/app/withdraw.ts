/** Taking something off the air, from any view. */
import { useState } from "preact/hooks";
import { useApp, useSay } from "./context.tsx";
import { appTexts } from "./texts.ts";

/** @returns withdraws, and whether it is under way */
export function useWithdraw(): [(what: { cue: string } | { placement: string }) => Promise<void>, boolean] {
  const app = useApp();
  const say = useSay(appTexts);
  const [busy, setBusy] = useState(false);
  const withdraw = async (what: { cue: string } | { placement: string }): Promise<void> => {
    setBusy(true);
    const name = "cue" in what ? what.cue : what.placement;
    try {
      const { position } = await app.api.withdraw(what);
      app.toast({
        tone: "good",
        text: say("withdrawn", { what: name }),
        lines: [say("revision", { epoch: position.epoch, revision: position.revision })],
      });
    } catch (error) {
      app.failed(error, () => withdraw(what));
    } finally {
      setBusy(false);
    }
  };
  return [withdraw, busy];
}
