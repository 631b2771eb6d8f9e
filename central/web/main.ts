/** The editors' page: signs in, asks central every two seconds, draws. Everything goes through `/api/v1`. */
import { LANGUAGES, type Language } from "./texts.ts";
import { cuesSection, edgesSection, element, onAirSection, type PageData, resultsSection } from "./view.ts";

const POLL_MS = 2_000;
/** The second click of "withdraw" must come within this. */
const SURE_MS = 4_000;

const page = document.querySelector("#page") as HTMLElement;
let language: Language = (localStorage.getItem("language") ?? navigator.language).startsWith("en")
  ? "en"
  : "zh";
let data: PageData | undefined;
let trouble = "";
let notice = "";
let asked: string | undefined;
/** Central's clock minus this one's. */
let offsetMs = 0;
/** Remembered, so that a visitor who never signed in is not answered with refusals. */
let signedIn = localStorage.getItem("signed-in") === "1";
let serial = 0;

const texts = () => LANGUAGES[language];

class Refused extends Error {
  readonly status: number;
  constructor(status: number, detail: string) {
    super(detail);
    this.status = status;
  }
}

async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const reply = await fetch(path, {
    method,
    headers: { "content-type": "application/json", "x-cuecast": "page" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(20_000),
  });
  const text = await reply.text();
  const value = text === "" ? undefined : JSON.parse(text);
  if (reply.ok) return value as T;
  const lines = (value?.errors ?? []).map((error: { message: string }) => error.message);
  throw new Refused(reply.status, [value?.detail ?? `HTTP ${reply.status}`, ...lines].join("\n"));
}

type Entry = {
  interaction: {
    id: string;
    defaultLanguage: string;
    texts: Record<string, { title?: string; options?: Record<string, string> }>;
  };
};

function labelsOf(entries: Entry[]): PageData["labels"] {
  return new Map(
    entries.map(({ interaction }) => {
      const wanted = Object.keys(interaction.texts).find((tag) => tag.startsWith(language));
      const chosen = interaction.texts[wanted ?? interaction.defaultLanguage];
      return [interaction.id, { title: chosen?.title ?? interaction.id, options: chosen?.options ?? {} }];
    }),
  );
}

function remember(signed: boolean): void {
  signedIn = signed;
  localStorage.setItem("signed-in", signed ? "1" : "0");
}

async function refresh(): Promise<void> {
  if (!signedIn) return;
  const own = ++serial;
  try {
    const [onAir, air, results, edges, interactions] = await Promise.all([
      call<PageData["onAir"]>("GET", "/api/v1/on-air"),
      call<{ position?: PageData["position"] }>("GET", "/api/v1/air"),
      call<{ results: PageData["results"] }>("GET", "/api/v1/results"),
      call<{ edges: PageData["edges"] }>("GET", "/api/v1/edges"),
      call<{ interactions: Entry[] }>("GET", "/api/v1/interactions"),
    ]);
    if (own !== serial) return;
    offsetMs = onAir.nowMs - Date.now();
    data = {
      onAir,
      position: air.position,
      results: results.results,
      edges: edges.edges,
      labels: labelsOf(interactions.interactions),
    };
    trouble = "";
  } catch (error) {
    if (error instanceof Refused && error.status === 401) remember(false);
    else trouble = error instanceof Refused ? error.message : texts().unreachable;
  }
}

async function act(run: () => Promise<string>): Promise<void> {
  try {
    notice = await run();
    trouble = "";
  } catch (error) {
    notice = "";
    trouble = error instanceof Error ? error.message : String(error);
  }
  await refresh();
  draw();
}

function withdraw(cue: string): void {
  if (asked !== cue) {
    asked = cue;
    setTimeout(() => {
      if (asked === cue) asked = undefined;
      draw();
    }, SURE_MS);
    draw();
    return;
  }
  asked = undefined;
  act(async () => {
    await call("POST", "/api/v1/withdraw", { cue });
    return `${texts().withdraw}: ${cue}`;
  });
}

