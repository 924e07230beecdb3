// Undo and redo: what was, what is, what was taken back. Pure; the time is an argument.

import { isObject } from "./tree.ts";

export interface History<T> {
  past: readonly T[];
  now: T;
  future: readonly T[];
  typing: { where: string; at: number } | null;
}

const LONGEST = 200;
const PAUSE = 1500; // milliseconds after which typing in the same place is a new step

export function begin<T>(now: T): History<T> {
  return { past: [], now, future: [], typing: null };
}

/** A step forward; typing on in one blank widens the step that is being taken. */
export function change<T>(history: History<T>, next: T, at: number): History<T> {
  const where = onlyBlank(history.now, next);
  const { typing } = history;
  const goesOn = where !== null && typing?.where === where && at - typing.at < PAUSE;
  const past = goesOn ? history.past : [...history.past, history.now].slice(-LONGEST);
  return { past, now: next, future: [], typing: where === null ? null : { where, at } };
}

export function undo<T>(history: History<T>): History<T> {
  const before = history.past.at(-1);
  if (before === undefined) return history;
  return {
    past: history.past.slice(0, -1),
    now: before,
    future: [history.now, ...history.future],
    typing: null,
  };
}

export function redo<T>(history: History<T>): History<T> {
  const [next, ...future] = history.future;
  if (next === undefined) return history;
  return { past: [...history.past, history.now], now: next, future, typing: null };
}

/** Where the two differ, if it is in one text or number; null if something else changed. */
export function onlyBlank(a: unknown, b: unknown, where = ""): string | null {
  if (isTyped(a) && isTyped(b)) return where;
  if (!isBranch(a) || !isBranch(b) || Array.isArray(a) !== Array.isArray(b)) return null;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return null;
  const differing = keys.filter((key) => !Object.is(a[key], b[key]));
  const [only] = differing;
  if (differing.length !== 1 || only === undefined || !(only in b)) return null;
  return onlyBlank(a[only], b[only], `${where}/${only}`);
}

function isTyped(value: unknown): boolean {
  return typeof value === "string" || typeof value === "number";
}

function isBranch(value: unknown): value is Record<string, unknown> {
  return isObject(value) || Array.isArray(value);
}
