/** Who may sign in and which tools may ask; what each role may do. */
import { useState } from "preact/hooks";
import type { Role } from "../../people/roles.ts";
import type { PeopleReply } from "../../routes/people.ts";
import { useApp, useResource, useSay } from "../app/context.tsx";
import { fullDate } from "../app/format.ts";
import { Button, SureButton } from "../parts/button.tsx";
import { FormDialog } from "../parts/form-dialog.tsx";
import { Field, Loaded, Panel, Pill, Table, View } from "../parts/layout.tsx";
import { NotAllowed } from "../parts/not-allowed.tsx";
import { TextField } from "../parts/text-field.tsx";
import { RoleSelect } from "./role-select.tsx";
import { peopleTexts } from "./texts.ts";
import { Tokens } from "./tokens.tsx";

export function People() {
  const { api, may } = useApp();
  const say = useSay(peopleTexts);
  if (!may("administer")) return <NotAllowed title={say("title")} />;
  return <Admitted load={api.people} />;
}

function Admitted({ load }: { load(): Promise<PeopleReply> }) {
  const say = useSay(peopleTexts);
  const people = useResource("people", load, ["people"]);
  const [adding, setAdding] = useState(false);
  return (
    <View
      title={say("title")}
      about={say("about")}
      actions={
        <Button tone="main" icon="plus" onClick={() => setAdding(true)} name="add-person">
          {say("add")}
        </Button>
      }
    >
      <div class="stack">
        <Loaded of={people}>{(value) => <List {...value} />}</Loaded>
        <Tokens />
        <Loaded of={people}>{({ roles }) => <Roles roles={roles} />}</Loaded>
      </div>
      {adding && <PersonDialog onClose={() => setAdding(false)} />}
    </View>
  );
}

function List({ people }: PeopleReply) {
  const { api, language, toast, failed, who } = useApp();
  const say = useSay(peopleTexts);
  return (
    <Panel title={say("people")}>
      <Table label={say("people")} heads={[say("name"), say("role"), say("since"), say("sessions"), ""]}>
        {people.map((person) => (
          <tr key={person.name}>
            <td class="strong">{person.name}</td>
            <td>
              <RoleSelect
                label={`${say("role")} ${person.name}`}
                value={person.role}
                onChange={(role) => {
                  api
                    .putPerson(person.name, { role })
                    .then(
                      () =>
                        toast({ tone: "good", text: say("saved", { name: person.name, role: say(role) }) }),
                      failed,
                    );
                }}
              />
            </td>
            <td class="quiet figures">{fullDate(person.createdAtMs, language)}</td>
            <td class="figures">{person.sessions}</td>
            <td class="right">
              {person.name !== who.name && (
                <SureButton
                  small
                  words={say("remove")}
                  sure={say("sure")}
                  onClick={() => {
                    api
                      .removePerson(person.name)
                      .then(
                        () => toast({ tone: "info", text: say("removed", { name: person.name }) }),
                        failed,
                      );
                  }}
                />
              )}
            </td>
          </tr>
        ))}
      </Table>
    </Panel>
  );
}

function PersonDialog({ onClose }: { onClose(): void }) {
  const { api, toast } = useApp();
  const say = useSay(peopleTexts);
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("editor");
  const [password, setPassword] = useState("");
  const save = async () => {
    await api.putPerson(name, { role, password });
    toast({ tone: "good", text: say("saved", { name, role: say(role) }) });
    onClose();
  };
  return (
    <FormDialog title={say("add")} save={say("save")} onClose={onClose} onSave={save}>
      <TextField label={say("name")} isId maxLength={100} value={name} onInput={setName} />
      <Field label={say("role")}>
        {({ id }) => <RoleSelect id={id} label={say("role")} value={role} onChange={setRole} />}
      </Field>
      <TextField
        label={say("password")}
        hint={say("passwordHint")}
        secret
        autocomplete="new-password"
        minLength={10}
        value={password}
        onInput={setPassword}
      />
    </FormDialog>
  );
}

function Roles({ roles }: Pick<PeopleReply, "roles">) {
  const say = useSay(peopleTexts);
  const actions = roles.find(({ role }) => role === "admin")?.may ?? [];
  return (
    <Panel title={say("roles")}>
      <Table label={say("roles")} heads={[say("role"), ...actions.map((action) => say(action))]}>
        {roles.map(({ role, may }) => (
          <tr key={role}>
            <td class="strong">{say(role)}</td>
            {actions.map((action) => (
              <td key={action}>
                {may.includes(action) ? (
                  <Pill tone="good">{say("yes")}</Pill>
                ) : (
                  <span class="quiet small">{say("no")}</span>
                )}
              </td>
            ))}
          </tr>
        ))}
      </Table>
    </Panel>
  );
}
