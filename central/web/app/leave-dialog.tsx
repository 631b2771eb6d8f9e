/** Asked before signing out where something is unsaved: does it stay here for this person, or go? */
import { Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { useSay } from "./context.tsx";
import { appTexts } from "./texts.ts";

const SHOWN_MAX = 8;
/** By the first word of a draft's key. */
const KINDS = { interaction: "unsavedInteraction", placement: "unsavedPlacement" } as const;

export function LeaveDialog(props: {
  unsaved: readonly string[];
  /** @param forget removes what is unsaved */
  onLeave(forget: boolean): void;
  onClose(): void;
}) {
  const say = useSay(appTexts);
  const { unsaved, onLeave } = props;
  const words = (thing: string) => {
    const [kind = "", ...rest] = thing.split(" ");
    return kind in KINDS ? say(KINDS[kind as keyof typeof KINDS], { what: rest.join(" ").trim() }) : thing;
  };
  return (
    <Dialog title={say("unsaved")} onClose={props.onClose}>
      <div class="stack">
        <p>{say("unsavedAbout")}</p>
        <ul class="rows">
          {unsaved.slice(0, SHOWN_MAX).map((thing) => (
            <li class="row" key={thing}>
              {words(thing)}
            </li>
          ))}
        </ul>
        {unsaved.length > SHOWN_MAX && (
          <p class="quiet">{say("unsavedMore", { n: unsaved.length - SHOWN_MAX })}</p>
        )}
        <div class="actions">
          <Button tone="danger" name="leave-forget" onClick={() => onLeave(true)}>
            {say("leaveForget")}
          </Button>
          <Button name="leave-keep" onClick={() => onLeave(false)}>
            {say("leaveKeep")}
          </Button>
          <Button tone="quiet" onClick={props.onClose}>
            {say("stay")}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
