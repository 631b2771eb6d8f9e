/**
 * One header of a fetch request, without `Request.headers` where that can be.
 *
 * Deno 2.9: once `headers` was touched, its server makes a list of all the request's headers before it replies, and
 * replies a turn of promises later. A 304 takes 17 µs with it and 15 without, a post of an answer 9 of 48 µs more. The
 * request that the server made it of gives a header by its name; it hangs on a symbol of the request. That is not in
 * Deno's documentation: where it is not found, `headers` is asked as ever. `request-header.test.ts` holds the two to
 * the same words, and tells when the short way is gone.
 */

type Inner = { header?: (name: string) => string | null } | undefined;

/** Undefined until a request was seen; null when its requests have none. */
let key: symbol | null | undefined;

function innerOf(request: Request): Inner {
  if (key === undefined) {
    const own = "Deno" in globalThis ? Object.getOwnPropertySymbols(request) : [];
    key = own.find(({ description }) => description === "request") ?? null;
  }
  return key ? (request as unknown as Record<symbol, Inner>)[key] : undefined;
}

/** Whether this request has the short way: those of Deno's server do. */
export const hasShortWay = (request: Request): boolean => typeof innerOf(request)?.header === "function";

/** @param name in lower case */
export function headerOf(request: Request, name: string): string | null {
  const inner = innerOf(request);
  return inner?.header ? inner.header(name) : request.headers.get(name);
}
