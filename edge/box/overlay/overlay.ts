/**
 * The overlay: one panel over the picture, worked by remote keys alone.
 *
 * It draws views and reports what the viewer does; when what is shown is the core's affair. It never traps
 * the remote: back always closes it, and keys that it has no use for stay with the television.
 */
import type { AnswerRule } from "../../../shared/protocol/interaction.ts";
import type { Timers } from "../../../shared/time/timers.ts";
import type { View } from "../core/messages.ts";
import { isArrow, type KeyName } from "../platform/keys.ts";
import type { Screen, ScreenEvents } from "../ports.ts";
import type { Body, BodyContext } from "./body.ts";
import { createChoice } from "./choice.ts";
import { createCode } from "./code.ts";
import { createCountdown } from "./countdown.ts";
import { element, isLaidOut, setClasses, setText, words } from "./element.ts";
import { headline } from "./headline.ts";
import { createPresses, type Presses } from "./presses.ts";
import { createRating } from "./rating.ts";
import { isRightToLeft, languageFor, wordsIn } from "./words.ts";

/** A key that the overlay did not use is the television's. */
export interface Overlay extends Screen, Presses {
  /** Takes it off the page. */
  remove(): void;
}

/** A panel takes no answer for so long: a key that comes within it was meant for the television. */
export const GRACE_MS = 600;
/** How long the panel takes to leave; the style's transition says the same. */
const LEAVE_MS = 250;
/** Sizes are given in em: one is this part of the screen's height. */
const EM_PER_HEIGHT = 36;

interface Panel {
  cue: string;
  element: HTMLElement;
  update(view: View): void;
  key(name: KeyName): boolean;
  stop(): void;
}

function createPanel(view: View, events: ScreenEvents, timers: Timers): Panel {
  const { interaction, cue } = view;
  const language = languageFor(interaction, view.languages);
  const texts = interaction.texts[language] || {};
  const own = wordsIn(language);
  const rightToLeft = isRightToLeft(language);
  let now = view;
  let ready = false;
  timers.after(GRACE_MS, () => {
    ready = true;
  });

  const hints = element("hints");
  const context: BodyContext = {
    texts,
    words: own,
    rightToLeft,
    timers,
    answer(choice) {
      // Where an answer may be changed, the one that stands is no change.
      const { mode } = (interaction as { answer: AnswerRule }).answer;
      if (mode !== "last" || JSON.stringify(choice) !== JSON.stringify(now.choice))
        events.answer(cue, choice);
    },
  };
  const body: Body | null =
    interaction.type === "poll" || interaction.type === "quiz"
      ? createChoice(view, context)
      : interaction.type === "rating"
        ? createRating(view, context)
        : interaction.type === "notice"
          ? null
          : createCode(view, context);

  const status = element("status");
  const countdown = createCountdown(timers, interaction.type);
  const image =
    interaction.image && view.edge ? pictureOf(`${view.edge}/v1/images/${interaction.image.sha256}`) : null;
  const place = body ? body.place : "lower";
  const kind = element(`kind ${interaction.type}`, own[interaction.type]);
  const head = element("head", [kind, status, countdown.figure]);
  const column = element("column", [
    texts.title ? words("title", texts.title) : null,
    texts.body ? words("body", texts.body) : null,
    body?.element,
  ]);
  const main = element("main", [image, column, body?.aside]);
  const panel = element(`panel ${place} entering`, [head, main, hints, countdown.bar]);
  panel.setAttribute("dir", rightToLeft ? "rtl" : "ltr");
  panel.setAttribute("lang", language);

  function drawHints(): void {
    while (hints.firstChild) hints.removeChild(hints.firstChild);
    const asked = body && now.answerable ? body.hints() : [];
    asked.concat([["↩", own.close]]).forEach(([sign, does]) => {
      hints.appendChild(element("hint", [element("key", sign), element("", does)]));
    });
  }

  function update(next: View): void {
    now = next;
    if (body) body.update(next);
    const [text, tone] = headline(next, texts, own);
    setText(status, text);
    setClasses(status, `status ${tone}`);
    const open = next.phase === "open" && next.closesInMs !== null;
    countdown.set(open ? Math.min(next.leftMs, next.closesInMs as number) : next.leftMs);
    drawHints();
  }

  return {
    cue,
    element: panel,
    update,
    stop: countdown.stop,
    key(name) {
      if (name === "back") {
        events.dismissed(cue);
        return true;
      }
      if (!ready && !isArrow(name)) return false;
      // What is told needs no answer: OK has seen it.
      if (!body && name === "ok" && now.phase === "open") events.dismissed(cue);
      if (body && now.answerable) {
        const used = body.key(name);
        drawHints();
        return used;
      }
      return name === "ok" || (!!body && isArrow(name));
    },
  };
}

/** A picture that does not come leaves no broken frame behind. */
function pictureOf(url: string): HTMLElement {
  const image = document.createElement("img");
  const frame = element("picture", [image]);
  image.onerror = () => {
    frame.style.display = "none";
  };
  image.alt = "";
  image.src = url;
  return frame;
}

/** @param host covers the picture; the overlay fills it */
export function createOverlay(host: HTMLElement, timers: Timers): Overlay {
  const root = element("overlay");
  host.appendChild(root);
  let events: ScreenEvents;
  let panel: Panel | null = null;
  const presses = createPresses(timers, (name) => !!panel && panel.key(name));

  function fit(): void {
    const height = host.clientHeight || 720;
    root.style.fontSize = `${height / EM_PER_HEIGHT}px`;
  }

  function leave(leaving: Panel): void {
    leaving.stop();
    const gone = leaving.element;
    gone.className += " cuecast-leaving";
    timers.after(LEAVE_MS, () => root.removeChild(gone));
  }

  return {
    ...presses,
    attach(given) {
      events = given;
    },
    show(view) {
      if (panel && panel.cue === view.cue) {
        panel.update(view);
        return;
      }
      if (panel) leave(panel);
      fit();
      panel = createPanel(view, events, timers);
      const entered = panel.element;
      root.appendChild(entered);
      // On the page only: off it, no bar would begin to run.
      panel.update(view);
      if (isLaidOut(entered)) entered.className = entered.className.replace(" cuecast-entering", "");
      events.shown(view.cue);
    },
    hide(cue) {
      if (!panel || panel.cue !== cue) return;
      leave(panel);
      panel = null;
    },
    preload(url) {
      new Image().src = url;
    },
    remove() {
      if (panel) panel.stop();
      if (root.parentNode) root.parentNode.removeChild(root);
    },
  };
}
