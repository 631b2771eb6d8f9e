/** Who did what, page by page, with what each change changed. */
import { useEffect, useState } from "preact/hooks";
import type { AuditEntry } from "../../people/audit.ts";
import { useApp, useResource, useSay, useSettled } from "../app/context.tsx";
import { dateTime } from "../app/format.ts";
import { Button } from "../parts/button.tsx";
import { Empty, Loaded, Panel, Table, View } from "../parts/layout.tsx";
import { Changes } from "../publish/changes.tsx";
import { deedWords } from "./deeds.ts";
import { auditTexts } from "./texts.ts";

const SETTLE_MS = 300;

export function Audit({ subject: asked }: { subject: string | undefined }) {
  const { api, language, failed } = useApp();
  const say = useSay(auditTexts);
  const [subject, setSubject] = useState(asked ?? "");
  const [who, setWho] = useState("");
  const filter = useSettled({ subject: subject.trim(), who: who.trim() }, SETTLE_MS);
  const key = `audit ${filter.subject} ${filter.who}`;
  const first = useResource(key, () => api.audit(filter), ["drafts", "air", "people", "guide", "edges"]);
  const [older, setOlder] = useState<{ entries: AuditEntry[]; next: number | undefined } | undefined>();
  useEffect(() => setOlder(undefined), [key, first.value]);
  const next = older ? older.next : first.value?.next;
  async function more() {
    try {
      const page = await api.audit({ ...filter, ...(next !== undefined && { before: next }) });
      setOlder({ entries: [...(older?.entries ?? []), ...page.entries], next: page.next });
    } catch (error) {
      failed(error, more);
    }
  }
  return (
    <View title={say("title")} about={say("about")}>
      <div class="filters">
        <input
          type="search"
          aria-label={say("filterSubject")}
          placeholder={say("filterSubject")}
          value={subject}
          onInput={(event) => setSubject(event.currentTarget.value)}
        />
        <input
          type="search"
          aria-label={say("filterWho")}
          placeholder={say("filterWho")}
          value={who}
          onInput={(event) => setWho(event.currentTarget.value)}
        />
      </div>
      <Panel>
        <Loaded of={first}>
          {({ entries }) => {
            const all = [...entries, ...(older?.entries ?? [])];
            if (all.length === 0) return <Empty title={say("none")}>{say("noneDo")}</Empty>;
            return (
              <>
                <Table
                  label={say("title")}
                  heads={[say("when"), say("who"), say("what"), say("subject"), say("changes"), say("from")]}
                >
                  {all.map((entry) => (
                    <tr key={entry.id}>
                      <td class="figures quiet nowrap">{dateTime(entry.atMs, language)}</td>
                      <td class="nowrap">{entry.who.replace(/^person:/, "")}</td>
                      <td>
                        {deedWords(entry.what, language)}
                        {entry.what.includes("/") && (
                          <span class="block mono small quiet">{entry.what.replace("/api/v1", "")}</span>
                        )}
                      </td>
                      <td>
                        {entry.subject !== undefined && (
                          <button type="button" class="link" onClick={() => setSubject(entry.subject ?? "")}>
                            {entry.subject}
                          </button>
                        )}
                      </td>
                      <td class="widest">
                        {entry.changes.length > 0 ? (
                          <Changes changes={entry.changes} />
                        ) : (
                          entry.detail.length > 2 && (
                            <details>
                              <summary class="quiet small">{say("sent")}</summary>
                              <pre class="code small">{entry.detail}</pre>
                            </details>
                          )
                        )}
                      </td>
                      <td class="quiet small mono">{entry.address}</td>
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
    </View>
  );
}
