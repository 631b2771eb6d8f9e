import assert from "node:assert/strict";
import { test } from "node:test";
import { type LineFault, lineFault } from "./line-fault.ts";

/** As Deno 2.9, Node 24, libSQL 0.5 and our own code said it. */
const cases: [words: string, fault: LineFault | undefined][] = [
  ["EEXIST: file already exists, mkdir '/data/replica'", "in-the-way"],
  [
    "Cannot write to the outbox: a file stands where a directory should, or the reverse (EISDIR)",
    "in-the-way",
  ],
  ["Cannot reach central at http://c: nobody listens there (connection refused)", "refused"],
  ["client error (Connect): tcp connect error: Connection refused (os error 111)", "refused"],
  ["connect ECONNREFUSED 127.0.0.1:8080", "refused"],
  ["Cannot sync from http://c:8083: no answer in 5000 ms", "silent"],
  ["Cannot sync: the replica process got nowhere in 60000 ms and was ended", "silent"],
  ["read ECONNRESET", "cut"],
  ["client error (SendRequest): connection error: Connection reset by peer (os error 104)", "cut"],
  ["other side closed", "cut"],
  ["client error (Connect): invalid peer certificate: UnknownIssuer", "certificate"],
  ["invalid peer certificate: certificate expired: verification time 1795431900", "certificate"],
  ["unable to verify the first certificate; if the root CA is installed locally", "certificate"],
  ["self-signed certificate in certificate chain", "certificate"],
  [
    "Hostname/IP does not match certificate's altnames: IP: 127.0.0.1 is not in the cert's list",
    "certificate",
  ],
  ["received corrupt message of type InvalidContentType", "no-tls"],
  ["SSL routines:ssl3_get_record:wrong version number", "no-tls"],
  ["client error (SendRequest): invalid HTTP version parsed", "tls-there"],
  ["Parse Error: Expected HTTP/, RTSP/ or ICE/", "tls-there"],
  ["dns error: failed to lookup address information: Name or service not known", "no-way"],
  ["getaddrinfo ENOTFOUND central.example", "no-way"],
  ["tcp connect error: No route to host (os error 113)", "no-way"],
  ["Cannot sync from http://c:8083: it refuses this edge's token", "token"],
  ["Cannot report to central http://c: it refused this edge: it was revoked", "token"],
  ["Cannot sync from http://c:8083: the server is compacting its log; the next try succeeds", "compacting"],
  ["Cannot sync: this edge's disk is full", "disk"],
  ["Cannot open /d/outbox.db: this user may not do that there (EACCES: permission denied, open)", "rights"],
  ["Cannot sync from http://c: what answers there is no libSQL server", "other-server"],
  ["its reply fails its schema at timeMs: is that address central's?", "other-server"],
  ["Cannot report to central http://c: it cannot now (status 503)", "unwell"],
  ["something that nobody has seen", undefined],
];
for (const [words, fault] of cases) {
  test(`lineFault() takes "${words.slice(0, 60)}" for ${fault}`, () => {
    assert.equal(lineFault(words), fault);
  });
}
