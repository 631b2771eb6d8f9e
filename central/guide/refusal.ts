/** Why a guide is refused whole: the coded errors of the reader. What to do stands in each message. */
import { CuecastError } from "../../shared/errors.ts";

export type RefusalCode =
  /** Not XMLTV: empty, binary, a web page, another kind of list. */
  | "not-a-guide"
  /** Ends in the middle, or its compression does. */
  | "guide-truncated"
  /** Over a size limit, or a decompression bomb. */
  | "guide-too-large"
  /** Defines entities, or nests too deep. */
  | "guide-unsafe"
  /** So many breaches of XML that nothing in it can be trusted. */
  | "guide-malformed";

/** @param state what it is and what to do, a phrase that follows `Cannot import the guide: ` */
export function refusal(code: RefusalCode, state: string, cause?: unknown): CuecastError {
  return new CuecastError(`Cannot import the guide: ${state}`, {
    code,
    status: code === "guide-too-large" ? 413 : 422,
    cause,
  });
}
