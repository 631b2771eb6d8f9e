/** One route: who may, what it takes, what it gives, what goes wrong, and a call that can be copied. */
import { useState } from "preact/hooks";
import { PROBLEMS, type ProblemWords } from "../../routes/problems.ts";
import { type Language, listed, type Say } from "../app/words.ts";
import { copyText } from "../platform/browser.ts";
import { type Operation, type Parameter, problemsOf, replyOf } from "./document.ts";
import { sampleOf } from "./sample.ts";
import { Kind, SchemaTree } from "./schema-tree.tsx";
import type { referenceTexts } from "./texts.ts";

type Words = Say<typeof referenceTexts>;

export function Method({ method }: { method: string }) {
  return <span class={`method ${method.toLowerCase()}`}>{method}</span>;
}

function Code({ text, say }: { text: string; say: Words }) {
  const [copied, setCopied] = useState(false);
  return (
    <div class="call">
      <pre tabindex={0}>{text}</pre>
      <button
        type="button"
        class="button plain small"
        onClick={() => copyText(text).then((done) => setCopied(done))}
      >
        {say(copied ? "copied" : "copy")}
      </button>
    </div>
  );
}

const filledPath = ({ path }: Operation) =>
  path.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(sampleOf({ type: "string" }, name)));

/** A call on the command line. */
export function curlOf(operation: Operation, origin: string): string {
  const query = (operation.parameters ?? [])
    .filter(({ in: where, required }) => where === "query" && required)
    .map(({ name, schema }) => `${name}=${encodeURIComponent(String(sampleOf(schema, name)))}`)
    .join("&");
  const content = operation.requestBody?.content;
  const example = content?.["application/json"]?.example;
  const lines = [
    `curl -sS${operation.method === "GET" ? "" : ` -X ${operation.method}`} '${origin}${filledPath(operation)}${query ? `?${query}` : ""}'`,
    ...(operation.security.length > 0 ? [`-H "Authorization: Bearer $TOKEN"`] : []),
    ...(example !== undefined
      ? [
          "-H 'Content-Type: application/json'",
          `-d '${JSON.stringify(example, null, 2).replaceAll("'", "'\\''")}'`,
        ]
      : content
        ? ["--data-binary @FILE"]
        : []),
  ];
  return lines.join(" \\\n  ");
}

function Parameters({ parameters, say }: { parameters: readonly Parameter[]; say: Words }) {
  return (
    <section>
      <h2>{say("parameters")}</h2>
      <ul class="fields">
        {parameters.map(({ name, in: where, required, schema }) => (
          <li key={name}>
            <span class="mono strong">{name}</span> <Kind schema={schema} />
            <span class="quiet small">{say(where)}</span>{" "}
            {required && <span class="needed">{say("required")}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}

export function Problems(props: { codes: readonly string[]; language: Language; say: Words }) {
  const { codes, language, say } = props;
  const known = PROBLEMS as Record<string, ProblemWords | undefined>;
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{say("status")}</th>
          <th scope="col">{say("code")}</th>
          <th scope="col">{say("whatToDo")}</th>
        </tr>
      </thead>
      <tbody>
        {codes.map((code) => {
          const [status, en, zh] = known[code] ?? [0, "", ""];
          return (
            <tr key={code}>
              <td class="figures">{status}</td>
              <td class="mono">{code}</td>
              <td>{language === "zh" ? zh : en}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

export function OperationView(props: { operation: Operation; language: Language; say: Words }) {
  const { operation, language, say } = props;
  const { method, path, summary, parameters, security } = operation;
  const content = operation.requestBody?.content;
  const body = content?.["application/json"]?.schema;
  const reply = replyOf(operation);
  const roles = operation["x-roles"];
  const codes = problemsOf(operation).flatMap(([, each]) => each);
  return (
    <article class="operation">
      <h1>
        <Method method={method} /> <span class="mono">{path}</span>
      </h1>
      <p>{summary}</p>
      <p class="quiet">
        {say("roles", {
          who: roles ? listed(roles, language) : say(security.length === 0 ? "open" : "edge"),
        })}
      </p>
      <div class="split even">
        <div class="stack">
          {parameters && <Parameters parameters={parameters} say={say} />}
          {content && (
            <section>
              <h2>{say("body")}</h2>
              {body ? <SchemaTree schema={body} say={say} /> : <p class="quiet">{say("bytes")}</p>}
            </section>
          )}
          <section>
            <h2>
              {say("reply")} <span class="figures quiet">{reply.status}</span>
            </h2>
            {reply.schema ? (
              <>
                {reply.schema.type !== "object" && <Kind schema={reply.schema} />}
                <SchemaTree schema={reply.schema} say={say} />
              </>
            ) : (
              <p class="quiet">{say(reply.status === "204" ? "noBody" : "otherReply")}</p>
            )}
          </section>
        </div>
        <div class="stack">
          <section>
            <h2>{say("example")}</h2>
            <Code text={curlOf(operation, location.origin)} say={say} />
          </section>
          {reply.schema && (
            <section>
              <h2>{say("sample")}</h2>
              <Code text={JSON.stringify(sampleOf(reply.schema), null, 2)} say={say} />
            </section>
          )}
        </div>
      </div>
      {codes.length > 0 && (
        <section>
          <h2>{say("problems")}</h2>
          <Problems codes={codes} language={language} say={say} />
        </section>
      )}
    </article>
  );
}