function header(): HTMLElement {
  const t = texts();
  const position = data?.position;
  return element(
    "header",
    {},
    element("h1", {}, "Cuecast"),
    element("span", { class: "state" }, position ? `${t.onAir} ${position.epoch}/${position.revision}` : ""),
    element(
      "button",
      {
        type: "button",
        "data-key": "language",
        click: () => {
          language = language === "zh" ? "en" : "zh";
          localStorage.setItem("language", language);
          refresh().then(draw);
        },
      },
      language === "zh" ? "English" : "中文",
    ),
    element(
      "button",
      {
        type: "button",
        "data-key": "theme",
        click: () => {
          const dark = document.documentElement.dataset.theme
            ? document.documentElement.dataset.theme === "dark"
            : matchMedia("(prefers-color-scheme: dark)").matches;
          document.documentElement.dataset.theme = dark ? "light" : "dark";
          localStorage.setItem("theme", dark ? "light" : "dark");
        },
      },
      t.theme,
    ),
    signedIn &&
      element(
        "button",
        {
          type: "button",
          "data-key": "sign-out",
          click: () =>
            act(async () => {
              await call("DELETE", "/api/v1/session");
              remember(false);
              return "";
            }),
        },
        t.signOut,
      ),
  );
}

function signInForm(): HTMLElement {
  const t = texts();
  const name = element("input", { name: "name", value: "editor", autocomplete: "username", required: true });
  const password = element("input", {
    name: "password",
    type: "password",
    autocomplete: "current-password",
    required: true,
  });
  const submit = (event: Event) => {
    event.preventDefault();
    const body = {
      name: (name as HTMLInputElement).value,
      password: (password as HTMLInputElement).value,
    };
    act(async () => {
      await call("POST", "/api/v1/session", body);
      remember(true);
      return "";
    });
  };
  return element(
    "section",
    { class: "sign-in" },
    element("h2", {}, t.signIn),
    element(
      "form",
      { submit, class: "sign-in-form" },
      element("label", {}, t.name, name),
      element("label", {}, t.password, password),
      element("button", { class: "main" }, t.signIn),
    ),
    trouble !== "" && element("p", { role: "alert" }, trouble),
  );
}

function publishSection(comment: string): HTMLElement {
  const t = texts();
  const input = element("input", {
    name: "comment",
    placeholder: t.comment,
    "aria-label": t.comment,
    maxlength: 500,
    "data-key": "comment",
  });
  (input as HTMLInputElement).value = comment;
  const submit = (event: Event) => {
    event.preventDefault();
    const text = (input as HTMLInputElement).value.trim();
    act(async () => {
      const done = await call<{ changed: boolean; position: { epoch: number; revision: number } }>(
        "POST",
        "/api/v1/publish",
        text === "" ? {} : { comment: text },
      );
      if (!done.changed) return t.unchanged;
      (page.querySelector('[name="comment"]') as HTMLInputElement | null)?.setAttribute("value", "");
      return `${t.published} ${done.position.epoch}/${done.position.revision}`;
    });
  };
  return element(
    "section",
    {},
    element("h2", {}, t.publish),
    element(
      "form",
      { submit, class: "row" },
      input,
      element("button", { class: "main", "data-key": "publish" }, t.publish),
    ),
    notice !== "" && element("p", { class: "good", role: "status" }, notice),
    trouble !== "" && element("p", { role: "alert" }, trouble),
  );
}

/** Draws anew what is typed, focused and scrolled as it was. */
function draw(): void {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  if (!signedIn || !data) {
    if (page.querySelector(".sign-in") && trouble === "" && page.dataset.language === language) return;
    page.dataset.language = language;
    page.replaceChildren(header(), signInForm());
    return;
  }
  const t = texts();
  const nowMs = Date.now() + offsetMs;
  const comment = (page.querySelector('[name="comment"]') as HTMLInputElement | null)?.value ?? "";
  const focused = (document.activeElement as HTMLElement | null)?.dataset?.key;
  const scrolled = [...page.querySelectorAll(".scroll")].map((each) => each.scrollTop);
  page.replaceChildren(
    header(),
    element(
      "main",
      {},
      element(
        "div",
        {},
        cuesSection(data, t, language, { nowMs, asked, withdraw }),
        onAirSection(data.onAir, t, language),
      ),
      element("div", {}, publishSection(comment), resultsSection(data, t), edgesSection(data, t, nowMs)),
    ),
  );
  for (const [index, each] of [...page.querySelectorAll(".scroll")].entries())
    each.scrollTop = scrolled[index] ?? 0;
  if (focused !== undefined)
    (page.querySelector(`[data-key="${CSS.escape(focused)}"]`) as HTMLElement | null)?.focus();
}

async function poll(): Promise<void> {
  if (document.visibilityState === "visible") await refresh();
  draw();
  setTimeout(poll, POLL_MS);
}

const theme = localStorage.getItem("theme");
if (theme) document.documentElement.dataset.theme = theme;
setInterval(() => signedIn && draw(), 1_000);
poll();
