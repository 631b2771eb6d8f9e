/**
 * Marks bare ampersands (`Tom & Jerry`, `?a=1&b=2`) in XML text as it streams by, for a tokenizer that would
 * read from them to the next `;`. The mark is a private-use character that no feed uses.
 */

const MARK = "\uF5A6";
const BARE = /&(?!(?:[A-Za-z][A-Za-z0-9]{0,31}|#[0-9]{1,8}|#[xX][0-9A-Fa-f]{1,8});)/g;
/** Longer than any reference that is taken. */
const REFERENCE_CHARACTERS = 40;

export interface AmpersandMarker {
  /** May hold back the last few characters until the next call. */
  mark(text: string): string;
  /** What was held back. */
  end(): string;
}

export function createAmpersandMarker(): AmpersandMarker {
  let held = "";
  return {
    mark(text) {
      const whole = held + text;
      held = "";
      const last = whole.lastIndexOf("&");
      if (last < 0) return whole;
      if (last < whole.length - REFERENCE_CHARACTERS || whole.includes(";", last))
        return whole.replace(BARE, MARK);
      held = whole.slice(last);
      return whole.slice(0, last).replace(BARE, MARK);
    },
    end() {
      const rest = held;
      held = "";
      return rest.replace(BARE, MARK);
    },
  };
}

/** The text with its ampersands back. */
export function unmarkAmpersands(text: string): string {
  return text.includes(MARK) ? text.replaceAll(MARK, "&") : text;
}

export function countMarkedAmpersands(text: string): number {
  return text.includes(MARK) ? text.split(MARK).length - 1 : 0;
}
