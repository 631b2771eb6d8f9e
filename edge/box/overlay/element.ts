/** Making elements. Data becomes text nodes alone: nothing from outside is ever parsed as markup. */

/** @param classes without the prefix, with spaces between */
export function element(
  classes: string,
  children?: string | (HTMLElement | null | undefined)[],
): HTMLElement {
  const made = document.createElement("div");
  setClasses(made, classes);
  if (typeof children === "string") made.textContent = children;
  else
    (children || []).forEach((child) => {
      if (child) made.appendChild(child);
    });
  return made;
}

/** Text from an editor: its own direction, whatever the panel's is. */
export function words(classes: string, text: string): HTMLElement {
  const made = element(classes, text);
  made.setAttribute("dir", "auto");
  return made;
}

export function setClasses(target: HTMLElement, classes: string): void {
  target.className = classes.replace(/\S+/g, "cuecast-$&");
}

export function setText(target: HTMLElement, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}

/**
 * Has the engine lay out what was set so far, so that what is set next becomes a transition. Always true, and to be
 * asked: a minifier drops a reading that nobody uses.
 */
export function isLaidOut(target: HTMLElement): boolean {
  return target.offsetHeight !== -1;
}
