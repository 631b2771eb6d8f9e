/** A dialog with a form: it is sent once, however often it is clicked, and closes when it was taken. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { useApp } from "../app/context.tsx";
import { Button } from "./button.tsx";
import { Dialog } from "./dialog.tsx";

export function FormDialog(props: {
  title: string;
  /** On the button that sends it. */
  save: string;
  wide?: boolean;
  /** It cannot be taken back. */
  danger?: boolean;
  /** It cannot be sent as it stands; the form says why. */
  blocked?: boolean;
  onClose(): void;
  /** What it does; who made the dialog closes it, or shows what came. */
  onSave(): Promise<void>;
  /** Beside what sends it: another thing that can be done with what the form is of. */
  side?: ComponentChildren;
  children: ComponentChildren;
}) {
  const { failed } = useApp();
  const [busy, setBusy] = useState(false);
  return (
    <Dialog title={props.title} wide={props.wide ?? false} onClose={props.onClose}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (busy || props.blocked) return;
          setBusy(true);
          props
            .onSave()
            .catch(failed)
            .finally(() => setBusy(false));
        }}
      >
        {props.children}
        <div class="actions ends">
          <Button
            type="submit"
            tone={props.danger ? "danger" : "main"}
            disabled={props.blocked ?? false}
            busy={busy}
            name="send"
          >
            {props.save}
          </Button>
          {props.side}
        </div>
      </form>
    </Dialog>
  );
}
