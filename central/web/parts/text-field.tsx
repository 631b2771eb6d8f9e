/** A line of text that a form needs, with its label. */
import { Field } from "./layout.tsx";

interface Props {
  label: string;
  hint?: string;
  value: string;
  onInput(value: string): void;
  /** Typed unseen. */
  secret?: boolean;
  maxLength?: number;
  minLength?: number;
  /** The alphabet of ids; else anything. */
  isId?: boolean;
  autocomplete?: "current-password" | "new-password";
}

export function TextField({ label, hint, onInput, isId = false, secret = false, ...rest }: Props) {
  return (
    <Field label={label} hint={hint}>
      {(field) => (
        <input
          {...field}
          {...rest}
          {...(secret ? { type: "password" as const } : { type: "text" as const })}
          required
          {...(isId && { class: "mono", pattern: "[A-Za-z0-9._:~\\-]+" })}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}
