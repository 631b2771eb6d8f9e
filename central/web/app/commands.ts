/** The page's own commands, as the palette offers them. Pure. */
import type { App } from "./context.tsx";
import type { Command } from "./palette.tsx";
import { VIEWS } from "./router.ts";
import { NEEDS } from "./shell.tsx";
import { appTexts } from "./texts.ts";
import type { Say } from "./words.ts";

export interface CommandPorts {
  say: Say<typeof appTexts>;
  may: App["may"];
  go: App["go"];
  switchTheme(): void;
  switchLanguage(): void;
  open(what: "withdraw" | "help" | "password"): void;
  openReference(): void;
  signOut(): void;
  signOutEverywhere(): void;
}

/** @returns in the order that they are offered in; only what the role may */
export function pageCommands(ports: CommandPorts): Command[] {
  const { say, may, go, open } = ports;
  const command = (
    id: string,
    label: keyof typeof appTexts,
    icon: Command["icon"],
    words: string,
    run: () => void,
  ): Command => ({ id, label: say(label), kind: say("command"), icon, words, run });
  const views = VIEWS.filter((view) => {
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
  );
  return [
    ...views,
    ...(may("edit")
      ? [
          command("new-i", "newInteraction", "plus", "new 新建", () => go("interactions", "new")),
          command("new-p", "newPlacement", "plus", "new 新建", () => go("placements", "new")),
        ]
      : []),
    command("theme", "theme", "moon", "theme dark light 主题", ports.switchTheme),
    command("language", "languageLabel", "interactions", "language 语言", ports.switchLanguage),
    ...(may("withdraw")
      ? [command("withdraw", "withdraw", "close", "withdraw 撤下", () => open("withdraw"))]
      : []),
    {
      ...command("reference", "reference", "audit", "api docs openapi 接口 文档", ports.openReference),
      kind: say("goTo"),
    },
    command("help", "help", "help", "help keyboard 帮助", () => open("help")),
    command("password", "password", "people", "password 密码", () => open("password")),
    command("everywhere", "signOutEverywhere", "out", "", ports.signOutEverywhere),
    command("out", "signOut", "out", "", ports.signOut),
  ];
}
