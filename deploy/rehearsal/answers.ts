/** What a box sends, as tests send it. */
import { randomUUID } from "node:crypto";
import type { Answer } from "../../shared/protocol/answers.ts";

/** Before the close of whatever a test places: the rig's poll closes after a minute, which a busy machine may take. */
const GIVEN_MS = Date.now();

/** An answer to the rig's poll, given when the tests began, as if it had been shown then, with a key of its own. */
export function makeAnswer(cue: string): Answer {
  const [key, dueMs] = [randomUUID(), GIVEN_MS];
  return { key, cue, interaction: "poll", version: 1, options: ["a"], answeredAtMs: GIVEN_MS, dueMs };
}

/** @param url an edge's; a reply that takes over 5 s is an error */
export function postAnswers(url: string, box: string, answers: Answer[]): Promise<Response> {
  return fetch(`${url}/v1/answers`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ box, answers }),
    signal: AbortSignal.timeout(5000),
  });
}

/** The statuses of a reply's receipts, in order. */
export async function receiptsOf(reply: Response): Promise<string[]> {
  const { receipts } = (await reply.json()) as { receipts: { status: string }[] };
  return receipts.map(({ status }) => status);
}
