// Values in blanks: read from what is stored, written as the server reads them.

import type { Json } from "./tree.ts";

export const UNITS = ["w", "d", "h", "m", "s"] as const;

export interface Duration {
  amount: string;
  unit: string;
}

/** "7d" is seven days; null where it is nothing of the kind. */
export function readDuration(value: unknown): Duration | null {
  const found = typeof value === "string" ? /^\s*(\d{1,9})([wdhms])\s*$/.exec(value) : null;
  return found ? { amount: found[1] as string, unit: found[2] as string } : null;
}

/** A list as it is stored: an array, or a text with commas. */
export function asList(value: unknown): Json[] {
  if (Array.isArray(value)) return value as Json[];
  if (typeof value !== "string" || value.trim() === "") return [];
  return value.split(",").map((part) => part.trim());
}

/** What was typed into the blank of a number: a number where it is one, else the text. */
export function typedNumber(text: string): Json {
  const trimmed = text.trim();
  const number = Number(trimmed);
  return trimmed !== "" && Number.isFinite(number) ? number : text;
}

/** A typed value by the field's type. */
export function typedValue(type: string, text: string): Json {
  return type === "number" ? typedNumber(text) : text;
}

export function shownValue(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** Whether two values are the same to the server, which converts spelled numbers. */
export function isSame(a: Json, b: Json): boolean {
  return a === b || (a !== null && b !== null && String(a) === String(b));
}

/** A share as people say it: 0.3 is 30. */
export function percentOf(threshold: number): number {
  return Math.round(threshold * 1e8) / 1e6;
}

export function isShare(threshold: unknown): boolean {
  const number = typeof threshold === "string" ? Number(threshold) : threshold;
  return typeof number === "number" && number > 0 && number < 1;
}
