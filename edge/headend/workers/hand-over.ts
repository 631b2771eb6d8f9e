/**
 * Answers and airings on their way from a worker to main's outbox and back: a worker replies to a box only after main
 * has said that they are on disk. What comes up in one turn of the event loop goes over in one line.
 */
import { CuecastError, errorMessage } from "../../../shared/errors.ts";
import type { Log } from "../../../shared/log.ts";
import type { Receipt } from "../../../shared/protocol/answers.ts";
import type { CueTally } from "../serve/results-view.ts";
import type { Intake } from "../serve/routes.ts";
import type { Ask, Told, ToldError } from "./messages.ts";

/** Resolves in a later turn of the event loop. */
type Pause = () => Promise<void>;

/** Gathers what is added in one turn. */
function createBatch<T>(pause: Pause, send: (items: T[]) => void): (item: T) => void {
  let gathered: T[] = [];
  return (item) => {
    gathered.push(item);
    if (gathered.length > 1) return;
    void pause().then(() => {
      const items = gathered;
      gathered = [];
      send(items);
    });
  };
}

export function toToldError(thrown: unknown): ToldError {
  if (thrown instanceof CuecastError) {
    const { message, code, status, retryable, retryAfterMs } = thrown;
    return { message, code, status, retryable, ...(retryAfterMs !== undefined && { retryAfterMs }) };
  }
  return { message: errorMessage(thrown), code: "internal", status: 500, retryable: false };
}

export function fromToldError({ message, code, status, retryable, retryAfterMs }: ToldError): Error {
  // A bug in main is a bug here too: the box learns no more than that.
  if (code === "internal") return new Error(message);
  return new CuecastError(message, {
    ...{ code, status, retryable },
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

export interface RemoteIntake extends Intake {
  told(told: readonly Told[]): void;
}

/** A worker's side: the intake of its routes. */
export function createRemoteIntake(ports: { send(asks: Ask[]): void; pause: Pause }): RemoteIntake {
  const waiting = new Map<number, { resolve(told: Told): void; reject(error: Error): void }>();
  const add = createBatch<Ask>(ports.pause, ports.send);
  let last = 0;
  const ask = (make: (id: number) => Ask) =>
    new Promise<Told>((resolve, reject) => {
      const id = ++last;
      waiting.set(id, { resolve, reject });
      add(make(id));
    });
  return {
    async answers(box, answers) {
      const told = await ask((id) => ({ id, answers: { box, answers: [...answers] } }));
      return (told as { receipts: Receipt[] }).receipts;
    },
    async airings(box, airings) {
      const told = await ask((id) => ({ id, airings: { box, airings: [...airings] } }));
      return (told as { accepted: number }).accepted;
    },
    async tally(cue) {
      const told = await ask((id) => ({ id, tally: cue }));
      return (told as { tally: CueTally | null }).tally ?? undefined;
    },
    told(list) {
      for (const told of list) {
        const caller = waiting.get(told.id);
        waiting.delete(told.id);
        if ("error" in told) caller?.reject(fromToldError(told.error));
        else caller?.resolve(told);
      }
    },
  };
}

/**
 * Main's side.
 *
 * @param ports `intake`: with the outbox behind it
 * @returns takes what a worker asks; `send` gets what it is told, once it is true
 */
export function createIntakeDesk(ports: { intake: Intake; pause: Pause; log: Log }) {
  const { intake, pause, log } = ports;
  const answer = async (ask: Ask): Promise<Told> => {
    const { id } = ask;
    try {
      if ("answers" in ask) {
        const { box, answers } = ask.answers;
        return { id, receipts: await intake.answers(box, answers) };
      }
      if ("airings" in ask)
        return { id, accepted: await intake.airings(ask.airings.box, ask.airings.airings) };
      return { id, tally: (await intake.tally(ask.tally)) ?? null };
    } catch (thrown) {
      const error = toToldError(thrown);
      if (error.code === "internal") log.error("intake-failed", { why: error.message });
      return { id, error };
    }
  };
  return (send: (told: Told[]) => void) => {
    const add = createBatch<Told>(pause, send);
    return (asks: readonly Ask[]) => {
      for (const ask of asks) void answer(ask).then(add);
    };
  };
}
