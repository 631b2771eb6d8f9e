/** Ctrl-K: everything that can be gone to or done, found by a few letters, worked by keyboard alone. */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { OnAirReply } from "../../routes/publishing-schemas.ts";
import { useArchiving } from "../interactions/archive.ts";
import { Dialog } from "../parts/dialog.tsx";
import { Icon, type IconName } from "../parts/icons.tsx";
import { useApp, useSay } from "./context.tsx";
import { clockTime } from "./format.ts";
import { everyInteraction, useLabels } from "./labels.ts";
import { appTexts } from "./texts.ts";
import { textFor } from "./words.ts";

export interface Command {
  id: string;
  label: string;
  /** What kind of thing it is. */
  kind: string;
  icon: IconName;
  /** Found by these too. */
  words?: string;
  /** Offered only to who asks for it so. */
  asked?: RegExp;
  run(): void;
}

const SHOWN_MAX = 12;

/** How well a command fits: every word must stand in it; at the beginning it counts more. Higher is better. */
export function fitness(command: Pick<Command, "label" | "kind" | "words">, question: string): number {
  const label = command.label.toLowerCase();
  const all = `${label} ${command.kind} ${command.words ?? ""}`.toLowerCase();
  let score = 1;
  for (const word of question.toLowerCase().split(/\s+/).filter(Boolean)) {
    if (!all.includes(word)) return 0;
    score += label.startsWith(word) ? 3 : label.includes(word) ? 2 : 1;
  }
  return score;
}

export function Palette({ commands, onClose }: { commands: Command[]; onClose(): void }) {
  const app = useApp();
  const say = useSay(appTexts);
  const [question, setQuestion] = useState("");
  const [at, setAt] = useState(0);
  const [things, setThings] = useState<Command[]>([]);
  const [cues, setCues] = useState<OnAirReply["cues"]>([]);
  const labelOf = useLabels();
  const archiving = useArchiving();
  const list = useRef<HTMLUListElement>(null);
  const { api, language, go } = app;

  useEffect(() => {
    let gone = false;
    Promise.all([
      everyInteraction(api),
      api.placements(),
      app.may("withdraw") ? api.onAir() : undefined,
    ]).then(
      ([interactions, placements, onAir]) => {
        if (gone) return;
        const titles = new Map<string, string>();
        const found: Command[] = interactions.flatMap(({ interaction, tags, archived }) => {
          const { id, type } = interaction;
          const title = textFor(interaction.texts, language, interaction.defaultLanguage)?.title ?? id;
          titles.set(id, title);
          const words = `${id} ${type} ${tags.join(" ")} ${JSON.stringify(interaction.texts)}`;
          const open: Command = {
            ...{ id: `interaction ${id}`, label: title, words },
            kind: say(archived ? "archivedInteraction" : "interactions"),
            icon: "interactions",
            run: () => go("interactions", id),
          };
          if (!app.may("edit")) return [open];
          const archive: Command = {
            id: `archive ${id}`,
            label: say(archived ? "bringBackWhat" : "archiveWhat", { what: title }),
            kind: say("command"),
            icon: "archive",
            words: `${id} ${archived ? "bring back 恢复" : "archive 归档"}`,
            asked: /arch|bring|归档|恢复/i,
            run: () => void (archived ? archiving.bringBack(id, title) : archiving.archive(id, title)),
          };
          return [open, archive];
        });
        for (const { placement } of placements.placements) {
          found.push({
            id: `placement ${placement.id}`,
            label: placement.id,
            kind: say("placements"),
            icon: "placements",
            words: `${placement.interaction} ${titles.get(placement.interaction) ?? ""}`,
            run: () => go("placements", placement.id),
          });
        }
        setThings(found);
        setCues(onAir?.cues ?? []);
      },
      () => {},
    );
    return () => {
      gone = true;
    };
  }, [api, language, go, say, app.may]);

  const withdrawals = useMemo(
    () =>
      cues.map(
        (cue): Command => ({
          id: `cue ${cue.id}`,
          label: say("withdrawWhat", { what: labelOf(cue.interaction, cue.version).title }),
          kind: clockTime(cue.atMs, language, true),
          icon: "close",
          words: `withdraw 撤下 ${cue.id}`,
          run: () => go("on-air", undefined, { withdraw: cue.id }),
        }),
      ),
    [cues, labelOf, language, go, say],
  );
  const shown = useMemo(
    () =>
      [...commands, ...things, ...withdrawals]
        .filter(({ asked }) => asked?.test(question) ?? true)
        .map((command) => ({ command, score: fitness(command, question) }))
        .filter(({ score }) => score > 0)
        .sort((a, b) => b.score - a.score)
        .slice(0, SHOWN_MAX)
        .map(({ command }) => command),
    [commands, things, withdrawals, question],
  );
  const chosen = Math.min(at, shown.length - 1);
  useEffect(() => {
    list.current?.children[chosen]?.scrollIntoView({ block: "nearest" });
  }, [chosen]);
  const run = (command: Command | undefined) => {
    if (!command) return;
    onClose();
    command.run();
  };

  return (
    <Dialog title={say("palette")} bare onClose={onClose}>
      <div class="palette">
        <input
          class="palette-question"
          type="text"
          role="combobox"
          aria-expanded="true"
          aria-controls="palette-list"
          aria-activedescendant={shown[chosen] ? `command-${chosen}` : undefined}
          aria-label={say("search")}
          placeholder={say("search")}
          value={question}
          onInput={(event) => {
            setQuestion(event.currentTarget.value);
            setAt(0);
          }}
          onKeyDown={(event) => {
            const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
            if (step !== 0) {
              event.preventDefault();
              setAt((chosen + step + shown.length) % Math.max(1, shown.length));
            } else if (event.key === "Enter" && !event.isComposing) {
              event.preventDefault();
              run(shown[chosen]);
            }
          }}
        />
        <ul id="palette-list" role="listbox" aria-label={say("palette")} ref={list}>
          {shown.map((command, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: keys are the field's, which names the chosen one
            // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the field
            <li
              key={command.id}
              id={`command-${index}`}
              role="option"
              aria-selected={index === chosen}
              onClick={() => run(command)}
              onMouseMove={() => setAt(index)}
            >
              <Icon name={command.icon} />
              <span class="cut">{command.label}</span>
              <span class="quiet cut">{command.kind}</span>
            </li>
          ))}
        </ul>
        {shown.length === 0 && <p class="quiet palette-none">{say("noCommand")}</p>}
      </div>
    </Dialog>
  );
}
