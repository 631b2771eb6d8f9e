/** Chooses a role. */
import { ROLES, type Role } from "../../people/roles.ts";
import { useSay } from "../app/context.tsx";
import { peopleTexts } from "./texts.ts";

export function RoleSelect(props: { id?: string; label: string; value: Role; onChange(role: Role): void }) {
  const say = useSay(peopleTexts);
  return (
    <select
      id={props.id}
      aria-label={props.label}
      value={props.value}
      onChange={(event) => props.onChange(event.currentTarget.value as Role)}
    >
      {ROLES.map((role) => (
        <option key={role} value={role}>
          {say(role)}
        </option>
      ))}
    </select>
  );
}
