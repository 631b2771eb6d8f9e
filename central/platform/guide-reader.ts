/** Which reader takes which guide. */
import { CuecastError } from "../../shared/errors.ts";
import type { GuideReader } from "../routes/guide.ts";

export const guideReader: GuideReader = async () => {
  throw new CuecastError("Cannot import a guide: this build has no reader", {
    code: "no-reader",
    status: 503,
  });
};
