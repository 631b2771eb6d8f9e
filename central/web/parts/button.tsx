/** Buttons: plain, the main one of a view, dangerous, with a second click where it cannot be taken back. */
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useApp } from "../app/context.tsx";
import { Icon, type IconName } from "./icons.tsx";

/** The second click must come within this. */
const SURE_MS = 4_000;

interface Props {
  children?: ComponentChildren;
  onClick?(): void;
  tone?: "plain" | "main" | "danger" | "quiet";
  icon?: IconName;
  /** For a button that shows no words. */
  label?: string;
  /** What it does, for who rests on it. */
  hint?: string;
  disabled?: boolean;
  busy?: boolean;
  small?: boolean;
  type?: "button" | "submit";
  name?: string;
  pressed?: boolean;
}

export function Button(props: Props) {
  const { tone = "plain", busy = false, disabled = false, type = "button" } = props;
  return (
    <button
      type={type}
      class={`button ${tone}${props.small ? " small" : ""}${props.children ? "" : " bare"}`}
      onClick={props.onClick}
      disabled={disabled || busy}
      aria-label={props.label}
      title={props.hint ?? props.label}
      aria-busy={busy}
      aria-pressed={props.pressed}
      data-name={props.name}
    >
      {busy ? <span class="spinner" aria-hidden="true" /> : props.icon && <Icon name={props.icon} />}
      {props.children}
    </button>
  );
}

/** Asks "sure?" in place: two clicks in all, no dialog. */
export function SureButton(props: Omit<Props, "children"> & { words: string; sure: string }) {
  const { timers } = useApp();
  const [asked, setAsked] = useState(false);
  useEffect(() => (asked ? timers.after(SURE_MS, () => setAsked(false)) : undefined), [asked, timers]);
  const { words, sure, onClick, ...rest } = props;
  return (
    <Button
      {...rest}
      tone={asked ? "danger" : (rest.tone ?? "danger")}
      onClick={() => {
        if (asked) onClick?.();
        setAsked(!asked);
      }}
    >
      <span aria-live="polite" class={asked ? "asked" : undefined}>
        {asked ? sure : words}
      </span>
    </Button>
  );
}
