/** What every view has at hand, and the hooks that use it. */
import { createContext } from "preact";
import { useContext, useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Timers } from "../../../shared/time/timers.ts";
import type { Topic } from "../../live/events.ts";
import type { Action } from "../../people/roles.ts";
import type { Who } from "../../routes/session.ts";
import { Refused } from "../platform/http.ts";
import type { Live } from "../platform/live.ts";
import type { Api } from "./api.ts";
import { draftKey, type Keep } from "./drafts.ts";
import { createPace } from "./pace.ts";
import type { ViewName } from "./router.ts";
import type { DraftThing } from "./unsaved-words.ts";
import type { VersionTexts } from "./version-texts.ts";
import { createSay, type Language, type Say, type Texts } from "./words.ts";

export interface Toast {
  tone: "good" | "bad" | "info";
  text: string;
  /** Further lines: what exactly, what to do. */
  lines?: readonly string[];
  action?: { label: string; run(): void };
}

export interface App {
  api: Api;
  versionTexts: VersionTexts;
  live: Live;
  timers: Timers;
  language: Language;
  who: Who;
  may(action: Action): boolean;
  /** Central's time, ms since the Unix epoch. */
  now(): number;
  /** Central told the time. */
  tellTime(ms: number): void;
  toast(toast: Toast): void;
  /** Says what went wrong and what to do. */
  failed(error: unknown, retry?: () => void): void;
  go(view: ViewName, id?: string, query?: Record<string, string>): void;
  keep: Keep;
}

const Context = createContext<App | undefined>(undefined);
export const AppProvider = Context.Provider;

export function useApp(): App {
  const app = useContext(Context);
  if (!app) throw new Error("Cannot draw a view: it stands outside of the page");
  return app;
}

export function useSay<T extends Texts>(texts: T): Say<T> {
  const { language } = useApp();
  return useMemo(() => createSay(texts, language), [texts, language]);
}

export interface Resource<T> {
  /** The last that came, however old. */
  value: T | undefined;
  error: unknown;
  reload(): void;
}

/** Loads at first, when `key` changes, and when something of the topics changed at central, as `createPace` spaces it. */
export function useResource<T>(
  key: string,
  load: () => Promise<T>,
  topics: readonly Topic[] = [],
): Resource<T> {
  const { live, timers, now } = useApp();
  const pace = useMemo(() => createPace(timers, now), [timers, now]);
  const [state, setState] = useState<{ key: string; value?: T; error?: unknown }>({ key });
  const [serial, setSerial] = useState(0);
  const loading = useRef(load);
  loading.current = load;
  const listened = topics.join(",");
  useEffect(() => {
    let gone = false;
    let cancel = () => {};
    pace.started();
    loading.current().then(
      (value) => {
        if (gone) return;
        setState({ key, value });
        pace.ended();
      },
      (error) => {
        if (gone) return;
        pace.ended();
        setState((before) => (before.key === key ? { ...before, error } : { key, error }));
        // Cut off: asks again until the line is back.
        if (!(error instanceof Refused)) cancel = timers.after(3_000, () => setSerial((each) => each + 1));
      },
    );
    return () => {
      gone = true;
      cancel();
    };
  }, [key, serial, timers, pace]);
  useEffect(() => {
    if (listened === "") return undefined;
    return live.listen(listened.split(",") as Topic[], () => pace.wish(() => setSerial((each) => each + 1)));
  }, [listened, live, pace]);
  useEffect(() => pace.stop, [pace]);
  return {
    value: state.key === key ? state.value : undefined,
    error: state.key === key ? state.error : undefined,
    reload: () => setSerial((each) => each + 1),
  };
}

/** Central's time, anew every so often. */
export function useNow(everyMs = 1_000): number {
  const { now, timers } = useApp();
  const [nowMs, setNowMs] = useState(now());
  useEffect(() => {
    let cancel = () => {};
    const tick = () => {
      setNowMs(now());
      cancel = timers.after(everyMs - (now() % everyMs), tick);
    };
    tick();
    return () => cancel();
  }, [now, timers, everyMs]);
  return nowMs;
}

/** The value after it has stayed for a while: for what is asked of central as one types. */
export function useSettled<T>(value: T, delayMs: number): T {
  const { timers } = useApp();
  const [settled, setSettled] = useState(value);
  const text = JSON.stringify(value);
  useEffect(
    () => timers.after(delayMs, () => setSettled(JSON.parse(text ?? "null") as T)),
    [text, delayMs, timers],
  );
  return settled;
}

export interface DraftOf<T> {
  draft: T;
  /** It differs from what was loaded. */
  touched: boolean;
  set(next: T): void;
  forget(): void;
  /**
   * What was sent is stored: what was typed since stays unsaved.
   *
   * @param movedTo where it stands from now on, when it was new
   */
  stored(sent: T, movedTo?: DraftThing): void;
}

/**
 * What is being typed, kept in the browser for this person until it is saved: neither a dropped line nor a closed page
 * loses it.
 */
export function useDraft<T>(key: DraftThing, loaded: T): DraftOf<T> {
  const { keep, who } = useApp();
  const storageKey = draftKey(who.name, key);
  const [own, setOwn] = useState<{ key: string; draft: T | undefined }>(() => ({
    key,
    draft: readDraft<T>(keep.read(storageKey)),
  }));
  const current = own.key === key ? own.draft : readDraft<T>(keep.read(storageKey));
  // What stands there now, for who saved what stood there before.
  const latest = useRef(current);
  latest.current = current;
  const put = (next: T | undefined) => {
    latest.current = next;
    setOwn({ key, draft: next });
  };
  const forget = () => {
    put(undefined);
    keep.write(storageKey, undefined);
  };
  return {
    draft: current ?? loaded,
    touched: current !== undefined && JSON.stringify(current) !== JSON.stringify(loaded),
    set(next) {
      put(next);
      const text = JSON.stringify(next);
      // As it was loaded: nothing is unsaved.
      keep.write(storageKey, text === JSON.stringify(loaded) ? undefined : text);
    },
    forget,
    stored(sent, movedTo) {
      const typed = latest.current;
      const isMore = typed !== undefined && JSON.stringify(typed) !== JSON.stringify(sent);
      if (isMore && movedTo !== undefined) keep.write(draftKey(who.name, movedTo), JSON.stringify(typed));
      if (!isMore || movedTo !== undefined) forget();
    },
  };
}

function readDraft<T>(text: string | undefined): T | undefined {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as T;
  } catch {
    return undefined;
  }
}
