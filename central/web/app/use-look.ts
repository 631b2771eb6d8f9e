/** The page's language and theme: as chosen before, else as the browser has them. */
import { useEffect, useState } from "preact/hooks";
import type { App } from "./context.tsx";
import type { Language } from "./words.ts";

export interface Look {
  language: Language;
  dark: boolean;
  switchLanguage(): void;
  switchTheme(): void;
}

export function useLook(keep: Pick<App["keep"], "read" | "write">): Look {
  const [language, setLanguage] = useState<Language>(() =>
    (keep.read("language") ?? navigator.language).startsWith("zh") ? "zh" : "en",
  );
  const [dark, setDark] = useState(
    () =>
      (keep.read("theme") ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) ===
      "dark",
  );
  useEffect(() => {
    document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  }, [language]);
  useEffect(() => {
    document.documentElement.dataset.theme = dark ? "dark" : "light";
  }, [dark]);
  return {
    language,
    dark,
    switchLanguage() {
      const next = language === "zh" ? "en" : "zh";
      keep.write("language", next);
      setLanguage(next);
    },
    switchTheme() {
      keep.write("theme", dark ? "light" : "dark");
      setDark(!dark);
    },
  };
}
