/** Coupons and links: a code to read, a QR code to scan, and one key that says it was kept or opened. */
import type { Interaction } from "../../../shared/protocol/interaction.ts";
import type { View } from "../core/messages.ts";
import { isArrow } from "../platform/keys.ts";
import type { Body, BodyContext } from "./body.ts";
import { element, setClasses, setText } from "./element.ts";
import { drawQr } from "./qr.ts";

/** More letters than this are read no better when they are large. */
const LONG = 24;

type Coded = Extract<Interaction, { type: "coupon" | "link" }>;

export function createCode(view: View, context: BodyContext): Body {
  const interaction = view.interaction as Coded;
  const coupon = interaction.type === "coupon";
  const { code: said, url } = interaction as { code?: string; url?: string };
  const content = url || said || "";

  const act = coupon ? context.words.keep : context.words.opened;
  const button = element("send");
  const shown = said || readable(content);
  const code = element(coupon ? (shown.length > LONG ? "code small" : "code") : "code small address", shown);
  code.setAttribute("dir", "ltr");
  const qr = drawQr(content, context.timers);
  const card = qr ? element("qr", [qr, element("scan", context.words.scan)]) : null;

  return {
    place: "lower",
    element: element("coded", [code, button]),
    aside: card,
    update(now) {
      setClasses(button, now.answerable ? "send focus" : "send done");
      setText(button, now.answerable ? act : `✓ ${context.words.taken}`);
      button.style.visibility = now.answerable || now.choice ? "" : "hidden";
    },
    key(name) {
      if (name !== "ok") return isArrow(name);
      context.answer({ options: [coupon ? "kept" : "opened"] });
      return true;
    },
    hints: () => [["OK", act]],
  };
}

/** An address as people write it; what would run over the panel is left out, the query first. */
function readable(url: string): string {
  const bare = url.replace(/^https?:\/\/(www\.)?/, "").replace(/\/$/, "");
  return bare.length > 40 ? `${bare.replace(/[?#].*/, "").slice(0, 39)}…` : bare;
}
