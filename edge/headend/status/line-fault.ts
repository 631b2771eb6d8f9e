/**
 * What kind of fault a failed try met, told from the words that runtimes, libSQL and central have for it: a
 * technician does something else for each. Pure; the words are those of Deno 2.9, Node 24 and libSQL 0.5.
 */

export type LineFault =
  /** Nobody listens there. */
  | "refused"
  /** No answer in time: a black hole, or a line far too slow. */
  | "silent"
  /** The connection was made and cut. */
  | "cut"
  /** No such name, or no way there. */
  | "no-way"
  /** TLS: the certificate is not trusted, has ended, or is for another name. */
  | "certificate"
  /** The other side does not speak TLS, or not on this port. */
  | "no-tls"
  /** It speaks TLS, and was asked without. */
  | "tls-there"
  /** It does not let this edge in: revoked, or enrolled elsewhere. */
  | "token"
  /** The libSQL server compacts its log. */
  | "compacting"
  /** This edge's own disk. */
  | "disk"
  /** This edge's user may not read or write its own files. */
  | "rights"
  /** A file stands where it wants a folder, or the reverse. */
  | "in-the-way"
  /** Something else answers there. */
  | "other-server"
  /** It answers that it cannot now. */
  | "unwell";

/** In this order: a message may hold the words of several. */
const SIGNS: readonly [LineFault, RegExp][] = [
  ["compacting", /compacting its log|snapshot not found/i],
  ["disk", /disk is full|ENOSPC|no space|no room left/i],
  ["rights", /this user may not|EACCES|EPERM|EROFS|SQLITE_READONLY|permission denied/i],
  ["in-the-way", /stands where a directory|EISDIR|EEXIST|ENOTDIR/i],
  ["token", /refuse[sd] this edge|token|revoked|no right/i],
  [
    "certificate",
    /certificate|UnknownIssuer|NotValidForName|altnames|self.signed|UNABLE_TO_VERIFY|CERT_|unable to (get|verify)/i,
  ],
  ["no-tls", /wrong version number|InvalidContentType|corrupt message|packet length too long|EPROTO/i],
  ["tls-there", /invalid HTTP version|Expected HTTP\/|HPE_INVALID/i],
  [
    "no-way",
    /ENOTFOUND|EAI_AGAIN|lookup|dns error|no such host|EHOSTUNREACH|ENETUNREACH|unreachable \(os|no route/i,
  ],
  ["silent", /no answer in|got nowhere|timed? ?out|ETIMEDOUT|deadline/i],
  ["refused", /ECONNREFUSED|connection refused|nobody listens/i],
  [
    "cut",
    /ECONNRESET|EPIPE|reset|broken pipe|socket hang up|other side closed|terminated|closed before|unexpected (eof|end)|connection (closed|error)|error reading a body|aborted/i,
  ],
  ["other-server", /fails its schema|is no libSQL server|without a problem|answers with status/i],
  ["unwell", /it cannot now/i],
];

/** @returns undefined when the words tell nothing that is known */
export function lineFault(words: string): LineFault | undefined {
  return SIGNS.find(([, sign]) => sign.test(words))?.[0];
}
