// The state of a list that one searches by typing: what fits, which one is active, what keys do.

import { useMemo, useState } from "preact/hooks";
import type { Json } from "../tree/tree.ts";

export interface Option {
  value: Json;
  label: string;
  group?: string;
  hint?: string; // shown quietly beside the label
}

export interface Listbox {
  isOpen: boolean;
  shown: readonly Option[];
  more: number; // how many fit and are not shown
  active: number; // -1: none
  open(): void;
  close(): void;
  point(index: number): void;
  onKey(event: KeyboardEvent): boolean; // whether the key was for the list
}

const MOST = 60;
const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };

export function useListbox(
  options: readonly Option[],
  typed: string,
  choose: (option: Option) => void,
): Listbox {
  const [isOpen, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const fitting = useMemo(() => fits(options, typed), [options, typed]);
  const shown = fitting.slice(0, MOST);

  function onKey(event: KeyboardEvent): boolean {
    const step = STEPS[event.key];
    if (step !== undefined) {
      if (isOpen) setActive(moved(active, step, shown.length));
      setOpen(true);
      return true;
    }
    if (!isOpen) return false;
    const option = shown[active];
    if (event.key === "Enter" && option) choose(option);
    else if (event.key !== "Escape") return false;
    setOpen(false);
    return true;
  }

  return {
    isOpen,
    shown,
    more: fitting.length - shown.length,
    active: Math.min(active, shown.length - 1),
    open: () => setOpen(true),
    close: () => setOpen(false),
    point: setActive,
    onKey,
  };
}

/**
 * Options that hold every typed word. First those that are or begin with the text, then those that hold it
 * themselves, last those whose group does; each group in one piece, as the list shows it.
 */
export function fits(options: readonly Option[], typed: string): readonly Option[] {
  const text = plain(typed);
  if (!text) return options;
  const words = text.split(/\s+/);
  const found = options.filter((option) => {
    const said = plain(`${option.label} ${option.hint ?? ""} ${option.group ?? ""} ${option.value}`);
    return words.every((word) => said.includes(word));
  });
  const rank = ({ label, hint }: Option) => {
    if (plain(label) === text) return 0;
    if (plain(label).startsWith(text)) return 1;
    return words.every((word) => plain(`${label} ${hint ?? ""}`).includes(word)) ? 2 : 3;
  };
  const ranked = [0, 1, 2, 3].flatMap((wanted) => found.filter((option) => rank(option) === wanted));
  const groups = [...new Set(ranked.map((option) => option.group))];
  return groups.flatMap((group) => ranked.filter((option) => option.group === group));
}

function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{Diacritic}/gu, "").toLowerCase().trim();
}

function moved(active: number, step: number, count: number): number {
  if (count === 0) return -1;
  if (active < 0) return step > 0 ? 0 : count - 1;
  const wanted = active + step;
  if (Math.abs(step) > 1) return Math.max(0, Math.min(count - 1, wanted));
  return (wanted + count) % count;
}
