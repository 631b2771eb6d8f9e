/** Who did what, page by page, with what each change changed. */
import { useEffect, useState } from "preact/hooks";
import { useApp, useResource, useSay, useSettled } from "../app/context.tsx";
import { dateTime } from "../app/format.ts";
import { Button } from "../parts/button.tsx";
import { Empty, Loaded, Panel, Table, View } from "../parts/layout.tsx";
import { NotAllowed } from "../parts/not-allowed.tsx";
import { Changes } from "../publish/changes.tsx";
import { type AuditPage, withNewest } from "./audit-page.ts";
import { deedWords } from "./deeds.ts";
import { auditTexts } from "./texts.ts";

const SETTLE_MS = 300;
/** Names offered of those who were seen. */
const OFFERED_MAX = 50;

/** A person is meant unless a token is: only tokens are shown with what they are. */
const asker = (typed: string) => (typed === "" || typed.includes(":") ? typed : `person:${typed}`);
const shownName = (who: string) => who.replace(/^person:/, "");

/** An image is known by the hash of its bytes, which says nothing to a reader. */
const shortened = (subject: string) =>
  /^[0-9a-f]{64}$/.test(subject) ? `${subject.slice(0, 12)}…` : subject;

export function Audit({ subject: asked }: { subject: string | undefined }) {
  const { may } = useApp();
  const say = useSay(auditTexts);
  if (!may("audit")) return <NotAllowed title={say("title")} />;
  return <Entries asked={asked} />;
}

function Entries({ asked }: { asked: string | undefined }) {
  const { api, language, failed } = useApp();
  const say = useSay(auditTexts);
  const [subject, setSubject] = useState(asked ?? "");
  const [who, setWho] = useState("");
  const filter = useSettled({ subject: subject.trim(), who: asker(who.trim()) }, SETTLE_MS);
  const key = `audit ${filter.subject} ${filter.who}`;
  const first = useResource(key, () => api.audit(filter), ["drafts", "air", "people", "guide"]);
  const [known, setKnown] = useState<{ key: string; page: AuditPage } | undefined>();
  useEffect(() => {
    const newest = first.value;
    if (newest)
      setKnown((before) => ({
        key,
        page: before?.key === key ? withNewest(before.page, newest) : newest,
      }));
  }, [key, first.value]);
  const page = known?.key === key ? known.page : first.value;
  const [offered, setOffered] = useState<readonly string[]>([]);
  useEffect(() => {
    const seen = new Set([...offered, ...(page?.entries ?? []).map((entry) => shownName(entry.who))]);
    if (seen.size > offered.length) setOffered([...seen].sort().slice(0, OFFERED_MAX));
  }, [page]);
  async function more() {
    if (page?.next === undefined) return;
    try {
      const older = await api.audit({ ...filter, before: page.next });
      setKnown({ key, page: { entries: [...page.entries, ...older.entries], next: older.next } });
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
          list="audit-names"
          value={who}
          onInput={(event) => setWho(event.currentTarget.value)}
        />
        <datalist id="audit-names">
          {offered.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
      </div>
      <Panel>
        <Loaded of={first}>
          {(newest) => {
            const { entries: all, next } = page ?? newest;
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
                      <td class="nowrap">
                        <button type="button" class="link" onClick={() => setWho(shownName(entry.who))}>
                          {shownName(entry.who)}
                        </button>
                      </td>
                      <td class="deed">
                        {deedWords(entry.what, language)}
                        {entry.what.includes("/") && (
                          <span class="block mono small quiet">{entry.what.replace("/api/v1", "")}</span>
                        )}
                      </td>
                      <td>
                        {entry.subject !== undefined && (
                          <button
                            type="button"
                            class="link"
                            title={entry.subject}
                            onClick={() => setSubject(entry.subject ?? "")}
                          >
                            {shortened(entry.subject)}
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
                              <pre class="code small" tabIndex={0}>
                                {entry.detail}
                              </pre>
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
