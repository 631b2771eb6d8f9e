/** API tokens of tools: what each may, until when, and who answers for it. */
import { useState } from "preact/hooks";
import type { TokensReply } from "../../routes/tokens.ts";
import { useApp, useResource, useSay } from "../app/context.tsx";
import { fullDate } from "../app/format.ts";
import { listed } from "../app/words.ts";
import { Button } from "../parts/button.tsx";
import { Loaded, Panel, Pill, Table } from "../parts/layout.tsx";
import { isCapped } from "./role-change.ts";
import { peopleTexts } from "./texts.ts";
import { RevokeDialog, TokenDialog } from "./token-dialogs.tsx";

type Token = TokensReply["tokens"][number];

export function Tokens() {
  const { api, language, now } = useApp();
  const say = useSay(peopleTexts);
  const tokens = useResource("tokens", api.tokens, ["people"]);
  const [making, setMaking] = useState(false);
  const [revoking, setRevoking] = useState<Token | undefined>();
  return (
    <Panel
      title={say("tokens")}
      side={
        <Button small icon="plus" onClick={() => setMaking(true)} name="new-token">
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
                  <Pill>{say(token.role)}</Pill>{" "}
                  {token.scope && (
                    <span class="quiet small">
                      {say("only", {
                        what: listed(
                          token.scope.map((action) => say(action)),
                          language,
                        ),
                      })}
                    </span>
                  )}
                  {token.personRole && isCapped(token) && (
                    <span class="block small capped">
                      {say("cappedBy", {
                        person: token.person ?? "",
                        role: say(token.personRole),
                        what:
                          token.may.length === 0
                            ? say("mayNothing")
                            : say("mayOnly", {
                                what: listed(
                                  token.may.map((action) => say(action)),
                                  language,
                                ),
                              }),
                      })}
                    </span>
                  )}
                </td>
                <td class="quiet figures">{fullDate(token.createdAtMs, language)}</td>
                <td class="quiet figures">
                  {token.expiresAtMs === undefined ? say("never") : fullDate(token.expiresAtMs, language)}{" "}
                  {(token.expiresAtMs ?? Number.POSITIVE_INFINITY) <= now() && (
                    <Pill tone="bad">{say("ended")}</Pill>
                  )}
                </td>
                <td class="quiet">{token.person ?? token.createdBy ?? "–"}</td>
                <td class="right">
                  <Button
                    small
                    tone="danger"
                    onClick={() => setRevoking(token)}
                    name={`revoke-${token.name}`}
                  >
                    {say("revoke")}
                  </Button>
                </td>
              </tr>
            ))}
          </Table>
        )}
      </Loaded>
      {making && <TokenDialog onClose={() => setMaking(false)} />}
      {revoking && <RevokeDialog token={revoking} onClose={() => setRevoking(undefined)} />}
    </Panel>
  );
}
