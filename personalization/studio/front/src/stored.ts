// The textarea that holds what is stored: it is part of the page's form and works without us.

import type { Marks } from "./tree/opening.ts";
import { open, store } from "./tree/opening.ts";
import { type Group, emptyGroup } from "./tree/tree.ts";

/** What a text says: a tree to draw, nothing, a tree that cannot be drawn, or no JSON at all. */
export type Read =
  | { kind: "tree"; tree: Group }
  | { kind: "odd" }
  | { kind: "broken"; error: unknown };

export function readText(text: string, marks: Marks): Read {
  if (text.trim() === "") return { kind: "tree", tree: nothing(marks) };
  try {
    const tree = open(JSON.parse(text), marks);
    return tree ? { kind: "tree", tree } : { kind: "odd" };
  } catch (error) {
    return { kind: "broken", error };
  }
}

/** The text of a tree. Where a condition may be left out, one that says nothing is left out. */
export function writeText(tree: Group, marks: Marks, isRequired: boolean): string {
  const says = tree.rules.length > 0 || tree.not || isRequired;
  return says ? JSON.stringify(store(tree, marks), null, 2) : "";
}

/** Puts the text into the form, as if somebody had typed it. */
export function keep(textarea: HTMLTextAreaElement, text: string): void {
  if (textarea.value === text) return;
  textarea.value = text;
  textarea.dispatchEvent(new Event("input", { bubbles: true }));
  textarea.dispatchEvent(new Event("change", { bubbles: true }));
}

function nothing(marks: Marks): Group {
  return open(emptyGroup(), marks) as Group;
}
