/** Ratings: stars up to five, numbers beyond; results as columns. */
import type { Interaction } from "../../../shared/protocol/interaction.ts";
import { own } from "../core/draft.ts";
import type { View } from "../core/messages.ts";
import type { Body, BodyContext } from "./body.ts";
import { element, setClasses, setText } from "./element.ts";

type Rating = Extract<Interaction, { type: "rating" }>;

const STARS_MAX = 5;

/** Mean of the ratings given, one decimal; null when nobody gave one. @param counts of 1, 2, 3 and so on */
export function averageOf(counts: readonly number[]): string | null {
  let sum = 0;
  let total = 0;
  counts.forEach((count, at) => {
    sum += count * (at + 1);
    total += count;
  });
  return total === 0 ? null : (sum / total).toFixed(1);
}

export function createRating(view: View, context: BodyContext): Body {
  const { scale } = view.interaction as Rating;
  const stars = scale <= STARS_MAX;
  let now = view;
  let focus = Math.ceil((scale + 1) / 2);

  const values: string[] = [];
  for (let value = 1; value <= scale; value++) values.push(String(value));
  const bars = values.map(() => element("fill"));
  const signs = values.map(() => element("sign"));
  const marks = values.map((_, at) => element("mark", [bars[at], signs[at]]));
  const figure = element("figure");
  // `3 / 5` in every script.
  figure.setAttribute("dir", "ltr");
  const row = element("", marks.concat([figure]));

  function draw(): void {
    const given = now.choice?.rating;
    const level = now.answerable || given ? given || focus : 0;
    const tallies = now.results;
    const starry = stars && !tallies;
    setClasses(row, starry ? "marks stars" : "marks");
    marks.forEach((mark, at) => {
      const value = at + 1;
      setText(signs[at] as HTMLElement, starry ? "★" : String(value));
      const lit = starry ? value <= level : value === level;
      // Over its bar a figure stays white.
      const how = lit ? (tallies ? "mine" : "lit") : "";
      setClasses(
        mark,
        `mark ${how} ${now.answerable && value === focus ? "focus" : ""} ${tallies ? "counted" : ""}`,
      );
    });
    const counts = values.map((value) => (tallies && own(tallies.options, value)) || 0);
    const most = Math.max.apply(null, counts) || 1;
    counts.forEach((count, at) => {
      (bars[at] as HTMLElement).style.height = `${(count / most) * 100}%`;
    });
    const average = averageOf(counts);
    setText(figure, average ? `${context.words.average} ${average}` : level ? `${level} / ${scale}` : "");
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
    hints: () => [
      ["◀ ▶", context.words.select],
      ["OK", context.words.confirm],
    ],
  };
}
