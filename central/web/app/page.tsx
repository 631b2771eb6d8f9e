/** The page: who is here, which view, and what stands over it. */
import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Clock } from "../../../shared/time/clock.ts";
import type { Timers } from "../../../shared/time/timers.ts";
import type { Who } from "../../routes/session.ts";
import { Audit } from "../audit/audit.tsx";
import { Channels } from "../channels/channels.tsx";
import { Edges } from "../edges/edges.tsx";
import { Explain } from "../explain/explain.tsx";
import { Guide } from "../guide/guide.tsx";
import { Interactions } from "../interactions/interactions.tsx";
import { OnAir } from "../on-air/on-air.tsx";
import { People } from "../people/people.tsx";
import { Placements } from "../placements/placements.tsx";
import { type Question, Refused, type Reply, Unreachable } from "../platform/http.ts";
import type { Live } from "../platform/live.ts";
import { Privacy } from "../privacy/privacy.tsx";
import { Publish } from "../publish/publish.tsx";
import { Results } from "../results/results.tsx";
import { SignIn } from "../sign-in/sign-in.tsx";
import { System } from "../system/system.tsx";
import { Timeline } from "../timeline/timeline.tsx";
import { createApi } from "./api.ts";
import { type App, AppProvider, type Toast } from "./context.tsx";
import { Help, VIEW_KEYS } from "./help.tsx";
import { type Command, Palette } from "./palette.tsx";
import { PasswordDialog } from "./password-dialog.tsx";
import { problemWords } from "./problem-words.ts";
import { formatPlace, type Place, parsePlace, VIEWS } from "./router.ts";
import { NEEDS, Shell } from "./shell.tsx";
import { appTexts } from "./texts.ts";
import { type ShownToast, Toasts } from "./toasts.tsx";
import { WithdrawDialog } from "./withdraw-dialog.tsx";
import { createSay, type Language } from "./words.ts";

const TOASTS_MAX = 4;
/** After `g`, the letter must come within this. */
const CHORD_MS = 1_500;

export interface PagePorts {
  ask<T>(question: Question): Promise<Reply<T>>;
  live: Live;
  clock: Clock;
  timers: Timers;
  keep: App["keep"];
}

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

function usePlace(): Place {
  const [place, setPlace] = useState(() => parsePlace(location.hash));
  useEffect(() => {
    const changed = () => setPlace(parsePlace(location.hash));
    addEventListener("hashchange", changed);
    return () => removeEventListener("hashchange", changed);
  }, []);
  return place;
}

function View({ place }: { place: Place }) {
  switch (place.view) {
    case "on-air":
      return <OnAir withdraw={place.query.withdraw} />;
    case "timeline":
      return <Timeline />;
    case "interactions":
      return <Interactions id={place.id} query={place.query} />;
    case "placements":
      return <Placements id={place.id} query={place.query} />;
    case "channels":
      return <Channels id={place.id} />;
    case "explain":
      return <Explain query={place.query} />;
    case "publish":
      return <Publish />;
    case "results":
      return <Results cue={place.id} />;
    case "edges":
      return <Edges />;
    case "guide":
      return <Guide id={place.id} />;
    case "system":
      return <System />;
    case "privacy":
      return <Privacy />;
    case "people":
      return <People />;
    case "audit":
      return <Audit subject={place.query.subject} />;
  }
}

