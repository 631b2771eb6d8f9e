/** What just happened, for a while: good news leaves by itself, bad news stays until it is closed. */
import { useEffect } from "preact/hooks";
import type { Timers } from "../../../shared/time/timers.ts";
import { Button } from "../parts/button.tsx";
import type { Toast } from "./context.tsx";

/** Long enough to read two lines and to reach Undo. */
const SHOWN_MS = 8_000;

export interface ShownToast extends Toast {
  id: number;
}

function One({
  toast,
  close,
  closeLabel,
  timers,
}: {
  toast: ShownToast;
  close(): void;
  closeLabel: string;
  timers: Timers;
}) {
  useEffect(() => (toast.tone === "bad" ? undefined : timers.after(SHOWN_MS, close)), [toast.id]);
  return (
    <div class={`toast ${toast.tone}`} role={toast.tone === "bad" ? "alert" : "status"}>
      <div class="toast-words">
        <p>{toast.text}</p>
        {toast.lines?.map((line) => (
          <p class="quiet" key={line}>
            {line}
          </p>
        ))}
      </div>
      {toast.action && (
        <Button
          small
          onClick={() => {
            toast.action?.run();
            close();
          }}
        >
          {toast.action.label}
        </Button>
      )}
      <Button small tone="quiet" icon="close" label={closeLabel} onClick={close} />
    </div>
  );
}

export function Toasts(props: {
  toasts: ShownToast[];
  close(id: number): void;
  closeLabel: string;
  timers: Timers;
}) {
  return (
    <div class="toasts">
      {props.toasts.map((toast) => (
        <One
          key={toast.id}
          toast={toast}
          close={() => props.close(toast.id)}
          closeLabel={props.closeLabel}
          timers={props.timers}
        />
      ))}
    </div>
  );
}
