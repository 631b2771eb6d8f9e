/**
 * Contrast of every text of the overlay with what stands behind it, as WCAG 2.2 computes it.
 *
 * The panel lets a little of the picture through, and its ground is a gradient: each text is held against both ends of
 * it over white and over black, and, where a bar of results grows behind it, against the bar as well.
 */

export interface Contrast {
  ratio: number;
  /** Signs that say nothing by themselves, such as stars that are not lit: 3 is enough for them. */
  isSign: boolean;
  text: string;
}

/** Runs in the page, so that everything is in here. */
export function contrasts(): Contrast[] {
  type Colour = [number, number, number, number];
  const colours = (text: string): Colour[] =>
    [...text.matchAll(/rgba?\(([^)]+)\)/g)].map(([, numbers = ""]) => {
      const [red = 0, green = 0, blue = 0, alpha = 1] = numbers.split(/[ ,/]+/).map(Number);
      return [red, green, blue, alpha];
    });
  const mix = (over: Colour, under: Colour, part: number): Colour => [
    over[0] * part + under[0] * (1 - part),
    over[1] * part + under[1] * (1 - part),
    over[2] * part + under[2] * (1 - part),
    1,
  ];
  const lay = (over: Colour, under: Colour) => mix(over, under, over[3]);
  const luminance = (colour: Colour) => {
    const [red = 0, green = 0, blue = 0] = colour.slice(0, 3).map((one) => {
      const part = one / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const ratioOf = (one: Colour, other: Colour) => {
    const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };

  const panel = document.querySelector(".cuecast-panel") as HTMLElement;
  const grounds = colours(getComputedStyle(panel).backgroundImage).flatMap((stop) => [
    lay(stop, [255, 255, 255, 1]),
    lay(stop, [0, 0, 0, 1]),
  ]);
  const found: Contrast[] = [];
  for (const one of panel.querySelectorAll<HTMLElement>("*")) {
    const text = [...one.childNodes]
      .map((node) => (node.nodeType === 3 ? (node.textContent ?? "").trim() : ""))
      .join("");
    const own = getComputedStyle(one);
    if (text === "" || own.visibility === "hidden" || one.getBoundingClientRect().width === 0) continue;
    const chain: HTMLElement[] = [];
    for (let at: HTMLElement | null = one; at && at !== panel; at = at.parentElement) chain.unshift(at);
    const ink = colours(own.color)[0] as Colour;

    /** Text and what is behind it, from the ancestor at a place in the chain inwards. */
    const drawn = (at: number, under: Colour, isOverBar: boolean): [Colour, Colour] => {
      const element = chain[at];
      if (!element) return [lay(ink, under), under];
      const style = getComputedStyle(element);
      let ground = lay(colours(style.backgroundColor)[0] as Colour, under);
      const bar = element.querySelector<HTMLElement>(":scope > .cuecast-fill");
      if (bar && isOverBar) ground = lay(colours(getComputedStyle(bar).backgroundColor)[0] as Colour, ground);
      const [front, back] = drawn(at + 1, ground, isOverBar);
      const opacity = Number(style.opacity);
      return [mix(front, under, opacity), mix(back, under, opacity)];
    };
    const bar = one.closest(".cuecast-option")?.querySelector(".cuecast-fill");
    const hasBar = bar ? bar.getBoundingClientRect().width > 0 : false;
    const ratios = grounds.flatMap((ground) =>
      (hasBar ? [false, true] : [false]).map((isOverBar) => {
        const [front, back] = drawn(0, ground, isOverBar);
        return ratioOf(front, back);
      }),
    );
    const isSign = one.matches(".cuecast-stars .cuecast-sign");
    found.push({ ratio: Math.min(...ratios), isSign, text: `${one.className}: ${text.slice(0, 30)}` });
  }
  return found;
}
