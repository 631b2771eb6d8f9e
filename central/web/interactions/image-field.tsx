/** The image of an interaction: none, one of those uploaded, or a new one. */
import { useRef, useState } from "preact/hooks";
import { useApp, useResource, useSay } from "../app/context.tsx";
import { Button } from "../parts/button.tsx";
import type { Form } from "./blank.ts";
import { shrinkImage } from "./shrink.ts";
import { interactionTexts } from "./texts.ts";

type Image = Form["interaction"]["image"];
const SHOWN_MAX = 12;

export function ImageField({ image, onChange }: { image: Image; onChange(next: Image): void }) {
  const { api, toast, failed, may } = useApp();
  const say = useSay(interactionTexts);
  const { value, reload } = useResource("images", api.images, ["drafts"]);
  const [busy, setBusy] = useState(false);
  const input = useRef<HTMLInputElement>(null);

  async function upload(file: File) {
    setBusy(true);
    try {
      const shrunk = await shrinkImage(file);
      if (!shrunk) {
        toast({ tone: "bad", text: say("imageBad"), lines: [say("imageHint")] });
        return;
      }
      const { sha256, width, height } = await api.uploadImage(shrunk.blob, file.name.slice(0, 200));
      onChange({ sha256, width, height });
      reload();
      if (shrunk.changed) {
        toast({
          tone: "info",
          text: say("imageShrunk", { width, height, size: Math.ceil(shrunk.blob.size / 1024) }),
        });
      }
    } catch (error) {
      failed(error, () => upload(file));
    } finally {
      setBusy(false);
    }
  }

  return (
    <fieldset class="images">
      <legend>{say("image")}</legend>
      <div class="thumbs">
        <button
          type="button"
          class="thumb"
          aria-pressed={image === undefined}
          onClick={() => onChange(undefined)}
        >
          {say("imageNone")}
        </button>
        {(value?.images ?? []).slice(0, SHOWN_MAX).map(({ sha256, width, height, name }) => (
          <button
            type="button"
            class="thumb"
            key={sha256}
            aria-pressed={image?.sha256 === sha256}
            aria-label={name || sha256.slice(0, 8)}
            onClick={() => onChange({ sha256, width, height })}
          >
            <img src={`/api/v1/images/${sha256}`} alt="" loading="lazy" />
          </button>
        ))}
      </div>
      <input
        ref={input}
        type="file"
        class="unseen"
        tabIndex={-1}
        aria-label={say("imageUpload")}
        accept="image/png,image/jpeg,image/webp,image/*"
        data-name="image-file"
        onChange={(event) => {
          const [file] = event.currentTarget.files ?? [];
          event.currentTarget.value = "";
          if (file) upload(file);
        }}
      />
      {may("edit") && (
        <Button small icon="plus" busy={busy} onClick={() => input.current?.click()}>
          {say("imageUpload")}
        </Button>
      )}
      <p class="hint">{say("imageHint")}</p>
    </fieldset>
  );
}
