/** A new API token, with no more than it needs; and revoking one, which cannot be undone. */
import { useState } from "preact/hooks";
import { type Action, actionsOf, type Role } from "../../people/roles.ts";
import type { TokensReply } from "../../routes/tokens.ts";
import { useApp, useSay } from "../app/context.tsx";
import { CopyDialog } from "../parts/copy-dialog.tsx";
import { FormDialog } from "../parts/form-dialog.tsx";
import { Field } from "../parts/layout.tsx";
import { TextField } from "../parts/text-field.tsx";
import { RoleSelect } from "./role-select.tsx";
import { peopleTexts } from "./texts.ts";

const DAY_MS = 86_400_000;
const DAYS = [7, 30, 90, 365];

export function TokenDialog({ onClose }: { onClose(): void }) {
  const { api, now, toast, failed } = useApp();
  const say = useSay(peopleTexts);
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("viewer");
  const [left, setLeft] = useState<readonly Action[]>([]);
  const [days, setDays] = useState(30);
  const [made, setMade] = useState<{ id: string; token: string } | undefined>();
  if (made !== undefined) {
    const undo = () =>
      api
        .revokeToken(made.id)
        .then(() => toast({ tone: "info", text: say("revoked", { name }) }))
        .catch(failed);
    const close = () => {
      onClose();
      toast({
        ...{ tone: "good", text: say("made", { name }) },
        action: { label: say("undo"), run: () => void undo() },
      });
    };
    return <CopyDialog title={say("newToken")} about={say("tokenOnce")} text={made.token} onClose={close} />;
  }
  const may = actionsOf(role);
  const scope = may.filter((action) => !left.includes(action));
  const save = async () => {
    const narrowed = scope.length < may.length ? { scope } : {};
    setMade(await api.makeToken({ name, role, ...narrowed, expiresAtMs: now() + days * DAY_MS }));
  };
  const tick = (action: Action, ticked: boolean) =>
    setLeft(ticked ? left.filter((each) => each !== action) : [...left, action]);
  return (
    <FormDialog
      title={say("newToken")}
      save={say("save")}
      blocked={scope.length === 0}
      onClose={onClose}
      onSave={save}
    >
      <TextField label={say("tokenName")} maxLength={100} value={name} onInput={setName} />
      <Field label={say("role")}>
        {({ id }) => <RoleSelect id={id} label={say("role")} value={role} onChange={setRole} />}
      </Field>
      {may.length > 1 && (
        <fieldset>
          <legend>{say("scope")}</legend>
          {may.map((action) => (
            <label class="check" key={action}>
              <input
                type="checkbox"
                checked={!left.includes(action)}
                onChange={(event) => tick(action, event.currentTarget.checked)}
              />
              {say(action)}
            </label>
          ))}
        </fieldset>
      )}
      <Field label={say("expires")}>
        {(id) => (
          <select {...id} value={days} onChange={(event) => setDays(Number(event.currentTarget.value))}>
            {DAYS.map((n) => (
              <option key={n} value={n}>
                {say("days", { n })}
              </option>
            ))}
          </select>
        )}
      </Field>
    </FormDialog>
  );
}

export function RevokeDialog(props: { token: TokensReply["tokens"][number]; onClose(): void }) {
  const { api, toast } = useApp();
  const say = useSay(peopleTexts);
  const { id, name } = props.token;
  const save = async () => {
    await api.revokeToken(id);
    toast({ tone: "info", text: say("revoked", { name }) });
    props.onClose();
  };
  return (
    <FormDialog
      title={say("revokeWhich", { name })}
      save={say("revokeWhich", { name })}
      danger
      onClose={props.onClose}
      onSave={save}
    >
      <p>{say("revokeAbout")}</p>
    </FormDialog>
  );
}
