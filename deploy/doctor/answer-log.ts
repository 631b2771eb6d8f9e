/**
 * The answer log as it lies on the disk, read record by record with the edge's own verification, and held against what
 * `outbox.db` says was written. Changes nothing; a running edge may write at its end meanwhile.
 */
import { open, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { LogFile } from "../../edge/headend/outbox/log/files.ts";
import { scan } from "../../edge/headend/outbox/log/scan.ts";
import { logName } from "../../edge/headend/outbox/log/segment.ts";
import { errorMessage } from "../../shared/errors.ts";
import { SYSTEM_WORDS, systemState } from "../../shared/system-state.ts";
import { bad, type Finding, good, unknown, warning } from "./finding.ts";
import type { OutboxRow } from "./outbox-state.ts";

const CHECK = "answers";
const LOST =
  "Check the disk, and put the file back if it was moved; what is missing was acknowledged to boxes and is not at central";
const HAD =
  "Check the disk. Central has these answers; keys may be taken twice here, which central counts once";

const SKIPPED =
  "Check the disk. Answers for central that stood there are told by their numbers; what has none was refused to its box, or was a key";

const refused = () => Promise.reject(new Error("Cannot write: this only looks"));

async function openToRead(path: string): Promise<LogFile & { end(): Promise<void> }> {
  const file = await open(path, "r");
  return {
    async read(at, bytes) {
      const into = new Uint8Array(bytes);
      let got = 0;
      while (got < bytes) {
        const { bytesRead } = await file.read(into, got, bytes - got, at + got);
        if (bytesRead === 0) break;
        got += bytesRead;
      }
      return into.subarray(0, got);
    },
    readNow: () => new Uint8Array(),
    isThere: () => true,
    write: refused,
    cut: refused,
    size: async () => (await file.stat()).size,
    close() {},
    end: () => file.close(),
  };
}

/** Numbers `from` to `until` are missing. */
interface Gap {
  where: string;
  from: number;
  until: number;
}

/** @param state undefined: the log is held against itself alone */
export async function checkAnswerLog(folder: string, state: OutboxRow | undefined): Promise<Finding[]> {
  const path = join(folder, CHECK);
  let names: string[];
  try {
    names = (await readdir(path)).filter((name) => /^\d{8}\.log$/.test(name)).sort();
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === "ENOENT") names = [];
    else {
      const known = systemState(error);
      const action =
        code === "ENOTDIR"
          ? "Move the file away, and restart the edge: it makes the folder"
          : "Let the user of the service read and write the folder answers";
      return [bad(CHECK, known ? SYSTEM_WORDS[known] : errorMessage(error), action)];
    }
  }
  const findings: Finding[] = [];
  const gaps: Gap[] = [];
  const acknowledged = state?.acknowledged ?? 0;
  let [entries, bytes, last]: [number, number, number | undefined] = [0, 0, undefined];
  for (const name of names) {
    try {
      const file = await openToRead(join(path, name));
      try {
        const size = await file.size();
        let whole = 0;
        let end = 0;
        let unread = 0;
        for await (const { at, head } of scan(file, 0, size)) {
          whole++;
          unread += at - end;
          end = at + head.bytes;
          entries += head.entries;
          if (head.queued === 0) continue;
          // What a new database knows nothing of was forgotten with its file, not lost.
          const forgotten = acknowledged === 0 && name !== logName(1) ? head.firstNumber - 1 : acknowledged;
          const from = (last ?? forgotten) + 1;
          const until = head.firstNumber - 1 - head.skipped;
          if (until >= from) gaps.push({ where: name, from, until });
          last = Math.max(last ?? 0, head.firstNumber + head.queued - 1);
        }
        bytes += size;
        // Behind the newest file's last group stands what a crash cut off, or what is being written.
        if (name !== names.at(-1)) unread += size - end;
        if (whole > 0 && unread > 0)
          findings.push(warning(`${CHECK}/${name}`, `${unread} bytes of it cannot be read`, SKIPPED));
        if (name === logName(state?.countedSequence ?? 0) && end < (state?.countedAt ?? 0))
          findings.push(warning(`${CHECK}/${name}`, "its end is gone, or cannot be read", SKIPPED));
        if (size > 0 && whole === 0)
          findings.push(bad(`${CHECK}/${name}`, "not one group of answers in it can be read", LOST));
      } finally {
        await file.end();
      }
    } catch (error) {
      const known = systemState(error);
      findings.push(bad(`${CHECK}/${name}`, known ? SYSTEM_WORDS[known] : errorMessage(error), LOST));
    }
  }
  if (state) {
    // Without a file that holds any, those that central has were forgotten.
    const end = last ?? acknowledged;
    const until = Math.max(state.lastNumber, acknowledged);
    if (until > end) gaps.push({ where: "at its end", from: end + 1, until });
    const newest = names.at(-1);
    // An edge that has run has one, even before the first answer.
    if (state.countedSequence > 0 && (newest === undefined || newest < logName(state.countedSequence))) {
      const what = `${logName(state.countedSequence)} is gone`;
      findings.push(bad(CHECK, what, state.lastNumber > acknowledged ? LOST : HAD));
    }
  }
  for (const { where, from, until } of gaps) {
    const what = `${where}: answers number ${from} to ${until} cannot be read`;
    findings.push(until > acknowledged ? bad(CHECK, what, LOST) : warning(CHECK, what, HAD));
  }
  if (findings.length > 0) return findings;
  if (names.length === 0) return [unknown(CHECK, "no answer was taken yet")];
  const size = `${(bytes / 1_048_576).toFixed(1)} MiB`;
  return [good(CHECK, `${names.length} files, ${entries} answers, ${size}, every group whole`)];
}
