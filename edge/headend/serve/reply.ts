/** Replies as the hot routes make them, and the way between them and the fetch API. */
import { FetchRequest, type HotReply, type HotRequest } from "../../../shared/runtime/hot.ts";
import type { Peer } from "../../../shared/runtime/serve.ts";
import { CACHE_NONE, COMMON_HEADERS, type HeaderRecord, JSON_TYPE } from "./headers.ts";

/** A reply that nobody may keep. */
export function textReply(
  text: string,
  contentType: string,
  status = 200,
  headers: HeaderRecord = {},
): HotReply {
  return {
    status,
    headers: { ...COMMON_HEADERS, "content-type": contentType, "cache-control": CACHE_NONE, ...headers },
    body: text,
  };
}

const FRESH_JSON_HEADERS: HeaderRecord = {
  ...COMMON_HEADERS,
  "content-type": JSON_TYPE,
  "cache-control": CACHE_NONE,
};

export const freshJson = (value: object): HotReply => ({
  status: 200,
  headers: FRESH_JSON_HEADERS,
  body: JSON.stringify(value),
});

/** A fetch request as the hot routes see it. */
export const hotRequest = (request: Request, peer: Peer | undefined): HotRequest =>
  new FetchRequest(request, () => peer?.address ?? "");
