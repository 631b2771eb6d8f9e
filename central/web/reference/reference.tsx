/** The API's reference: search and routes at the left, one route, or the overview, beside it. */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { PROBLEMS } from "../../routes/problems.ts";
import { useLook } from "../app/use-look.ts";
import { createSay } from "../app/words.ts";
import { Icon } from "../parts/icons.tsx";
import { found, type OpenApiDocument, operationsOf, searchText } from "./document.ts";
import { Method, OperationView, Problems } from "./operation-view.tsx";
import { referenceTexts } from "./texts.ts";

export interface ReferencePorts {
  load(): Promise<OpenApiDocument>;
  keep: { read(key: string): string | undefined; write(key: string, value: string | undefined): void };
}

const placeOf = () => decodeURIComponent(location.hash.replace(/^#\/?/, ""));

export function Reference({ load, keep }: ReferencePorts) {
  const { language, dark, switchLanguage, switchTheme } = useLook(keep);
  const [document_, setDocument] = useState<OpenApiDocument | "failed" | undefined>();
  const [place, setPlace] = useState(placeOf);
  const [question, setQuestion] = useState("");
  const searchField = useRef<HTMLInputElement>(null);
  const say = useMemo(() => createSay(referenceTexts, language), [language]);

  useEffect(() => {
    load().then(setDocument, () => setDocument("failed"));
  }, [load]);
  useEffect(() => {
    document.title = `${say("title")} · Cuecast`;
  }, [say]);
  useEffect(() => {
    const moved = () => {
      setPlace(placeOf());
      scrollTo(0, 0);
    };
    const pressed = (event: KeyboardEvent) => {
      const typing = event.target instanceof HTMLInputElement;
      if (event.key === "/" && !typing) {
        event.preventDefault();
        searchField.current?.focus();
      }
    };
    addEventListener("hashchange", moved);
    addEventListener("keydown", pressed);
    return () => {
      removeEventListener("hashchange", moved);
      removeEventListener("keydown", pressed);
    };
  }, []);

  const entries = useMemo(
    () =>
      typeof document_ === "object"
        ? operationsOf(document_).map((operation) => ({ operation, text: searchText(operation) }))
        : [],
    [document_],
  );
  const shown = found(entries, question);
  const groups = Map.groupBy(shown, ({ operation }) => operation.group);
  const chosen = entries.find(({ operation }) => operation.id === place)?.operation;

  return (
    <div class="reference">
      <button type="button" class="skip" onClick={() => document.getElementById("content")?.focus()}>
        {say("skip")}
      </button>
      <nav class="routes" aria-label={say("title")}>
        <p class="brand">
          <a href="/">Cuecast</a> <span class="quiet">API</span>
        </p>
        <input
          ref={searchField}
          type="search"
          aria-label={say("search")}
          placeholder={`${say("search")}  /`}
          value={question}
          onInput={(event) => setQuestion(event.currentTarget.value)}
        />
        <p class="quiet small" role="status">
          {say("routes", { n: shown.length })}
        </p>
        <div class="route-list" tabindex={0}>
          <a href="#/" aria-current={chosen ? undefined : "page"}>
            {say("overview")}
          </a>
          {shown.length === 0 && typeof document_ === "object" && <p class="quiet">{say("none")}</p>}
          {[...groups].map(([group, own]) => (
            <div key={group}>
              <p class="section">{say(group as keyof typeof referenceTexts)}</p>
              <ul>
                {own.map(({ operation: { id, method, path, summary } }) => (
                  <li key={id}>
                    <a href={`#/${id}`} title={summary} aria-current={id === place ? "page" : undefined}>
                      <Method method={method} />
                      <span class="cut">{path.replace("/api/v1", "")}</span>
                    </a>
                  </li>
                ))}
              </ul>
            </div>
          ))}
        </div>
      </nav>
      <div class="body">
        <header class="top">
          <a class="grow" href="/">
            ← {say("back")}
          </a>
          <a href="/openapi.json">{say("document")}</a>
          <button type="button" class="button quiet" onClick={switchLanguage}>
            {say("language")}
          </button>
          <button
            type="button"
            class="button quiet bare"
            aria-label={say("theme")}
            title={say("theme")}
            onClick={switchTheme}
          >
            <Icon name={dark ? "sun" : "moon"} />
          </button>
        </header>
        <main id="content" tabIndex={-1}>
          {document_ === "failed" ? (
            <p class="banner bad">{say("failed")}</p>
          ) : chosen ? (
            <OperationView key={chosen.id} operation={chosen} language={language} say={say} />
          ) : (
            <article class="operation">
              <h1>{say("title")}</h1>
              <p>{say("about")}</p>
              {(["signIn", "edits", "live", "times", "problems"] as const).map((section) => (
                <section key={section}>
                  <h2>{say(section)}</h2>
                  <p>{say(`${section}Say`)}</p>
                </section>
              ))}
              <Problems codes={Object.keys(PROBLEMS)} language={language} say={say} />
            </article>
          )}
        </main>
      </div>
    </div>
  );
}
