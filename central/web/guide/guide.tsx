/** The guide: files and sources that bring it, what waits for a person, and what it may do with nobody at a desk. */
import { useEffect } from "preact/hooks";
import type { GuideImportsReply } from "../../routes/guide.ts";
import { useApp, useResource, useSay } from "../app/context.tsx";
import { number } from "../app/format.ts";
import { Loaded, View } from "../parts/layout.tsx";
import { ImportList } from "./import-list.tsx";
import { ImportPage } from "./import-page.tsx";
import { ImportPanel } from "./import-panel.tsx";
import { LimitsPanel } from "./limits-panel.tsx";
import { SourcesPanel } from "./sources-panel.tsx";
import { guideTexts } from "./texts.ts";

/** How often an import under way is asked about. */
const RUNNING_EVERY_MS = 1_000;

export function Guide({ id }: { id: string | undefined }) {
  const { api, timers } = useApp();
  const imports = useResource("imports", api.guideImports, ["guide", "air"]);
  const { reload } = imports;
  const running = (imports.value?.running.length ?? 0) > 0;
  useEffect(
    () => (running ? timers.after(RUNNING_EVERY_MS, reload) : undefined),
    [running, imports.value, timers],
  );
  return id === undefined ? (
    <Overview imports={imports} />
  ) : (
    <Loaded of={imports}>
      {(value) => <ImportPage summary={value.imports.find((each) => each.id === id)} />}
    </Loaded>
  );
}

function Overview({ imports }: { imports: ReturnType<typeof useResource<GuideImportsReply>> }) {
  const { api, language } = useApp();
  const say = useSay(guideTexts);
  const channels = useResource("channels", api.channels, ["guide"]);
  return (
    <View
      title={say("title")}
      about={say("about")}
      actions={
        channels.value && (
          <span class="quiet">
            {say("allChannels", { n: number(channels.value.channels.length, language) })}
          </span>
        )
      }
    >
      <div class="split">
        <div class="stack">
          <ImportPanel onBegun={imports.reload} />
          <Loaded of={imports}>{(value) => <ImportList {...value} />}</Loaded>
        </div>
        <div class="stack">
          <SourcesPanel />
          <LimitsPanel />
        </div>
      </div>
    </View>
  );
}
