/**
 * By this header a reply of central's tells itself from those of an edge, of a proxy in between, or of any other
 * server that somebody named for central.
 */
export const PART_HEADER = "x-cuecast-part";
export const CENTRAL_PART = "central";