export function Page({ ask, live, clock, timers, keep }: PagePorts) {
  const [language, setLanguage] = useState<Language>(() =>
    (keep.read("language") ?? navigator.language).startsWith("zh") ? "zh" : "en",
  );
  const [dark, setDark] = useState(
    () =>
      (keep.read("theme") ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) ===
      "dark",
  );
  /** Undefined: not known yet; null: nobody. */
  const [who, setWho] = useState<Who | null | undefined>(keep.read("signed-in") === "1" ? undefined : null);
  const [ended, setEnded] = useState(false);
  const [toasts, setToasts] = useState<ShownToast[]>([]);
  const [open, setOpen] = useState<"palette" | "help" | "password" | "withdraw" | undefined>();
  const place = usePlace();
  const serial = useRef(0);
  const offsetMs = useRef(0);
  const say = useMemo(() => createSay(appTexts, language), [language]);

  useEffect(() => {
    document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  }, [language]);
  useEffect(() => {
    document.documentElement.dataset.theme = dark ? "dark" : "light";
  }, [dark]);
  useEffect(() => {
    document.title = `${say(place.view)} · Cuecast`;
  }, [say, place.view]);

  const api = useMemo(
    () =>
      createApi(async (question) => {
        try {
          return await ask(question);
        } catch (error) {
          const signingIn = question.path.endsWith("/session") || question.path.endsWith("/password");
          if (error instanceof Refused && error.status === 401 && !signingIn) setEnded(true);
          throw error;
        }
      }),
    [ask],
  );
  const toast = useCallback((next: Toast) => {
    serial.current++;
    const shown = { ...next, id: serial.current };
    setToasts((before) => [...before, shown].slice(-TOASTS_MAX));
  }, []);
  const closeToast = useCallback(
    (id: number) => setToasts((before) => before.filter((each) => each.id !== id)),
    [],
  );
  const failed = useCallback(
    (error: unknown, retry?: () => void) => {
      if (error instanceof Refused && error.status === 401) return;
      const action = retry && { label: say("retry"), run: retry };
      if (error instanceof Unreachable) {
        toast({
          tone: "bad",
          text: say("unreachable"),
          lines: [say("unreachableDo")],
          ...(action && { action }),
        });
      } else if (error instanceof Refused) {
        toast({
          tone: "bad",
          ...problemWords(error, language),
          ...(action && error.status >= 500 && { action }),
        });
      } else throw error;
    },
    [say, toast, language],
  );
  const tellTime = useCallback(
    (ms: number) => {
      offsetMs.current = ms - clock.wallMs();
    },
    [clock],
  );
  const now = useCallback(() => clock.wallMs() + offsetMs.current, [clock]);
  const go = useCallback<App["go"]>((view, id, query) => {
    location.hash = formatPlace(view, id, query);
  }, []);
  const may = useCallback<App["may"]>((action) => who?.may.includes(action) ?? false, [who]);

  const signed = useCallback(
    (next: Who) => {
      keep.write("signed-in", "1");
      setWho(next);
      setEnded(false);
      const back = keep.read("return-to");
      keep.write("return-to", undefined);
      if (back !== undefined && back !== "" && location.hash === "") location.hash = back;
      live.start();
    },
    [keep, live],
  );
  /** To an identity provider: when the browser is back, the session is looked for, and the view is that of before. */
  const leave = useCallback(() => {
    keep.write("signed-in", "1");
    keep.write("return-to", location.hash);
  }, [keep]);
  const left = useCallback(() => {
    keep.write("signed-in", undefined);
    live.stop();
    setWho(null);
    setEnded(false);
  }, [keep, live]);

  useEffect(() => {
    if (who !== undefined) return undefined;
    let gone = false;
    const look = () => {
      api.session().then(
        (found) => !gone && signed(found),
        (error) => {
          if (gone) return;
          if (error instanceof Refused) left();
          else timers.after(2_000, look);
        },
      );
    };
    look();
    return () => {
      gone = true;
    };
  }, [who, api, signed, left, timers]);

  const switchLanguage = () => {
    const next = language === "zh" ? "en" : "zh";
    keep.write("language", next);
    setLanguage(next);
  };
  const switchTheme = () => {
    keep.write("theme", dark ? "light" : "dark");
    setDark(!dark);
  };
  const signOut = () => api.signOut().then(left, failed);

  const signedIn = who !== null && who !== undefined;
  useEffect(() => {
    if (!signedIn) return undefined;
    let chord = false;
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        setOpen("palette");
        return;
      }
      if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
      if (document.querySelector("dialog[open]")) return;
      if (chord) {
        const view = VIEW_KEYS[event.key];
        chord = false;
        if (view) go(view);
      } else if (event.key === "g") {
        chord = true;
        timers.after(CHORD_MS, () => {
          chord = false;
        });
      } else if (event.key === "?") setOpen("help");
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [signedIn, go, timers]);

  if (who === undefined) return <div class="starting" aria-busy="true" />;
  if (who === null) {
    return (
      <SignIn
        api={api}
        language={language}
        switchLanguage={switchLanguage}
        onSigned={signed}
        onLeave={leave}
      />
    );
  }
  const app: App = { api, live, timers, language, who, may, now, tellTime, toast, failed, go, keep };
  const commands: Command[] = [
    ...VIEWS.filter((view) => {
      const need = NEEDS[view];
      return need === undefined || may(need);
    }).map(
      (view): Command => ({
        id: view,
        label: say(view),
        kind: say("goTo"),
        icon: view,
        words: appTexts[view].join(" "),
        run: () => go(view),
      }),
    ),
    ...(may("edit")
      ? ([
          {
            id: "new-i",
            label: say("newInteraction"),
            kind: say("command"),
            icon: "plus",
            words: "new 新建",
            run: () => go("interactions", "new"),
          },
          {
            id: "new-p",
            label: say("newPlacement"),
            kind: say("command"),
            icon: "plus",
            words: "new 新建",
            run: () => go("placements", "new"),
          },
        ] satisfies Command[])
      : []),
    {
      id: "theme",
      label: say("theme"),
      kind: say("command"),
      icon: "moon",
      words: "theme dark light 主题",
      run: switchTheme,
    },
    {
      id: "language",
      label: say("languageLabel"),
      kind: say("command"),
      icon: "interactions",
      words: "language 语言",
      run: switchLanguage,
    },
    ...(may("withdraw")
      ? ([
          {
            id: "withdraw",
            label: say("withdraw"),
            kind: say("command"),
            icon: "close",
            words: "withdraw 撤下",
            run: () => setOpen("withdraw"),
          },
        ] satisfies Command[])
      : []),
    {
      id: "reference",
      label: say("reference"),
      kind: say("goTo"),
      icon: "audit",
      words: "api docs openapi 接口 文档",
      run: () => location.assign("/docs/"),
    },
    {
      id: "help",
      label: say("help"),
      kind: say("command"),
      icon: "help",
      words: "help keyboard 帮助",
      run: () => setOpen("help"),
    },
    {
      id: "password",
      label: say("password"),
      kind: say("command"),
      icon: "people",
      words: "password 密码",
      run: () => setOpen("password"),
    },
    {
      id: "everywhere",
      label: say("signOutEverywhere"),
      kind: say("command"),
      icon: "out",
      run: () => {
        api.signOutEverywhere().then(left, failed);
      },
    },
    { id: "out", label: say("signOut"), kind: say("command"), icon: "out", run: signOut },
  ];

  return (
    <AppProvider value={app}>
      <Shell
        view={place.view}
        dark={dark}
        openPalette={() => setOpen("palette")}
        openHelp={() => setOpen("help")}
        openWithdraw={() => setOpen("withdraw")}
        switchTheme={switchTheme}
        switchLanguage={switchLanguage}
        signOut={signOut}
      >
        <View place={place} />
      </Shell>
      {open === "palette" && <Palette commands={commands} onClose={() => setOpen(undefined)} />}
      {open === "withdraw" && <WithdrawDialog onClose={() => setOpen(undefined)} />}
      {open === "help" && <Help onClose={() => setOpen(undefined)} />}
      {open === "password" && (
        <PasswordDialog
          onClose={() => setOpen(undefined)}
          onChanged={() => {
            toast({ tone: "good", text: say("changed") });
            setEnded(true);
          }}
        />
      )}
      {ended && (
        <div class="over" role="dialog" aria-modal="true" aria-label={say("signOut")}>
          <SignIn
            api={api}
            language={language}
            switchLanguage={switchLanguage}
            name={who.name}
            onSigned={signed}
            onLeave={leave}
          />
        </div>
      )}
      <Toasts toasts={toasts} close={closeToast} closeLabel={say("close")} timers={timers} />
    </AppProvider>
  );
}
