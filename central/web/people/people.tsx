/** Who may sign in and which tools may ask; what each role may do. */
import { useState } from "preact/hooks";
import type { Role } from "../../people/roles.ts";
import type { PeopleReply } from "../../routes/people.ts";
import { useApp, useResource, useSay } from "../app/context.tsx";
import { fullDate } from "../app/format.ts";
import { Button } from "../parts/button.tsx";
import { FormDialog } from "../parts/form-dialog.tsx";
import { Field, Loaded, Panel, Pill, Table, View } from "../parts/layout.tsx";
import { NotAllowed } from "../parts/not-allowed.tsx";
import { TextField } from "../parts/text-field.tsx";
import { RoleDialog } from "./role-dialog.tsx";
import { RoleSelect } from "./role-select.tsx";
import { ShutOutDialog } from "./shut-out-dialog.tsx";
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
      {adding && <PersonDialog people={people.value?.people ?? []} onClose={() => setAdding(false)} />}
    </View>
  );
}

function List({ people }: PeopleReply) {
  const { language, who } = useApp();
  const say = useSay(peopleTexts);
  const [asked, setAsked] = useState<{ what: "role" | "out"; name: string } | undefined>();
  const person = people.find(({ name }) => name === asked?.name);
  const question = person && { person, people, onClose: () => setAsked(undefined) };
  return (
    <Panel title={say("people")}>
      <Table label={say("people")} heads={[say("name"), say("role"), say("since"), say("sessions"), ""]}>
        {people.map(({ name, role, createdAtMs, sessions }) => (
          <tr key={name}>
            <td class="strong">
              {name} {name === who.name && <span class="quiet small">{say("you")}</span>}
            </td>
            <td>
              <Pill>{say(role)}</Pill>
            </td>
            <td class="quiet figures nowrap">{fullDate(createdAtMs, language)}</td>
            <td class="figures">{sessions}</td>
            <td class="right">
              <Button
                small
                label={`${say("changeRole")} ${name}`}
                name={`role-${name}`}
                onClick={() => setAsked({ what: "role", name })}
              >
                {say("changeRole")}
              </Button>{" "}
              {name !== who.name && (
                <Button
                  small
                  tone="danger"
                  label={say("removeWho", { name })}
                  name={`remove-${name}`}
                  onClick={() => setAsked({ what: "out", name })}
                >
                  {say("remove")}
                </Button>
              )}
            </td>
          </tr>
        ))}
      </Table>
      {question && asked?.what === "role" && <RoleDialog {...question} />}
      {question && asked?.what === "out" && <ShutOutDialog {...question} />}
    </Panel>
  );
}

function PersonDialog({ people, onClose }: Pick<PeopleReply, "people"> & { onClose(): void }) {
  const { api, toast, failed } = useApp();
  const say = useSay(peopleTexts);
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("viewer");
  const [password, setPassword] = useState("");
  const taken = people.some((each) => each.name === name);
  const undo = async () => {
    await api.removePerson(name, false);
    toast({ tone: "info", text: say("removed", { name }) });
  };
  const save = async () => {
    await api.putPerson(name, { role, password }, undefined);
    toast({
      ...{ tone: "good", text: say("saved", { name, role: say(role) }) },
      action: { label: say("undo"), run: () => void undo().catch(failed) },
    });
    onClose();
  };
  return (
    <FormDialog title={say("add")} save={say("save")} blocked={taken} onClose={onClose} onSave={save}>
      <TextField label={say("name")} isId maxLength={100} value={name} onInput={setName} />
      {taken && <p class="error">{say("taken", { name })}</p>}
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
