/** The status page in English. */
import { grouped } from "./figures.ts";
import type { Words } from "./tongue.ts";

const UNITS: readonly [ms: number, name: string][] = [
  [86_400_000, "d"],
  [3_600_000, "h"],
  [60_000, "min"],
  [1_000, "s"],
];

function span(ms: number): string {
  const [unitMs, name] = UNITS.find(([least]) => ms >= least) ?? [1_000, "s"];
  return `${Math.max(0, Math.floor(ms / unitMs))} ${name}`;
}

const REVOKED =
  "Ask whoever runs central. If it is to serve again: make a new code there (cuecast enrol) and restart this edge with --enrol and that code (CUECAST_ENROL in its env file); central's address is known. It serves on until then, and keeps its answers.";
/** What gives a service its own files back; whose they are to be is whose the folder is. */
const RIGHTS =
  "As root, give this edge its files back: chown -R --reference=DIR/ DIR/, then chmod -R u+rwX DIR/, with the data directory (--data) for DIR. If the folder's owner is wrong, chown it to the user of the service first; if the file system is read-only, check the disk. It goes on by itself.";
const IN_THE_WAY =
  "In the data directory, move away what stands in the way: the detail names it. The edge makes its own there, and goes on by itself.";
const CERTIFICATE =
  "Unknown issuer: give --ca the authority's certificate. Expired: renew it there. Not valid for the name: use the name that the certificate has. CaUsedAsEndEntity: it is an authority's own (CA:TRUE); make one that an authority has signed. The detail says which. If this machine's clock is wrong, correct that first.";

