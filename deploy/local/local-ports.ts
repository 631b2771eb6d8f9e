/** The ports of a local deployment, and whether they are free before anything is started on them. */
import { CuecastError } from "../../shared/errors.ts";
import { checkPort } from "../../shared/runtime/ports.ts";

const HOST = "127.0.0.1";
/** A deployment that was stopped a moment ago may still be letting go of its ports. */
const PORT_TRIES = 10;
const PORT_TRY_EVERY_MS = 200;
/** How far apart the bases are that are tried when another one is suggested, and the last of them. */
const SUGGEST_STEP = 20;
const SUGGEST_BELOW = 20_000;

/** Ports by what uses them, as distances from `--port-base`. */
export const PORT_OFFSETS = {
  central: 0,
  "edge north": 1,
  "edge south": 2,
  "the libSQL server": 3,
  "the libSQL server's admin port": 4,
  "edge north's status page": 11,
  "edge south's status page": 12,
} as const;

/** What uses the first port that is taken, and that port; undefined when all are free. */
async function busyPort(base: number): Promise<{ name: string; port: number; error: Error } | undefined> {
  for (const [name, offset] of Object.entries(PORT_OFFSETS)) {
    const port = base + offset;
    try {
      await checkPort(HOST, port);
    } catch (error) {
      return { name, port, error: error as Error };
    }
  }
  return undefined;
}

async function freeBase(after: number): Promise<number | undefined> {
  for (let base = after + SUGGEST_STEP; base < after + SUGGEST_BELOW && base < 65_000; base += SUGGEST_STEP) {
    if (!(await busyPort(base))) return base;
  }
  return undefined;
}

/** @throws {CuecastError} `cannot-listen`, with another base that would do */
export async function checkPorts(base: number): Promise<void> {
  for (let tries = 1; ; tries++) {
    const busy = await busyPort(base);
    if (!busy) return;
    if (tries < PORT_TRIES) {
      await new Promise((resolve) => setTimeout(resolve, PORT_TRY_EVERY_MS));
      continue;
    }
    const other = await freeBase(base);
    const advice =
      other === undefined ? "use other ports with --port-base" : `npm start -- --port-base ${other}`;
    throw new CuecastError(
      `Cannot start: port ${busy.port}, for ${busy.name}, is used by another program (perhaps a Cuecast that still runs); stop that one, or: ${advice}`,
      { code: "cannot-listen", cause: busy.error },
    );
  }
}
