/** The television's page: its fixed elements, and making new ones. Data becomes text alone. */

export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (!found) throw new Error(`Cannot find #${id} on the page`);
  return found as T;
}

export function make(tag: string, className: string, ...children: (HTMLElement | string)[]): HTMLElement {
  const made = document.createElement(tag);
  made.className = className;
  for (const child of children) made.append(child);
  return made;
}

export function replaceChildren(parent: HTMLElement, children: HTMLElement[]): void {
  parent.textContent = "";
  for (const child of children) parent.append(child);
}

const two = (number: number) => `0${number}`.slice(-2);

/** `19:05` or, with seconds, `19:05:09`, in this machine's zone. */
export function clockText(atMs: number, seconds = false): string {
  const at = new Date(atMs);
  const text = `${two(at.getHours())}:${two(at.getMinutes())}`;
  return seconds ? `${text}:${two(at.getSeconds())}` : text;
}

/** `0:42`, `12:05`, `3:00:10` */
export function lengthText(ms: number): string {
  const whole = Math.max(0, Math.ceil(ms / 1000));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}
