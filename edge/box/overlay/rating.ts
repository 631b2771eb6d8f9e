/** Ratings: stars up to five, numbers beyond. */
import type { Interaction } from "../../../shared/protocol/interaction.ts";
import { own } from "../core/draft.ts";
import type { View } from "../core/messages.ts";
import { isArrow } from "../platform/keys.ts";
import type { Body, BodyContext } from "./body.ts";
import { element, setClasses, setText } from "./element.ts";

type Rating = Extract<Interaction, { type: "rating" }>;

const STARS_MAX = 5;

/** Mean of the ratings given, one decimal; null when nobody gave one. */
export function averageOf(scale: number, counts: Readonly<Record<string, number>>): string | null {
  let sum = 0;
  let total = 0;
  for (let value = 1; value <= scale; value++) {
    const count = own(counts, String(value)) || 0;
    sum += value * count;
    total += count;
  }
  return total === 0 ? null : (sum / total).toFixed(1);
}

export function createRating(view: View, context: BodyContext): Body {
  const { scale } = view.interaction as Rating;
  const stars = scale <= STARS_MAX;
  let now = view;
  let focus = Math.ceil((scale + 1) / 2);

  const marks: HTMLElement[] = [];
  for (let value = 1; value <= scale; value++) marks.push(element("mark", stars ? "★" : String(value)));
  const figure = element("figure");
  // `3 / 5` in every script.
  figure.setAttribute("dir", "ltr");
  const row = element(stars ? "marks stars" : "marks", marks.concat([figure]));

  function draw(): void {
    const given = now.choice?.rating;
    const level = given || focus;
    marks.forEach((mark, at) => {
      const value = at + 1;
      const lit = now.answerable || given ? (stars ? value <= level : value === level) : false;
      setClasses(mark, `mark${lit ? " lit" : ""}${now.answerable && value === focus ? " focus" : ""}`);
    });
    const average = now.results ? averageOf(scale, now.results.options) : null;
    setText(
      figure,
      average ? `${context.words.average} ${average}` : now.answerable || given ? `${level} / ${scale}` : "",
    );
  }

  return {
    place: "lower",
    element: row,
    update(next) {
      now = next;
      draw();
    },
    key(name) {
      const back = context.rightToLeft ? "right" : "left";
      const on = context.rightToLeft ? "left" : "right";
      if (!now.answerable) return isArrow(name) || name === "ok";
      if (name === back || name === "down") focus = Math.max(1, focus - 1);
      else if (name === on || name === "up") focus = Math.min(scale, focus + 1);
      else if (name === "ok") context.answer({ rating: focus });
      else {
        // On a remote, 10 is the key 0.
        const value = name === "0" ? 10 : Number(name);
        if (!(value >= 1 && value <= scale)) return false;
        focus = value;
        context.answer({ rating: value });
      }
      draw();
      return true;
    },
    hints: () =>
      now.answerable
        ? [
            { key: "arrows", text: context.words.select },
            { key: "ok", text: context.words.confirm },
          ]
        : [],
  };
}
