/** Another role for somebody: chosen, told what it means, and only then done; can be undone. */
import { useState } from "preact/hooks";
import type { Role } from "../../people/roles.ts";
import type { PeopleReply } from "../../routes/people.ts";
import { useApp, useResource, useSay } from "../app/context.tsx";
import { useGuardedSave } from "../app/use-guarded-save.tsx";
import { listed } from "../app/words.ts";
import { FormDialog } from "../parts/form-dialog.tsx";
import { Field } from "../parts/layout.tsx";
import { roleChange, tokensNarrowed, tokensOf } from "./role-change.ts";
import { RoleSelect } from "./role-select.tsx";
import { peopleTexts } from "./texts.ts";

type Person = PeopleReply["people"][number];

export function RoleDialog(props: { person: Person; people: readonly Person[]; onClose(): void }) {
  const { api, language, toast, failed, who } = useApp();
  const say = useSay(peopleTexts);
  const { name, role: from } = props.person;
  const [to, setTo] = useState<Role>(from);
  const change = roleChange(props.people, { name, from, to, asker: who.name });
  const tokens = useResource("tokens", api.tokens, ["people"]);
  const narrowed = tokensNarrowed(tokensOf(tokens.value?.tokens ?? [], name), to);
  const actions = (of: typeof change.gains) =>
    listed(
      of.map((action) => say(action)),
      language,
    );
  const undo = async (): Promise<void> => {
    // Somebody else may have decided otherwise since.
    const { value, tag } = await api.person(name);
    if (value.role !== to) {
      toast({ tone: "bad", text: say("notUndone", { name }) });
      return;
    }
    await api.putPerson(name, { role: from }, tag);
    toast({ tone: "good", text: say("saved", { name, role: say(from) }) });
  };
  const guarded = useGuardedSave<{ role: Role }>({
    opened: { role: from },
    read: () => api.person(name).then(({ value, tag }) => ({ value: { role: value.role }, tag })),
    write: ({ role }, tag) => api.putPerson(name, { role }, tag),
    onSaved() {
      toast({
        tone: "good",
        text: say("saved", { name, role: say(to) }),
        ...(!change.locksOut && { action: { label: say("undo"), run: () => void undo().catch(failed) } }),
      });
      props.onClose();
    },
  });
  return (
    <>
      <FormDialog
        title={say("roleOf", { name })}
        save={change.same ? say("change") : say("makeRole", { name, role: say(to) })}
        blocked={change.same || change.lastAdmin}
        onClose={props.onClose}
        onSave={() => guarded.save({ role: to })}
      >
        <Field label={say("role")} error={change.lastAdmin ? say("lastAdmin", { name }) : undefined}>
          {({ id }) => <RoleSelect id={id} label={say("role")} value={to} onChange={setTo} />}
        </Field>
        <div aria-live="polite">
          {change.same && <p class="quiet">{say("isNow", { name, role: say(from) })}</p>}
          {change.gains.length > 0 && <p>{say("gains", { what: actions(change.gains) })}</p>}
          {change.loses.length > 0 && <p>{say("loses", { what: actions(change.loses) })}</p>}
          {narrowed.length > 0 && (
            <p>
              {say("tokensToo", {
                name,
                tokens: listed(
                  narrowed.map((token) => token.name),
                  language,
                ),
              })}
            </p>
          )}
          {change.locksOut && !change.lastAdmin && <p class="error">{say("yourself")}</p>}
        </div>
      </FormDialog>
      {guarded.question}
    </>
  );
}
