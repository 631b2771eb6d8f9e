/** The page's two languages. Each view keeps its own texts beside it, English first. Pure. */

export type Language = "en" | "zh";
export type Texts = Record<string, readonly [en: string, zh: string]>;
/** Says a text by its key, with `{name}` filled in, and `{name:one|other}` by how many `name` is. */
export type Say<T extends Texts> = (
  key: keyof T & string,
  values?: Record<string, string | number>,
) => string;

const RULES = { en: new Intl.PluralRules("en"), zh: new Intl.PluralRules("zh") };
/** Of a count as it is written, `1,234` too. */
const plural = (count: string, language: Language) =>
  RULES[language].select(Number(count.replaceAll(",", "")));

/** Of languages that run from right to left, and marks of direction. */
const TURNS = /[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc]/;
/** What somebody typed, so that it turns no word beside it: within U+2068 and U+2069, which end whatever it begins. */
const isolated = (value: string) => (TURNS.test(value) ? `\u2068${value}\u2069` : value);

export function createSay<T extends Texts>(texts: T, language: Language): Say<T> {
  return (key, values = {}) => {
    const text = texts[key]?.[language === "en" ? 0 : 1] ?? key;
    return text.replaceAll(
      /\{(\w+)(?::([^{}|]*)\|([^{}|]*))?\}/g,
      (whole, name: string, one?: string, other = "") => {
        if (!(name in values)) return whole;
        const value = String(values[name]);
        return one === undefined ? isolated(value) : plural(value, language) === "one" ? one : other;
      },
    );
  };
}

/** Names one after the other. */
export const listed = (names: readonly string[], language: Language): string =>
  names.join(language === "zh" ? "、" : ", ");

/** The best of texts by language for a reader of the page. */
export function textFor<T>(
  texts: Readonly<Record<string, T>>,
  language: Language,
  fallback: string,
): T | undefined {
  const wanted = Object.keys(texts).find((tag) => tag.toLowerCase().startsWith(language));
  return texts[wanted ?? fallback] ?? Object.values(texts)[0];
}
