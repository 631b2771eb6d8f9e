/** Around the views: navigation, what is on air, search, language, theme, who is here. */
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Action } from "../../people/roles.ts";
import { Button } from "../parts/button.tsx";
import { Icon } from "../parts/icons.tsx";
import { Dot } from "../parts/layout.tsx";
import { useApp, useResource, useSay } from "./context.tsx";
import { clockTime } from "./format.ts";
import { formatPlace, SECTIONS, type ViewName } from "./router.ts";
import { appTexts } from "./texts.ts";

/** Views that a role must be let into. */
export const NEEDS: Partial<Record<ViewName, Action>> = {
  audit: "audit",
  privacy: "audit",
  system: "operate",
  people: "administer",
};

type Section = keyof typeof SECTIONS;
/** Each with the views that the role may see; none without. */
function useSections(): [Section, ViewName[]][] {
  const { may } = useApp();
  return (Object.entries(SECTIONS) as [Section, readonly ViewName[]][]).map(([section, views]) => [
    section,
    views.filter((view) => {
      const need = NEEDS[view];
      return need === undefined || may(need);
    }),
  ]);
}

/** Since when central is not heard of, ms; undefined while it is. */
function useSilence(): number | undefined {
  const { live } = useApp();
  const [sinceMs, setSinceMs] = useState<number | undefined>();
  useEffect(() => live.onState((connected, heardMs) => setSinceMs(connected ? undefined : heardMs)), [live]);
  return sinceMs;
}

function AirState({ silentSinceMs }: { silentSinceMs: number | undefined }) {
  const { api, language } = useApp();
  const say = useSay(appTexts);
  const { value } = useResource("air", api.air, ["air", "edges"]);
  // What is on air now is not known: the last that was stays readable, and says how old it is.
  if (silentSinceMs !== undefined) {
    const { epoch, revision } = value?.position ?? {};
    return (
      <span class="air-state" data-name="air-unknown">
        <Dot tone="plain" />
        <span class="figures">
          {epoch !== undefined && revision !== undefined && say("wasOnAir", { epoch, revision })}
        </span>
        <span class="quiet">{say("notKnownSince", { at: clockTime(silentSinceMs, language, true) })}</span>
      </span>
    );
  }
  if (!value) return <span class="air-state" />;
  const { position, edges } = value;
  if (!position) return <span class="air-state quiet">{say("nothing")}</span>;
  const behind = edges.filter(({ landed }) => !landed).length;
  const apart = value.revoked.filter(({ running }) => running).length;
  const bare = value.regionsWithoutEdge.length;
  return (
    <a class="air-state" href={formatPlace("publish")}>
      <Dot tone={behind + apart + bare > 0 ? "warn" : "good"} />
      <span class="figures">
        <span class="air-words">{say("onAirNow")}</span>
        {position.epoch}/{position.revision}
      </span>
      <span class="quiet">
        {edges.length > 0 &&
          (behind > 0
            ? say("behind", { n: behind, all: edges.length })
            : say("landed", { all: edges.length }))}
        {apart > 0 && ` · ${say("revokedRun", { n: apart })}`}
        {bare > 0 && ` · ${say("withoutEdge", { n: bare })}`}
      </span>
    </a>
  );
}

function CutOff({ sinceMs }: { sinceMs: number | undefined }) {
  const { language } = useApp();
  const say = useSay(appTexts);
  return sinceMs === undefined ? null : (
    <div class="cut-off" role="alert">
      <Icon name="warn" />
      {say("cut", { at: clockTime(sinceMs, language, true) })}
    </div>
  );
}

export function Shell(props: {
  view: ViewName;
  children: ComponentChildren;
  openPalette(): void;
  openHelp(): void;
  openWithdraw(): void;
  switchTheme(): void;
  switchLanguage(): void;
  signOut(): void;
  dark: boolean;
}) {
  const { who, may } = useApp();
  const say = useSay(appTexts);
  const sections = useSections();
  const silentSinceMs = useSilence();
  const [menu, setMenu] = useState(false);
  return (
    <div class="shell">
      <button type="button" class="skip" onClick={() => document.getElementById("content")?.focus()}>
        {say("skip")}
      </button>
      <nav class={menu ? "side open" : "side"} aria-label={say("navigation")}>
        <p class="brand">
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <path d="M4 6.5h16v10H4zM9 20h6M10 9.5l4 2-4 2z" />
          </svg>
          Cuecast
        </p>
        {/* Where the views have no room beside the content. */}
        <button
          type="button"
          class="button plain menu-button"
          aria-expanded={menu}
          data-name="menu"
          onClick={() => setMenu(!menu)}
        >
          <Icon name="menu" />
          {say("menu")} · {say(props.view)}
        </button>
        <div class="sections">
          {sections.map(([section, views]) => (
            <div key={section}>
              <p class="section">{say(section)}</p>
              <ul>
                {views.map((view) => (
                  <li key={view}>
                    <a
                      href={formatPlace(view)}
                      aria-current={view === props.view ? "page" : undefined}
                      data-view={view}
                      title={say(view)}
                      onClick={() => setMenu(false)}
                    >
                      <Icon name={view} />
                      <span>{say(view)}</span>
                    </a>
                  </li>
                ))}
              </ul>
            </div>
          ))}
        </div>
        <div class="me">
          <p class="cut">{who.name}</p>
          <p class="quiet">{who.role && say(who.role)}</p>
          <Button
            small
            tone="quiet"
            icon="out"
            label={say("signOut")}
            onClick={props.signOut}
            name="sign-out"
          />
        </div>
      </nav>
      <div class="body">
        <header class="top">
          <AirState silentSinceMs={silentSinceMs} />
          <button type="button" class="search" onClick={props.openPalette}>
            <Icon name="search" />
            <span>{say("search")}</span>
            <kbd>Ctrl K</kbd>
          </button>
          <div class="actions">
            {may("withdraw") && (
              <Button onClick={props.openWithdraw} name="open-withdraw">
                {say("withdraw")}
              </Button>
            )}
            <Button tone="quiet" onClick={props.switchLanguage} name="language">
              {say("language")}
            </Button>
            <Button
              tone="quiet"
              icon={props.dark ? "sun" : "moon"}
              label={say("theme")}
              onClick={props.switchTheme}
              name="theme"
            />
            <Button tone="quiet" icon="help" label={say("help")} onClick={props.openHelp} name="help" />
          </div>
        </header>
        <CutOff sinceMs={silentSinceMs} />
        <main id="content" tabIndex={-1}>
          {props.children}
        </main>
      </div>
    </div>
  );
}
