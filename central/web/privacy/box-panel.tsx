/** One box: its tokens, and forgetting it. */
import { useState } from "preact/hooks";
import { useApp, useSay } from "../app/context.tsx";
import { fullDate, number } from "../app/format.ts";
import { Button, SureButton } from "../parts/button.tsx";
import { CopyDialog } from "../parts/copy-dialog.tsx";
import { Field, Panel } from "../parts/layout.tsx";
import { privacyTexts } from "./texts.ts";

const VALID_DAYS = 365;

export function BoxPanel() {
  const { api, language, may, toast, failed } = useApp();
  const say = useSay(privacyTexts);
  const [box, setBox] = useState("");
  const [days, setDays] = useState(VALID_DAYS);
  const [busy, setBusy] = useState(false);
  const [made, setMade] = useState<{ box: string; token: string; expiresAtMs: number } | undefined>();
  const named = box.trim();
  async function during(work: () => Promise<void>) {
    setBusy(true);
    try {
      await work();
    } catch (error) {
      failed(error, () => during(work));
    } finally {
      setBusy(false);
    }
  }
  const issue = () =>
    during(async () => {
      setMade({ box: named, ...(await api.boxToken(named, days)) });
    });
  const revoke = () =>
    during(async () => {
      const { published } = await api.revokeBox(named);
      toast({ tone: "good", text: say(published ? "revoked" : "revokedLater") });
    });
  const erase = () =>
    during(async () => {
      const { answers, cues } = await api.eraseBox(named);
      toast({
        tone: cues === 0 && answers === 0 ? "info" : "good",
        text: say(cues === 0 && answers === 0 ? "erasedNothing" : "erased", {
          n: number(answers, language),
          cues: number(cues, language),
        }),
      });
    });
  return (
    <Panel title={say("box")}>
      <div class="stack tight">
        <p class="quiet small">{say("boxAbout")}</p>
        <Field label={say("boxId")} hint={say("boxIdHint")}>
          {(id) => (
            <input
              {...id}
              type="text"
              class="mono"
              maxLength={100}
              data-name="box"
              value={box}
              onInput={(event) => setBox(event.currentTarget.value)}
            />
          )}
        </Field>
        {may("operate") && (
          <>
            <Field label={say("tokenDays")}>
              {(id) => (
                <input
                  {...id}
                  type="number"
                  min={1}
                  max={VALID_DAYS}
                  value={days}
                  onInput={(event) => {
                    const typed = event.currentTarget.valueAsNumber;
                    if (Number.isFinite(typed)) setDays(Math.min(VALID_DAYS, Math.max(1, Math.round(typed))));
                  }}
                />
              )}
            </Field>
            <div class="actions">
              <Button busy={busy} disabled={named === ""} onClick={issue} name="box-token">
                {say("token")}
              </Button>
              <SureButton
                busy={busy}
                disabled={named === ""}
                words={say("revoke")}
                sure={say("revokeSure")}
                onClick={revoke}
                name="revoke-box"
              />
            </div>
          </>
        )}
        {may("administer") && (
          <div class="actions">
            <SureButton
              busy={busy}
              disabled={named === ""}
              words={say("erase")}
              sure={say("eraseSure")}
              onClick={erase}
              name="erase-box"
            />
          </div>
        )}
      </div>
      {made && (
        <CopyDialog
          title={say("tokenTitle", { box: made.box })}
          about={say("tokenAbout", { at: fullDate(made.expiresAtMs, language) })}
          text={made.token}
          onClose={() => setMade(undefined)}
        />
      )}
    </Panel>
  );
}
