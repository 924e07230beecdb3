// Which key does what. Pure: the event's own facts in, a deed out; null leaves the key to the page.

export type Deed =
  | "approve" | "changes" | "reject" | "edit" | "anew" | "acknowledge" | "beside" | "more"
  | "undo" | "after" | "before" | "help";

const SINGLE: Readonly<Record<string, Deed>> = {
  a: "approve", c: "changes", r: "reject", e: "edit", g: "anew", x: "acknowledge", d: "beside", m: "more",
  u: "undo", j: "after", ArrowRight: "after", k: "before", ArrowLeft: "before", "?": "help",
};

export interface Pressed {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  repeat: boolean;
}

/** `isTyping`: the focus is where letters are typed. `isOn`: single keys are not switched off. */
export function deedOf(pressed: Pressed, isTyping: boolean, isOn: boolean): Deed | null {
  if (!isOn || isTyping || pressed.ctrlKey || pressed.metaKey || pressed.altKey) return null;
  const deed = SINGLE[pressed.key.length === 1 ? pressed.key.toLowerCase() : pressed.key];
  if (!deed || (pressed.repeat && deed !== "after" && deed !== "before")) return null;
  return deed;
}

/** Letters go into what has the focus, not to us; so do the arrows of a list or of radio buttons. */
export function isTyping(focus: Element | null, key: string): boolean {
  if (!focus) return false;
  if (focus.matches("textarea, select, [contenteditable=true]")) return true;
  if (!focus.matches("input")) return false;
  const type = focus.getAttribute("type") ?? "text";
  return !["checkbox", "radio", "button", "submit"].includes(type) || (type === "radio" && key.startsWith("Arrow"));
}

/** The number that stands for a reason, from 1; null for other keys. */
export function reasonOf(pressed: Pressed): number | null {
  return /^[1-9]$/.test(pressed.key) && !pressed.ctrlKey && !pressed.metaKey && !pressed.altKey ? Number(pressed.key) : null;
}
