/** Asked before signing out where something is unsaved: does it stay here for this person, or go? */
import { Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { useApp, useSay } from "./context.tsx";
import { appTexts } from "./texts.ts";
import { unsavedWords } from "./unsaved-words.ts";

const SHOWN_MAX = 8;
export function LeaveDialog(props: {
  unsaved: readonly string[];
  /** @param forget removes what is unsaved */
  onLeave(forget: boolean): void;
  onClose(): void;
}) {
  const { language } = useApp();
  const say = useSay(appTexts);
  const { unsaved, onLeave } = props;
  return (
    <Dialog title={say("unsaved")} onClose={props.onClose}>
      <div class="stack">
        <p>{say("unsavedAbout")}</p>
        <ul class="rows">
          {unsaved.slice(0, SHOWN_MAX).map((thing) => (
            <li class="row" key={thing}>
              {unsavedWords(thing, language)}
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
