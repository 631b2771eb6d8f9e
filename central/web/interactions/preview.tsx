/** The real overlay of the box, in a frame of its own, at the shape of a television. */
import { useEffect, useRef, useState } from "preact/hooks";
import { useSay, useSettled } from "../app/context.tsx";
import { Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import type { Form } from "./blank.ts";
import { tidyForm } from "./blank.ts";
import { interactionTexts } from "./texts.ts";

/** After the last key, before the box is shown it anew. */
const SETTLE_MS = 300;

function Frame({ form, language, large }: { form: Form; language: string; large?: boolean }) {
  const say = useSay(interactionTexts);
  const frame = useRef<HTMLIFrameElement>(null);
  const [ready, setReady] = useState(false);
  const settled = useSettled({ form, language }, SETTLE_MS);
  useEffect(() => {
    const heard = (event: MessageEvent) => {
      if (event.source === frame.current?.contentWindow && event.data?.kind === "ready") setReady(true);
    };
    addEventListener("message", heard);
    return () => removeEventListener("message", heard);
  }, []);
  useEffect(() => {
    if (!ready) return;
    const { interaction, correct } = tidyForm(settled.form);
    frame.current?.contentWindow?.postMessage(
      { kind: "show", interaction: { ...interaction, version: 1 }, correct, language: settled.language },
      location.origin,
    );
  }, [ready, settled]);
  return (
    <iframe
      ref={frame}
      class={large ? "tv large" : "tv"}
      src="/preview/"
      title={`${say("preview")} ${language}`}
    />
  );
}

/** A box takes nothing whose address it cannot open. */
function isAddressUnfinished({ interaction: { type, url, code } }: Form): boolean {
  const needed = type === "link" || (type === "coupon" && !code && url !== undefined && url !== "");
  return needed && !(/^https?:\/\/[^/]/.test(url ?? "") && URL.canParse(url ?? ""));
}

export function Preview({ form, language }: { form: Form; language: string }) {
  const say = useSay(interactionTexts);
  const [large, setLarge] = useState(false);
  return (
    <div class="preview">
      {isAddressUnfinished(form) ? (
        <p class="tv-none" role="status">
          {say("noPreview")}
        </p>
      ) : (
        <Frame form={form} language={language} />
      )}
      <div class="ends">
        <p class="quiet small">{say("previewHint")}</p>
        <Button small onClick={() => setLarge(true)} name="tv-size">
          {say("tvSize")}
        </Button>
      </div>
      {large && (
        <Dialog title={say("preview")} onClose={() => setLarge(false)} wide>
          <Frame form={form} language={language} large />
        </Dialog>
      )}
    </div>
  );
}
