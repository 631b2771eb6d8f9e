/** The pieces that views are put together from: heading, panel, table, empty state, pill, field. */
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import type { Resource } from "../app/context.tsx";
import { useApp, useSay } from "../app/context.tsx";
import { problemWords } from "../app/problem-words.ts";
import { formatPlace, type ViewName } from "../app/router.ts";
import { appTexts } from "../app/texts.ts";
import { Refused } from "../platform/http.ts";
import { layoutTexts } from "./texts.ts";

export function View(props: {
  title: string;
  about?: string;
  actions?: ComponentChildren;
  children: ComponentChildren;
}) {
  return (
    <div class="view">
      <div class="view-head">
        <div>
          <h1>{props.title}</h1>
          {props.about && <p class="quiet">{props.about}</p>}
        </div>
        <div class="actions">{props.actions}</div>
      </div>
      {props.children}
    </div>
  );
}

export function Panel(props: {
  title?: ComponentChildren;
  side?: ComponentChildren;
  children: ComponentChildren;
  class?: string;
}) {
  return (
    <section class={`panel ${props.class ?? ""}`}>
      {props.title !== undefined && (
        <div class="panel-head">
          <h2>{props.title}</h2>
          <div class="actions">{props.side}</div>
        </div>
      )}
      {props.children}
    </section>
  );
}

/** What is not there yet, how it comes to be, and the view where that is done. */
export function Empty(props: { title: string; children?: ComponentChildren; to?: ViewName }) {
  const say = useSay(appTexts);
  return (
    <div class="empty">
      <p class="empty-title">{props.title}</p>
      <p class="quiet">{props.children}</p>
      {props.to && (
        <a class="button plain small" href={formatPlace(props.to)}>
          {say(props.to)}
        </a>
      )}
    </div>
  );
}

export type Tone = "good" | "bad" | "warn" | "info" | "plain";
export function Pill(props: { tone?: Tone; children: ComponentChildren; dashed?: boolean }) {
  return (
    <span class={`pill ${props.tone ?? "plain"}${props.dashed ? " dashed" : ""}`}>{props.children}</span>
  );
}
export function Dot({ tone }: { tone: Tone }) {
  return <span class={`dot ${tone}`} aria-hidden="true" />;
}

/** Scrolls by itself; its head stays. Can be reached by keyboard, so that it can be scrolled by it. */
export function Table(props: {
  label: string;
  heads: ComponentChildren[];
  children: ComponentChildren;
  tall?: boolean;
}) {
  return (
    <div class={props.tall ? "table tall" : "table"} role="region" aria-label={props.label} tabindex={0}>
      <table>
        <thead class={props.heads.some(Boolean) ? "" : "unseen"}>
          <tr>
            {props.heads.map((head, index) => (
              <th scope="col" key={String(index)}>
                {head === "" ? <span class="unseen">·</span> : head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{props.children}</tbody>
      </table>
    </div>
  );
}

/** A label, a control that it belongs to, a hint, and what is wrong with it. */
export function Field(props: {
  label: string;
  hint?: string | undefined;
  error?: string | undefined;
  children: (id: { id: string; "aria-describedby": string; "aria-invalid": boolean }) => ComponentChildren;
}) {
  const id = useId();
  return (
    <div class={props.error ? "field wrong" : "field"}>
      <label for={id}>{props.label}</label>
      {props.children({ id, "aria-describedby": `${id}-hint`, "aria-invalid": props.error !== undefined })}
      <p class="hint" id={`${id}-hint`}>
        {props.error ? <span class="error">{props.error}</span> : props.hint}
      </p>
    </div>
  );
}

/**
 * Shows what came; before that, that it is coming, or why it does not.
 *
 * @param props.within a view that is this alone: what has no heading yet gets this one, and the way back to the list
 */
export function Loaded<T>(props: {
  of: Resource<T>;
  within?: ViewName;
  children: (value: T) => ComponentChildren;
}) {
  const { language } = useApp();
  const say = useSay(layoutTexts);
  const name = useSay(appTexts);
  const { value, error, reload } = props.of;
  if (value !== undefined) return <>{props.children(value)}</>;
  if (error === undefined) {
    return (
      <div class="loading" role="status">
        <span class="unseen">{say("loading")}</span>
        <i />
        <i />
        <i />
      </div>
    );
  }
  const refused = error instanceof Refused ? problemWords(error, language).text : say("unreachable");
  // What is not there does not come by asking again.
  const isGone = error instanceof Refused && error.status === 404;
  const why = (
    <div class="empty" role="alert">
      <p class="empty-title">{refused}</p>
      {isGone && <p class="quiet">{say("goneDo")}</p>}
      {!isGone && (
        <button type="button" class="button plain" onClick={reload}>
          {say("again")}
        </button>
      )}
      {isGone && props.within && (
        <a class="button plain small" href={formatPlace(props.within)}>
          {name(props.within)}
        </a>
      )}
    </div>
  );
  if (!props.within) return why;
  return (
    <View title={isGone ? say("gone") : name(props.within)}>
      <Panel>{why}</Panel>
    </View>
  );
}
