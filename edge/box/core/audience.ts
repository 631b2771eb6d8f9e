/** Whether a cue is meant for this box. Judged here alone; neither question nor verdict ever leaves. */
import type { Audience } from "../../../shared/protocol/schedule.ts";
import { drawFor } from "./chance.ts";
import type { State } from "./state.ts";

/** @param cue id, for the share's draw: the same on every channel and after every reboot */
export function isMeant(state: State, cue: string, audience: Audience | undefined): boolean {
  if (!audience) return true;
  const { share, languages, tags } = audience;
  if (languages && !languages.some((language) => speaks(state.settings.languages, language))) return false;
  if (tags && !tags.every((tag) => state.settings.tags.indexOf(tag) >= 0)) return false;
  return share === undefined || drawFor(state.secret, `share/${cue}`) < share;
}

/** `zh` is spoken by who reads `zh-CN`; case does not matter (BCP 47). */
function speaks(read: readonly string[], asked: string): boolean {
  const wanted = `${asked.toLowerCase()}-`;
  return read.some((language) => `${language.toLowerCase()}-`.indexOf(wanted) === 0);
}
