/** How commands print: JSON when asked for, else plain words. */

export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

export function printLine(line = ""): void {
  process.stdout.write(`${line}\n`);
}

const width = (text: string) =>
  [...text].reduce((sum, character) => sum + (/[\u1100-\u115f\u2e80-\uffdc]/.test(character) ? 2 : 1), 0);

/** Columns as wide as their widest cell; East Asian characters count for two. */
export function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  for (const line of tableLines(head, rows)) printLine(line);
}

export function tableLines(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => width(row[column] ?? ""))));
  return all.map((row) => {
    const cells = head.map((_, column) => {
      const cell = row[column] ?? "";
      return cell + " ".repeat(Math.max(0, (widths[column] ?? 0) - width(cell)));
    });
    return cells.join("  ").trimEnd();
  });
}

/** A text as lines that begin after `indent` blanks, broken between words; a longer word stays whole. */
export function wrapped(text: string, indent: number, columns: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && width(last) + 1 + width(word) <= columns) lines[lines.length - 1] += ` ${word}`;
    else lines.push(" ".repeat(indent) + word);
  }
  return lines;
}

/** `2026-11-23 19:05:00Z`: UTC, because machines differ. */
export function instantText(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace("T", " ")}Z`;
}

/** `2026-11-23 19:05Z`, where a table is wide. */
export function minuteText(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace("T", " ")}Z`;
}
