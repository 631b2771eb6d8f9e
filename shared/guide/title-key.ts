/** When two titles are the same: guides write one title with other widths, case and blanks from day to day. */

/** Equal for titles that differ only in case, width of characters, and blanks. */
export function titleKey(title: string): string {
  return title.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim();
}
