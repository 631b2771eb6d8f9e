/** API tokens of tools: made with a role and an end, shown once, revoked at once. */
import { useState } from "preact/hooks";
import type { Role } from "../../people/roles.ts";
import { useApp, useResource, useSay } from "../app/context.tsx";
import { dateTime } from "../app/format.ts";
import { Button, SureButton } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Field, Loaded, Panel, Pill, Table } from "../parts/layout.tsx";
import { copyText } from "../platform/browser.ts";
import { RoleSelect } from "./role-select.tsx";
import { peopleTexts } from "./texts.ts";

const DAY_MS = 86_400_000;
const DAYS = [7, 30, 365];

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
                <td class="quiet figures">{dateTime(token.createdAtMs, language)}</td>
                <td class="quiet figures">
                  {token.expiresAtMs === undefined ? say("never") : dateTime(token.expiresAtMs, language)}
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
  const { api, now, toast, failed } = useApp();
  const say = useSay(peopleTexts);
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("viewer");
  const [days, setDays] = useState(30);
  const [made, setMade] = useState<string | undefined>();
  if (made !== undefined) {
    return (
      <Dialog title={say("newToken")} onClose={onClose}>
        <p>{say("tokenOnce")}</p>
        <pre class="code">{made}</pre>
        <div class="actions">
          <Button
            icon="copy"
            onClick={() =>
              copyText(made).then((done) => done && toast({ tone: "info", text: say("copied") }))
            }
          >
            {say("copy")}
          </Button>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog title={say("newToken")} onClose={onClose}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          api
            .makeToken({ name, role, ...(days > 0 && { expiresAtMs: now() + days * DAY_MS }) })
            .then(({ token }) => setMade(token), failed);
        }}
      >
        <Field label={say("tokenName")}>
          {(id) => (
            <input
              {...id}
              type="text"
              required
              maxLength={100}
              value={name}
              onInput={(event) => setName(event.currentTarget.value)}
            />
          )}
        </Field>
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
              <option value={0}>{say("never")}</option>
            </select>
          )}
        </Field>
        <div class="actions">
          <Button type="submit" tone="main">
            {say("save")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
