/** When two titles are the same: guides write one title with other widths, case and blanks from day to day. */

/** Most titles: letters, digits and signs of ASCII, Chinese, one blank between words. Only their case may differ. */
const PLAIN = /^[!-~\u4e00-\u9fff]+(?: [!-~\u4e00-\u9fff]+)*$/;

const TITLE_SERIES = "title:";

/** Equal for series keys that mean the same: `title:` and equal titles; any other only to the letter. */
export function seriesKey(series: string): string {
  return series.startsWith(TITLE_SERIES)
    ? `${TITLE_SERIES}${titleKey(series.slice(TITLE_SERIES.length))}`
    : series;
}

/** Equal for titles that differ only in case, width of characters, and blanks. */
export function titleKey(title: string): string {
  if (PLAIN.test(title)) return title.toLowerCase();
  return title.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim();
}
