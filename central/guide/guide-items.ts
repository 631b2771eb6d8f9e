/** What a guide file says, as read, before anything is put right: the reader's output. */
import type { DefectCode } from "./defects.ts";

/** A text, and the language that the file gives it (BCP 47), if any. */
export interface LanguageText {
  lang?: string;
  text: string;
}

export interface ChannelItem {
  kind: "channel";
  /** As in the file, at any length; empty when it has none. */
  id: string;
  names: LanguageText[];
  /** From `<lcn>`, 1 to 9999. */
  number?: number;
  iconUrl?: string;
  /** `dvb://onid.tsid.sid`, hexadecimal. */
  locators?: string[];
  /** What schedules call it, when that is not `id`. */
  guideRef?: string;
  line: number;
}

export interface ProgrammeItem {
  kind: "programme";
  /** The channel's id as in the file; empty when it has none. */
  channel: string;
  startMs: number;
  /** null: the file has none that is a time. May lie before `startMs`. */
  endMs: number | null;
  titles: LanguageText[];
  subtitle?: string;
  categories?: string[];
  series?: string;
  /** True: first run; false: repeat; absent: the file does not say. */
  isNew?: boolean;
  line: number;
}

/** A defect that shows while reading. */
export interface DefectItem {
  kind: "defect";
  code: DefectCode;
  count: number;
  line: number;
  text: string;
}

export type GuideItem = ChannelItem | ProgrammeItem | DefectItem;

/** A programme in a defect's example. */
export function programmeText(programme: {
  channel: string;
  startMs: number;
  titles: LanguageText[];
}): string {
  const start = new Date(programme.startMs).toISOString().replace(".000Z", "Z");
  return `${programme.channel} ${start} "${programme.titles[0]?.text ?? ""}"`;
}
