/** Viewers' privacy: what is kept for how long, and what can be done about a single box. */
import { useApp, useSay } from "../app/context.tsx";
import { View } from "../parts/layout.tsx";
import { NotAllowed } from "../parts/not-allowed.tsx";
import { BoxPanel } from "./box-panel.tsx";
import { RetentionPanel } from "./retention-panel.tsx";
import { RevocationsPanel } from "./revocations-panel.tsx";
import { privacyTexts } from "./texts.ts";

export function Privacy() {
  const { may } = useApp();
  const say = useSay(privacyTexts);
  if (!may("audit")) return <NotAllowed title={say("title")} />;
  return (
    <View title={say("title")} about={say("about")}>
      <div class="split">
        <div class="stack">
          <RetentionPanel />
        </div>
        <div class="stack">
          {(may("operate") || may("administer")) && <BoxPanel />}
          {may("operate") && <RevocationsPanel />}
        </div>
      </div>
    </View>
  );
}
