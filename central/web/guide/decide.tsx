/** Accepts or refuses what was held back of an import. */
import { useState } from "preact/hooks";
import type { ImportSummary } from "../../guide/import-report.ts";
import { useApp, useSay } from "../app/context.tsx";
import { Button, SureButton } from "../parts/button.tsx";
import { guideTexts } from "./texts.ts";

export function Decide({ summary }: { summary: ImportSummary }) {
  const { api, toast, failed, may } = useApp();
  const say = useSay(guideTexts);
  const [busy, setBusy] = useState<"accept" | "refuse" | undefined>();
  if (summary.expiresAtMs === undefined) return null;
  async function decide(how: "accept" | "refuse") {
    setBusy(how);
    try {
      await api.decideImport(summary.id, how);
      toast({ tone: "good", text: say(how === "accept" ? "accepted" : "refused") });
    } catch (error) {
      failed(error, () => decide(how));
    } finally {
      setBusy(undefined);
    }
  }
  return (
    <>
      {may("publish") && (
        <Button
          small
          tone="main"
          busy={busy === "accept"}
          onClick={() => decide("accept")}
          name="accept-import"
        >
          {say("accept")}
        </Button>
      )}
      {may("guide") && (
        <SureButton
          small
          busy={busy === "refuse"}
          words={say("refuse")}
          sure={say("refuseSure")}
          onClick={() => decide("refuse")}
          name="refuse-import"
        />
      )}
    </>
  );
}
