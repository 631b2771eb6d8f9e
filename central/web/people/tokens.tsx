/** API tokens of tools: made with a role and an end, shown once, revoked at once. */
import { useState } from "preact/hooks";
import type { Role } from "../../people/roles.ts";
import { useApp, useResource, useSay } from "../app/context.tsx";
import { fullDate } from "../app/format.ts";
import { Button, SureButton } from "../parts/button.tsx";
import { CopyDialog } from "../parts/copy-dialog.tsx";
import { FormDialog } from "../parts/form-dialog.tsx";
import { Field, Loaded, Panel, Pill, Table } from "../parts/layout.tsx";
import { TextField } from "../parts/text-field.tsx";
import { RoleSelect } from "./role-select.tsx";
import { peopleTexts } from "./texts.ts";

const DAY_MS = 86_400_000;
const DAYS = [7, 30, 90, 365];

export function Tokens() {
  const { api, language, toast, failed } = useApp();
  const say = useSay(peopleTexts);
  const tokens = useResource("tokens", api.tokens, ["people"]);
  const [making, setMaking] = useState(false);
  return (
    <Panel
      title={say("tokens")}
      side={
        <Button small icon="plus" onClick={() => setMaking(true)}>
          {say("newToken")}
        </Button>
      }
    >
      <Loaded of={tokens}>
        {({ tokens: all }) => (
          <Table
            label={say("tokens")}
            heads={[say("tokenName"), say("role"), say("since"), say("expires"), say("by"), ""]}
          >
            {all.map((token) => (
              <tr key={token.id}>
                <td>
                  <span class="strong">{token.name}</span>{" "}
                  <span class="quiet small mono">{token.id.slice(0, 8)}</span>
                </td>
                <td>
                  <Pill>{say(token.role)}</Pill>
                </td>
                <td class="quiet figures">{fullDate(token.createdAtMs, language)}</td>
                <td class="quiet figures">
                  {token.expiresAtMs === undefined ? say("never") : fullDate(token.expiresAtMs, language)}
                </td>
                <td class="quiet">{token.createdBy ?? "–"}</td>
                <td class="right">
                  <SureButton
                    small
                    words={say("revoke")}
                    sure={say("revokeSure")}
                    onClick={() => {
                      api
                        .revokeToken(token.id)
                        .then(
                          () => toast({ tone: "info", text: say("revoked", { name: token.name }) }),
                          failed,
                        );
                    }}
                  />
                </td>
              </tr>
            ))}
          </Table>
        )}
      </Loaded>
      {making && <TokenDialog onClose={() => setMaking(false)} />}
    </Panel>
  );
}

function TokenDialog({ onClose }: { onClose(): void }) {
  const { api, now } = useApp();
  const say = useSay(peopleTexts);
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("viewer");
  const [days, setDays] = useState(30);
  const [made, setMade] = useState<string | undefined>();
  if (made !== undefined) {
    return <CopyDialog title={say("newToken")} about={say("tokenOnce")} text={made} onClose={onClose} />;
  }
  const save = async () => {
    setMade((await api.makeToken({ name, role, expiresAtMs: now() + days * DAY_MS })).token);
  };
  return (
    <FormDialog title={say("newToken")} save={say("save")} onClose={onClose} onSave={save}>
      <TextField label={say("tokenName")} maxLength={100} value={name} onInput={setName} />
      <Field label={say("role")}>
        {({ id }) => <RoleSelect id={id} label={say("role")} value={role} onChange={setRole} />}
      </Field>
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
