/** Polls and quizzes: options as cards in a row, or as a list when there are many or their texts are long. */
import type { Interaction } from "../../../shared/protocol/interaction.ts";
import { own } from "../core/draft.ts";
import type { View } from "../core/messages.ts";
import { COLOURS, isArrow, type KeyName } from "../platform/keys.ts";
import type { Body, BodyContext } from "./body.ts";
import { element, setClasses, setText, words } from "./element.ts";
import { shares } from "./shares.ts";

type Choosing = Extract<Interaction, { type: "poll" | "quiz" }>;

interface Card {
  option: string;
  element: HTMLElement;
  fill: HTMLElement;
  badge: HTMLElement;
  share: HTMLElement;
}

/** More options, or longer texts (in letters, over the whole row), go into the list at the side. */
const ROW_MAX = 4;
const ROW_TEXT_MAX = 72;

export function createChoice(view: View, context: BodyContext): Body {
  const interaction = view.interaction as Choosing;
  const { options, choices } = interaction;
  const single = choices.most === 1;
  const textOf = (option: string) => own(context.texts.options, option) || option;
  const inRow =
    options.length <= ROW_MAX &&
    options.every((option) => width(textOf(option)) * options.length <= ROW_TEXT_MAX);

  let now = view;
  let focus = 0;
  /** What the hint says of where there is more: the ways, and in a list how many options are out of sight on each. */
  let ways = "◀ ▶";
  let picked: string[] = [];

  const cards: Card[] = options.map((option, at) => {
    const fill = element("fill");
    const badge = element("badge", String(at + 1));
    const share = element("share");
    const card = element("option", [fill, badge, words("label", textOf(option)), share]);
    return { option, element: card, fill, badge, share };
  });
  const button = element("send", context.words.confirm);
  const list = element(
    inRow ? "options row" : `options list${single ? "" : " marked"}`,
    cards.map((card) => card.element),
  );

  /** Cards, and the button after them when several may be marked. */
  const stops = cards.length + (single ? 0 : 1);

  function draw(): void {
    const tallies = now.results ? shares(options, now.results.options) : null;
    // While more may be marked or unmarked, what is marked is what the next answer says.
    const chosen = ((single || !now.answerable) && now.choice?.options) || picked;
    const correct = now.results ? now.results.correct : undefined;
    cards.forEach((card, at) => {
      const mine = chosen.indexOf(card.option) >= 0;
      const right = !!correct && correct.indexOf(card.option) >= 0;
      setClasses(
        card.element,
        [
          "option",
          now.answerable && at === focus ? "focus" : "",
          mine ? "mine" : "",
          tallies ? "counted" : "",
          !now.answerable && !tallies && !mine ? "dim" : "",
          right ? "right" : "",
          correct && mine && !right ? "wrong" : "",
        ].join(" "),
      );
      const marked = mine || right;
      setClasses(card.badge, `badge ${(!marked && COLOURS[at]) || ""}`);
      setText(card.badge, correct && mine && !right ? "✕" : marked ? "✓" : String(at + 1));
      // Numbers and colours are those of keys: once nothing is asked, they say nothing.
      card.badge.style.display = now.answerable || marked ? "" : "none";
      setText(card.share, tallies ? `${tallies[at]}%` : "");
      card.fill.style.width = tallies ? `${tallies[at]}%` : "0";
    });
    const ready = picked.length >= choices.least && picked.length <= choices.most;
    setClasses(button, `send${focus === cards.length ? " focus" : ""}${ready ? "" : " dim"}`);
    button.style.display = now.answerable ? "" : "none";
    if (!inRow) follow();
  }

  /** Scrolls a list that is longer than its place, so that the focus is in sight. */
  function follow(): void {
    const stop = (cards[focus] || (cards[cards.length - 1] as Card)).element;
    const top = stop.offsetTop;
    // A ring around it, on both sides, is part of it.
    const ring = stop.offsetHeight / 8;
    const height = list.clientHeight;
    const least = top + stop.offsetHeight + ring - height;
    const from = Math.max(least, Math.min(top - ring, list.scrollTop));
    list.scrollTop = from;
    // What is not whole in sight would be cut in the middle of a line.
    let before = 0;
    let after = 0;
    cards.forEach(({ element: one }) => {
      const isAbove = one.offsetTop < from;
      const isBelow = one.offsetTop + one.offsetHeight > from + height;
      one.style.visibility = isAbove || isBelow ? "hidden" : "";
      if (isAbove) before++;
      if (isBelow) after++;
    });
    ways = `▲ ${before || ""} ▼ ${after || ""}`;
  }

  function pick(at: number): void {
    const card = cards[at];
    if (!card) return;
    focus = at;
    if (single) {
      context.answer({ options: [card.option] });
      return;
    }
    const marked = picked.indexOf(card.option) >= 0;
    if (marked) picked = picked.filter((option) => option !== card.option);
    else if (picked.length < choices.most) picked = picked.concat([card.option]);
  }

  function press(name: KeyName): boolean {
    const back = inRow ? (context.rightToLeft ? "right" : "left") : "up";
    const on = inRow ? (context.rightToLeft ? "left" : "right") : "down";
    if (name === back) focus = Math.max(0, focus - 1);
    else if (name === on) focus = Math.min(stops - 1, focus + 1);
    else if (name === "ok") {
      if (cards[focus]) pick(focus);
      else if (picked.length >= choices.least) context.answer({ options: picked });
    } else {
      const digit = /^[1-9]$/.test(name) ? Number(name) - 1 : COLOURS.indexOf(name);
      // A key for an option that is not there stays with the television.
      if (digit < 0 || digit >= cards.length) return isArrow(name);
      pick(digit);
    }
    return true;
  }

  return {
    place: inRow ? "lower" : "side",
    element: list,
    // Beside a row and below a list, so that it stays in sight however long that is.
    aside: single ? null : button,
    update(next) {
      now = next;
      draw();
    },
    key(name) {
      const used = press(name);
      draw();
      return used;
    },
    hints() {
      const { select, confirm, mark } = context.words;
      return [
        [ways, select],
        ["OK", single || !cards[focus] ? confirm : mark],
      ];
    },
  };
}

/** How wide a text runs, in Latin letters: Chinese ones count twice. */
function width(text: string): number {
  let sum = 0;
  for (let at = 0; at < text.length; at++) sum += text.charCodeAt(at) > 0x2e7f ? 2 : 1;
  return sum;
}
