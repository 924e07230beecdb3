// Moments on the site's clock: stored in UTC, shown and typed as the wall clock there says.

const STORED =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?)?(Z|[+-]\d\d(?::?\d\d)?)?$/;

/** What a `datetime-local` input shows; null where the text is of a form that we do not read. */
export function shownMoment(stored: unknown, zone: string): string | null {
  const instant = typeof stored === "string" ? instantOf(stored.trim()) : null;
  return instant === null ? null : wallClock(instant, zone);
}

/** What is stored for what was typed on the site's clock: "2026-03-02T08:00:00Z". */
export function storedMoment(typed: string, zone: string): string {
  const wanted = Date.parse(`${typed}Z`);
  if (Number.isNaN(wanted)) return typed;
  let instant = wanted;
  for (let turn = 0; turn < 2; turn += 1) instant = wanted - offsetAt(instant, zone);
  return new Date(instant).toISOString().replace(/\.\d{3}Z$/, "Z");
}

function instantOf(text: string): number | null {
  const found = STORED.exec(text);
  if (!found) return null;
  const [, year, month, day, hour = "00", minute = "00", second = "00", zone = "Z"] = found;
  const offset = zone === "Z" || zone.includes(":") ? zone : `${zone.slice(0, 3)}:${zone.slice(3) || "00"}`;
  const instant = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}${offset}`);
  return Number.isNaN(instant) ? null : instant;
}

function wallClock(instant: number, zone: string): string {
  const wall = new Date(instant + offsetAt(instant, zone)).toISOString();
  return wall.slice(0, wall.slice(17, 19) === "00" ? 16 : 19);
}

/** Milliseconds by which the clock in the zone is ahead of UTC at this instant. */
function offsetAt(instant: number, zone: string): number {
  const parts = new Intl.DateTimeFormat("en-u-hc-h23", {
    timeZone: zone,
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  }).formatToParts(instant);
  const part = (type: string) => Number(parts.find((each) => each.type === type)?.value);
  const wall = Date.UTC(
    part("year"),
    part("month") - 1,
    part("day"),
    part("hour"),
    part("minute"),
    part("second"),
  );
  return wall - Math.floor(instant / 1000) * 1000;
}
