/** The one class of expected errors. A bug is not one of them: it throws anything else and ends the process. */

/** One place at which a body is wrong. */
export interface WrongPlace {
  /** `interaction.texts.en.title` */
  path: string;
  message: string;
  /** What it is, and the facts of the message: whoever shows it says it in the reader's language. */
  code?: string;
  facts?: Record<string, string | number>;
}

export interface CuecastErrorOptions {
  /** Stable and lower-case with dashes: `unknown-channel`. */
  code: string;
  /** HTTP status when it leaves by HTTP; 500 unless told. */
  status?: number;
  /** Whether the same call may succeed later. */
  retryable?: boolean;
  /** What the caller should wait before trying again, ms. */
  retryAfterMs?: number;
  /** Places of a body that failed its schema. */
  errors?: WrongPlace[];
  cause?: unknown;
}

/** Message: `Cannot <verb> <what>: <state>`, sentence case, no full stop, secrets masked. */
export class CuecastError extends Error {
  readonly code: string;
  readonly status: number;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;
  readonly errors: WrongPlace[] | undefined;

  constructor(message: string, options: CuecastErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "CuecastError";
    this.code = options.code;
    this.status = options.status ?? 500;
    this.retryable = options.retryable ?? false;
    this.retryAfterMs = options.retryAfterMs;
    this.errors = options.errors;
  }
}

/** The words of the deepest cause, which say most: "connect ECONNREFUSED 10.0.0.1:8080" under "fetch failed". */
export function causeMessage(thrown: unknown): string {
  let current = thrown;
  for (let depth = 0; depth < 5 && current instanceof Error && current.cause; depth++)
    current = current.cause;
  const words = current instanceof Error ? current.message || current.name : String(current);
  return /refused/i.test(words) ? "nobody listens there (connection refused)" : words;
}

/** The words of anything thrown, for a log line or a reply; never a stack. */
export function errorMessage(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
