/** Around the editor of a group or a rule: its buttons, what is wrong, what it does, and the merge question. */
import type { ComponentChildren } from "preact";
import { useApp, useSay } from "../app/context.tsx";
import { formatPlace } from "../app/router.ts";
import { SomebodyElse } from "../app/somebody-else.tsx";
import type { Edited } from "../app/use-edited.ts";
import { Button, SureButton } from "../parts/button.tsx";
import { ErrorBanner } from "../parts/error-banner.tsx";
import { Pill, View } from "../parts/layout.tsx";
import { LookOnly } from "../parts/look-only.tsx";
import { channelTexts } from "./texts.ts";

export function EditorFrame<T extends { id: string }>(props: {
  title: string;
  isNew: boolean;
  edited: Edited<T>;
  effect: ComponentChildren;
  /** Takes it away. */
  onRemove(): Promise<void>;
  /** Puts it back as it was. */
  onRestore(): Promise<unknown>;
  children: ComponentChildren;
}) {
  const { go, may, toast, failed } = useApp();
  const say = useSay(channelTexts);
  const { edited, isNew } = props;
  const { id } = edited.base;
  async function remove() {
    try {
      await props.onRemove();
      edited.forget();
      go("channels");
      toast({
        tone: "info",
        text: say("removed", { id }),
        action: { label: say("undo"), run: () => void props.onRestore().catch(failed) },
      });
    } catch (error) {
      failed(error, remove);
    }
  }
  return (
    <View
      title={props.title}
      actions={
        <>
          {edited.touched && <Pill tone="warn">{say("unsaved")}</Pill>}
          {edited.touched && <Button onClick={edited.forget}>{say("discard")}</Button>}
          {!isNew && may("edit") && (
            <SureButton words={say("remove")} sure={say("removeSure")} onClick={remove} name="remove" />
          )}
          {may("edit") ? (
            <Button tone="main" busy={edited.busy} onClick={edited.save} name="save">
              {say("save")}
            </Button>
          ) : (
            <LookOnly />
          )}
        </>
      }
    >
      <p class="crumbs">
        <a href={formatPlace("channels")}>← {say("back")}</a>
      </p>
      <ErrorBanner title={say("wrong")} errors={edited.errors} />
      <SomebodyElse edited={edited} onLetGo={() => go("channels")} />
      <div class="split editor">
        <div class="stack">{props.children}</div>
        <div class="stack sticky">{props.effect}</div>
      </div>
    </View>
  );
}
