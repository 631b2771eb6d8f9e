/** A dialog over the page: holds the focus, closes on Escape, gives the focus back. */
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { useSay } from "../app/context.tsx";
import { Button } from "./button.tsx";
import { layoutTexts } from "./texts.ts";

export function Dialog(props: {
  title: string;
  onClose(): void;
  children: ComponentChildren;
  wide?: boolean;
  /** The title is for those who cannot see it. */
  bare?: boolean;
}) {
  const say = useSay(layoutTexts);
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const open = dialog.current;
    open?.showModal();
    // Whoever opens a form types: the first thing to focus would be what closes it.
    open?.querySelector<HTMLElement>(".dialog-body :is(input, select, textarea):not(:disabled)")?.focus();
    return () => open?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      class={props.wide ? "dialog wide" : "dialog"}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        props.onClose();
      }}
    >
      <div class={props.bare ? "unseen" : "dialog-head"}>
        <h2 id={id}>{props.title}</h2>
        {!props.bare && <Button tone="quiet" icon="close" label={say("close")} onClick={props.onClose} />}
      </div>
      <div class="dialog-body">{props.children}</div>
    </dialog>
  );
}
