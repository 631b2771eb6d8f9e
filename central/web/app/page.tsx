/** The page: who is here, which view, and what stands over it. */
import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Clock } from "../../../shared/time/clock.ts";
import type { Timers } from "../../../shared/time/timers.ts";
import type { Question, Reply } from "../platform/http.ts";
import type { Live } from "../platform/live.ts";
import { SignIn } from "../sign-in/sign-in.tsx";
import { pageCommands } from "./commands.ts";
import { type App, AppProvider } from "./context.tsx";
import { forgetDrafts, unsavedOf } from "./drafts.ts";
import { Help } from "./help.tsx";
import { LeaveDialog } from "./leave-dialog.tsx";
import { Palette } from "./palette.tsx";
import { PasswordDialog } from "./password-dialog.tsx";
import { formatPlace, type Place, parsePlace } from "./router.ts";
import { Shell } from "./shell.tsx";
import { appTexts } from "./texts.ts";
import { Toasts } from "./toasts.tsx";
import { useLook } from "./use-look.ts";
import { usePageKeys } from "./use-page-keys.ts";
import { useSession } from "./use-session.ts";
import { useToasts } from "./use-toasts.ts";
import { createVersionTexts } from "./version-texts.ts";
import { PlaceView } from "./view.tsx";
import { WithdrawDialog } from "./withdraw-dialog.tsx";
import { createSay } from "./words.ts";

export interface PagePorts {
  ask<T>(question: Question): Promise<Reply<T>>;
  live: Live;
  clock: Clock;
  timers: Timers;
  keep: App["keep"];
}
type Over = "palette" | "help" | "password" | "withdraw";

function usePlace(): Place {
  const [place, setPlace] = useState(() => parsePlace(location.hash));
  useEffect(() => {
    const changed = () => setPlace(parsePlace(location.hash));
    addEventListener("hashchange", changed);
    return () => removeEventListener("hashchange", changed);
  }, []);
  return place;
}

const go: App["go"] = (view, id, query) => {
  location.hash = formatPlace(view, id, query);
};

export function Page({ ask, live, clock, timers, keep }: PagePorts) {
  const { language, dark, switchLanguage, switchTheme } = useLook(keep);
  const { api, who, ended, end, signed, leave, left } = useSession({ ask, live, timers, keep });
  const say = useMemo(() => createSay(appTexts, language), [language]);
  const { toasts, toast, failed, close, left: leftPlace } = useToasts(say, language);
  const [over, setOver] = useState<Over | undefined>();
  const [leaving, setLeaving] = useState<(() => Promise<void>) | undefined>();
  const place = usePlace();
  const versionTexts = useMemo(() => createVersionTexts(api.interactionVersions, timers), [api, timers]);
  const offsetMs = useRef(0);

  useEffect(() => {
    document.title = `${say(place.view)} · Cuecast`;
  }, [say, place.view]);
  useEffect(leftPlace, [leftPlace, place.view, place.id]);
  const tellTime = useCallback(
    (ms: number) => {
      offsetMs.current = ms - clock.wallMs();
    },
    [clock],
  );
  const now = useCallback(() => clock.wallMs() + offsetMs.current, [clock]);
  const may = useCallback<App["may"]>((action) => who?.may.includes(action) ?? false, [who]);
  usePageKeys({ heard: who !== null && who !== undefined, open: setOver, go, timers });

  const signIn = { api, language, switchLanguage, onSigned: signed, onLeave: leave };
  if (who === undefined) return <div class="starting" aria-busy="true" />;
  if (who === null) return <SignIn {...signIn} />;

  const app: App = {
    api,
    versionTexts,
    live,
    timers,
    language,
    who,
    may,
    now,
    tellTime,
    toast,
    failed,
    go,
    keep,
  };
  const unsaved = leaving ? unsavedOf(keep, who.name) : [];
  const leaveBy = (signsOut: () => Promise<void>, forget = false): void => {
    signsOut().then(() => {
      if (forget) forgetDrafts(keep, who.name);
      setLeaving(undefined);
      left();
    }, failed);
  };
  const askToLeave = (signsOut: () => Promise<void>) =>
    unsavedOf(keep, who.name).length > 0 ? setLeaving(() => signsOut) : leaveBy(signsOut);
  const signOut = () => askToLeave(api.signOut);
  const nothingOver = () => setOver(undefined);
  const commands = pageCommands({
    ...{ say, may, go, switchTheme, switchLanguage, signOut },
    open: setOver,
    openReference: () => location.assign("/docs/"),
    signOutEverywhere: () => askToLeave(api.signOutEverywhere),
  });
  return (
    // Another person begins with views of their own.
    <AppProvider value={app} key={who.name}>
      <Shell
        view={place.view}
        dark={dark}
        openPalette={() => setOver("palette")}
        openHelp={() => setOver("help")}
        openWithdraw={() => setOver("withdraw")}
        switchTheme={switchTheme}
        switchLanguage={switchLanguage}
        signOut={signOut}
      >
        <PlaceView place={place} />
      </Shell>
      {over === "palette" && <Palette commands={commands} onClose={nothingOver} />}
      {leaving && (
        <LeaveDialog
          unsaved={unsaved}
          onLeave={(forget) => leaveBy(leaving, forget)}
          onClose={() => setLeaving(undefined)}
        />
      )}
      {over === "withdraw" && <WithdrawDialog onClose={nothingOver} />}
      {over === "help" && <Help onClose={nothingOver} />}
      {over === "password" && (
        <PasswordDialog
          onClose={nothingOver}
          onChanged={() => {
            toast({ tone: "good", text: say("changed") });
            end();
          }}
        />
      )}
      {ended && (
        <div class="over" role="dialog" aria-modal="true" aria-label={say("signOut")}>
          <SignIn {...signIn} name={who.name} />
        </div>
      )}
      <Toasts toasts={toasts} close={close} closeLabel={say("close")} timers={timers} />
    </AppProvider>
  );
}