export const english: Words = {
  language: "en",
  title: "Cuecast edge",
  states: { good: "All is well", warning: "Serving, with warnings", alarm: "Needs attention now" },
  stateWords: {
    good: "Boxes are served, answers are taken, central is reached.",
    warning: (count) =>
      `${count === 1 ? "One thing wants" : `${count} things want`} looking after; see below.`,
    alarm: (count) => `${count === 1 ? "One thing is" : `${count} things are`} wrong; see below what to do.`,
  },
  cards: {
    line: "Line to central",
    publication: "Serves",
    left: "Schedule left",
    outbox: "Outbox",
    boxes: "Boxes",
    clock: "Clock",
    disk: "Disk",
    versions: "Versions",
  },
  troublesTitle: "What is wrong, and what to do",
  recentTitle: "Last warnings and errors",
  recentNone: "None since this edge started.",
  recentColumns: { when: "when", event: "event", words: "what happened, and what to do", times: "times" },
  up: "up",
  down: "down",
  since: (text) => `for ${text}`,
  ago: (text) => `${text} ago`,
  span,
  lastSync: (text) => `last sync ${text}`,
  neverSynced: "not synced since the start",
  nothing: "nothing yet",
  published: (text) => `published ${text}`,
  hours: (hours) => `${hours} h`,
  guideEnds: (at) => `programmes until ${at}`,
  noGuide: "no guide",
  guideOver: "the guide has ended",
  endless: "recurrences without end",
  recurrenceEnds: (hours, at) => `a recurrence ends in ${hours} h, at ${at}`,
  recurrencesOver: "all recurrences have ended",
  noRecurrence: "no recurrences",
  withoutGuide: (count, names) => `${count} channels without a guide: ${names}`,
  suppressed: (counts) => `cues suppressed by channel rules: ${counts}`,
  counts: (counts) =>
    `${grouped(counts.channels)} channels, ${grouped(counts.programmes)} programmes, ${grouped(counts.placements)} placements, ${grouped(counts.interactions)} interactions`,
  waiting: (count) => `${grouped(count)} waiting`,
  empty: "empty",
  oldest: (text) => `oldest for ${text}`,
  onDisk: (size) => `${size} on disk`,
  setAside: (count) => `${grouped(count)} set aside`,
  about: (boxes) => `about ${grouped(boxes)}`,
  boxesUnknown: "counting",
  boxesUnknownWhy: "five minutes of pulls are needed",
  boxesHow: "by the pulls of the last ten minutes",
  pullsPerSecond: (rate) => `${rate} pulls/s`,
  pullsChart: "Pulls a second, last half hour",
  shed: (count) => `${grouped(count)} turned away`,
  offset: (text) => `${text} ms`,
  within: (text) => `against central, within ${text} ms`,
  clockUnknown: "not measured yet",
  clockNow: (at) => `now ${at}`,
  zones: (own) => `time zones ${own}`,
  zonesSame: "as at central",
  zonesOther: (other) => `central has ${other}`,
  zonesUnknown: "central's not known yet",
  free: (size) => `${size} free`,
  ofTotal: (size) => `of ${size}`,
  memory: (size) => `memory ${size}`,
  running: (text) => `running for ${text}`,
  certificate: (text) => `certificate ends in ${text}`,
  unknown: "unknown",
  todo: "What to do",
  listed: ", ",
  between: "; ",
  detail: (english) => english,
  field: (name, value) => `${name} ${value}`,
  reasons: {
    withdrawn: "withdrawn",
    "outside-programme": "outside their programme",
    blackout: "blackout",
    gap: "too close",
    "hour-limit": "hour full",
  },
  refreshed: (at) => `As of ${at}; this page asks again by itself.`,
  otherTongue: { tongue: "zh", name: "中文" },
  troubles: {
    "not-enrolled": {
      title: "This edge is not enrolled",
      action: "Make a code at central (cuecast enrol) and start this edge with --central and --enrol.",
    },
    "nothing-to-serve": {
      title: "There is nothing to serve",
      action: "Publish at central, and check the line to it. Boxes go on with what they stored.",
    },
    "publication-refused": {
      title: "What central has on air was refused; the last good one is served on",
      action:
        "Nothing on this machine. At central: if it was restored from a copy, publish with --new-epoch; if not, find out who changed its air database.",
    },
    "region-unknown": {
      title: "The publication does not have this edge's region",
      action: "Add the region at central and publish, or enrol this edge anew for the right one.",
    },
    "outbox-refuses": {
      title: "Answers cannot be stored",
      action:
        "Make room on the disk of the data directory. Answers are refused with 503 until then; boxes keep them and send them later.",
    },
    "outbox-damaged": {
      title: "A file of the outbox is damaged; answers are taken all the same",
      action:
        "Check the disk. What can be read goes up as usual; what cannot is still in the file named here, in the data directory. A database that was set aside (.db) may be given to somebody who can repair it, or moved away: then this goes. A file of answers (.log, in the folder answers) goes by itself once nothing of it is remembered: never delete one. What was written again is whole; find out who deleted it. An outbox.db that is older than it was is used on: this goes at the next start.",
    },
    "not-enrolled-anew": {
      title: "The code did not enrol this edge anew; it goes on as who it was",
      action:
        "If central was not reached, mend the line and restart this edge: the code is still good for its day. If central refused the code, make a new one there (cuecast enrol) and restart with it. To stay who it is, take --enrol (CUECAST_ENROL) away.",
    },
    "disk-full-soon": {
      title: "The disk is nearly full",
      action: "Make room on the disk of the data directory, or make it larger, before answers are refused.",
    },
    "workers-missing": {
      title: "Workers end, or do not begin",
      action:
        "See why in journalctl -u cuecast-edge: worker-ended, worker-silent, worker-refused. Most often memory is short: start with fewer --workers.",
    },
    "clock-off": {
      title: "This clock and central's differ",
      action: "Check time synchronisation (chrony or systemd-timesyncd) here, and at central.",
    },
    "clock-behind": {
      title: "This clock stands behind its own past",
      action:
        "Set the clock: date, then time synchronisation. A dead clock battery does this after a power cut. Cues fire late until then.",
    },
    "clock-stepped": {
      title: "This clock was set by a large step, or the machine slept",
      action:
        "Nothing, if somebody set it. If it comes again, check time synchronisation and the host's load.",
    },
    "central-unreachable": {
      title: "Central is not reached",
      action:
        "Check this machine's network, then whether central runs. Boxes notice nothing meanwhile; answers wait in the outbox.",
    },
    "sync-fails": {
      title: "Syncing fails; the last good publication is served on",
      action:
        "It is tried again by itself. If it stays, read the detail, and check that this machine reaches air.",
    },
    "outbox-waits": {
      title: "Answers wait to be sent to central",
      action: "Check the line to central, and central's own status. Nothing is lost while they wait.",
    },
    "answers-set-aside": {
      title: "Central refused single answers; they were set aside",
      action:
        "They are kept in outbox.db and hold nothing up. cuecast doctor --data DIR --set-aside list tells why each was refused; most often this edge's release is older than central's. After the upgrade --set-aside send sends them again; --set-aside drop takes them away.",
    },
    "entries-left-out": {
      title: "This release cannot read some entries",
      action: "Upgrade this edge to central's release; the rest is on air.",
    },
    "guide-ends-soon": { title: "The guide ends", action: "Import a newer guide at central and publish." },
    "copy-damaged": {
      title: "A copy on the disk was damaged or missing",
      action:
        "Another took its place by itself, or it was written again. Find out who deletes files here; if it comes again, check the disk. One that cannot be written again is still in memory: make room, or let this edge's user write there, before the edge is restarted.",
    },
    "certificate-ends": {
      title: "The certificate that boxes see ends",
      action: "Renew it, put it in place of --tls-cert and --tls-key, and restart this edge.",
    },
    "time-zones-differ": {
      title: "Time zone data differs from central's",
      action:
        "Bring both to one release of Cuecast and of its runtime. Where a country changed its clocks, recurring cues may differ until then.",
    },
    failures: {
      title: "Requests failed inside",
      action: "See this edge's log for request-failed, and report it.",
    },
  },
  away: "The edge does not answer now: what follows is the last that it said. This page goes on asking; if it stays so, look whether the edge runs.",
  outboxRights: {
    title: "Answers cannot be stored: this edge may not read or write its own files",
    action: `${RIGHTS} Answers are refused with 503 until then; boxes keep them and send them later.`,
  },
  outboxInTheWay: {
    title: "Answers cannot be stored: something stands in the way of this edge's files",
    action: `${IN_THE_WAY} Answers are refused with 503 until then; boxes keep them and send them later.`,
  },
  central: {
    refused: {
      title: "Central is not running, or not on that port",
      action: "Start central, or correct --central. A firewall that rejects looks the same.",
    },
    silent: {
      title: "Central does not answer: the line swallows what is sent, or is far too slow",
      action:
        "Check cable, route and firewall between here and central (ping, traceroute), then central's load.",
    },
    cut: {
      title: "The line to central is cut again and again",
      action: "Look for what stands between: a firewall, a proxy or a balancer that resets connections.",
    },
    "no-way": {
      title: "There is no way to central's address",
      action: "Check the address of --central, name resolution (DNS) and the default route of this machine.",
    },
    certificate: { title: "Central's certificate is not trusted", action: CERTIFICATE },
    "no-tls": {
      title: "Central does not speak TLS on that port",
      action: "Use http:// in --central, or give central --tls-cert and --tls-key.",
    },
    "tls-there": { title: "Central speaks TLS on that port", action: "Use https:// in --central." },
    token: {
      title: "Central does not let this edge in: it was revoked, or central is another",
      action: REVOKED,
    },
    compacting: { title: "Central is busy for a moment", action: "Nothing: it is tried again." },
    disk: { title: "This edge's disk is full", action: "Make room on the disk of the data directory." },
    rights: { title: "This edge may not read or write its own files", action: RIGHTS },
    "in-the-way": { title: "Something stands in the way of this edge's files", action: IN_THE_WAY },
    "other-server": {
      title: "What answers at central's address is not central",
      action: "Check --central, and the proxy in front of central.",
    },
    unwell: { title: "Central answers, but cannot now", action: "See central's own status and log." },
  },
  air: {
    refused: {
      title: "The libSQL server of air is not running, or not on that port",
      action:
        "Central starts it: see central's log and sqld.log there. Open its port (8083) in the firewall.",
    },
    silent: {
      title: "The libSQL server of air does not answer, or the line is far too slow",
      action:
        "Check the firewall for its port (8083) and the line's speed; a first sync brings the whole publication.",
    },
    cut: {
      title: "The line to the libSQL server of air is cut again and again",
      action: "Look for what stands between: a firewall, a proxy or a balancer that resets connections.",
    },
    "no-way": {
      title: "There is no way to the address of air",
      action: "At central, set --air-public-url to an address that this machine reaches.",
    },
    certificate: { title: "The certificate of air is not trusted", action: CERTIFICATE },
    "no-tls": {
      title: "The libSQL server of air does not speak TLS on that port",
      action: "At central: give --tls-cert and --tls-key, or use http:// in --air-public-url.",
    },
    "tls-there": {
      title: "The libSQL server of air speaks TLS on that port",
      action: "At central, use https:// in --air-public-url.",
    },
    token: {
      title: "Air does not let this edge in: it was revoked, or its token has ended",
      action: REVOKED,
    },
    compacting: {
      title: "The libSQL server compacts its log",
      action: "Nothing: the next try succeeds.",
    },
    disk: { title: "This edge's disk is full", action: "Make room on the disk of the data directory." },
    rights: { title: "This edge may not read or write its own files", action: RIGHTS },
    "in-the-way": { title: "Something stands in the way of this edge's files", action: IN_THE_WAY },
    "other-server": {
      title: "What answers at the address of air is no libSQL server",
      action: "At central, check --air-public-url, and the proxy in front of it.",
    },
    unwell: { title: "Air answers, but cannot now", action: "See central's own status and log." },
  },
  events: {
    "central-line": "The line to central was lost; whether it is back stands at the top.",
    "outbox-not-open": "The outbox could not be opened: check the disk and the rights of the data directory.",
    "outbox-set-aside": "The outbox's file is damaged: a new one is in use. Check the disk.",
    "outbox-taken-over": "What could be read of the damaged outbox goes up to central.",
    "outbox-unavailable": "Answers could not be stored: what to do stands above while it lasts.",
    "request-failed": "An error inside: report it with this line.",
    "sync-failed": "Tried again by itself; what to do stands above while it lasts.",
    "uplink-failed": "Answers wait and are sent later; what to do stands above while it lasts.",
    "replica-process-killed": "The sync hung and was ended; it begins again by itself.",
    "replica-process-ended": "The sync's process ended early; it begins again by itself.",
    "replica-wiped": "The replica was damaged or astray and was synced from scratch.",
    "publication-damaged":
      "A copy on the disk was damaged; another took its place. If it comes again, check the disk.",
    "publication-rescued": "No copy on the disk held; what was synced last is served. Check the disk.",
    "publication-not-kept": "It is served, but could not be kept on the disk: make room.",
    "identity-damaged":
      "A copy of this edge's identity was damaged; the other took its place. Check the disk.",
    "file-written-again":
      "Somebody deleted or damaged it while this edge ran; it is whole again. Find out who, and check the disk.",
    "file-not-written-again":
      "It is still in memory: make room, or let this edge's user write there, before the edge is restarted.",
    "not-enrolled-anew":
      "The code of --enrol did not work: this edge goes on as who it was. What to do stands above.",
    "publication-refused": "Central's publication does not continue what is served: see above.",
    "answer-set-aside": "Central refused one answer; it is kept aside in outbox.db.",
    "air-token-not-renewed": "The old token is tried meanwhile; see the line to central.",
    "uplink-rewound": "Central was restored from an older copy and gets its answers again.",
    "edge-revoked": "Central does not let this edge in any more; what to do stands above while it lasts.",
    "counts-refused":
      "Central refused the counts of one cue; its answers go up all the same. Its release may be older than this edge's.",
    "front-unusable":
      "Nothing is kept for nginx in front: it answers from its cache, more slowly. Correct --front.",
    "front-not-kept":
      "A file for nginx could not be written: it answers from its cache. Make room where --front is.",
    "listening-again":
      "The server broke off and listens again; most often no file descriptor was left (LimitNOFILE).",
    "worker-ended": "A process that answers boxes ended; another takes its place.",
    "worker-garbled": "A process that answers boxes said what it should not; another takes its place.",
    "worker-silent": "A process that answers boxes hung and was ended; another takes its place.",
    "worker-refused": "A process that answers boxes could not begin; it is tried again.",
    "replica-library-said": "A word of the library that syncs, as it stands in the log.",
    "prepare-failed":
      "Schedules of the next hour were not made ahead: they are made when they are asked for. Report it with this line.",
    "packed-copy-damaged":
      "The quick form of a copy was damaged; the copy itself is read. If it comes again, check the disk.",
    "publication-not-packed":
      "The quick form of a copy was not written: the next start is slower. Make room on the disk.",
    "publication-kept": "An old copy could not be removed. Check the rights of the data directory.",
    "outbox-not-closed": "The damaged outbox could not be closed; a new one is in use.",
    "outbox-prune-failed": "What is over could not be removed; it is tried again.",
    "outbox-tallies-failed": "Counts could not be written; they are counted again from the answers.",
    "intake-failed": "An error inside: report it with this line.",
    "leftover-kept": "It takes room and does no harm. Check the rights of the data directory.",
    "outbox-new":
      "A new one was begun. Counts of airings and refused answers that central had not got were in the old one alone: put it back if it was moved.",
    "outbox-older":
      "Check the disk, and who removes files here: stop the edge before its outbox.db is copied or put back, and take outbox.db-wal along.",
  },
};
