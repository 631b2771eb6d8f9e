/** Chance of Deno and Node, good enough for keys that must never meet. */
import type { Random } from "../../../shared/time/random.ts";

export const cryptoRandom: Random = () =>
  (crypto.getRandomValues(new Uint32Array(1))[0] as number) / 4_294_967_296;
