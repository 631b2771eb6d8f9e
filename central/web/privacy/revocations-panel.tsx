/** Boxes of which tokens were revoked: by hash, since nobody shall read ids here. */
import { useState } from "preact/hooks";
import type { RevocationsReply } from "../../routes/boxes.ts";
import { useApp, useResource, useSay } from "../app/context.tsx";
import { fullDate } from "../app/format.ts";
import { Button } from "../parts/button.tsx";
import { Empty, Loaded, Panel, Table } from "../parts/layout.tsx";
import { privacyTexts } from "./texts.ts";

export function RevocationsPanel() {
  const { api, language, failed } = useApp();
  const say = useSay(privacyTexts);
  const first = useResource("revocations", () => api.revocations(), ["air", "people"]);
  const [older, setOlder] = useState<RevocationsReply | undefined>();
  return (
    <Panel title={say("revocations")}>
      <Loaded of={first}>
        {(page) => {
          const all = [...page.revocations, ...(older?.revocations ?? [])];
          const next = older ? older.next : page.next;
          if (all.length === 0) return <Empty title={say("noRevocations")}>{say("noRevocationsDo")}</Empty>;
          const more = () =>
            api
              .revocations(next)
              .then(
                (read) =>
                  setOlder({ ...read, revocations: [...(older?.revocations ?? []), ...read.revocations] }),
                failed,
              );
          return (
            <>
              <Table label={say("revocations")} heads={[say("hash"), say("when"), say("by")]} tall>
                {all.map(({ box, atMs, by }) => (
                  <tr key={`${box}${atMs}`}>
                    <td class="mono">{box.slice(0, 16)}…</td>
                    <td class="figures quiet nowrap">{fullDate(atMs, language)}</td>
                    <td class="quiet">{by}</td>
                  </tr>
                ))}
              </Table>
              {next !== undefined && (
                <div class="actions foot">
                  <Button onClick={more}>{say("more")}</Button>
                </div>
              )}
            </>
          );
        }}
      </Loaded>
    </Panel>
  );
}
