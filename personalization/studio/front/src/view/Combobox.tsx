// A blank that one fills by typing and choosing, with the keyboard alone if one likes (WAI-ARIA's
// combobox with a list). What is not on the list is taken only where `isFree`.

import { useLayoutEffect, useId, useRef, useState } from "preact/hooks";
import { Options } from "./Options.tsx";
import { type Option, useListbox } from "./useListbox.ts";

interface Blank {
  label: string;
  shown: string; // what stands in the blank now
  options: readonly Option[];
  onChoose(option: Option): void;
  onFree?(text: string): void; // takes what is not on the list
  onType?(text: string): void; // to look for more options
  onLeave?(): void;
  onEscape?(): void;
  part?: string;
  placeholder?: string;
  isNew?: boolean; // takes the focus as it appears
  isEmptied?: boolean; // ready for the next one after each choice
}

export function Combobox(blank: Blank) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [typed, draw] = useState<string | null>(null); // null: nothing typed since
  const latest = useRef<string | null>(null); // the same, also before it is drawn
  const list = useListbox(blank.options, typed ?? "", choose);
  useLayoutEffect(() => {
    if (!blank.isNew) return;
    input.current?.focus();
    list.open();
  }, [blank.isNew]);

  function setTyped(text: string | null): void {
    latest.current = text;
    draw(text);
  }

  function choose(option: Option): void {
    setTyped(null);
    list.close();
    blank.onChoose(option);
  }

  function type(text: string): void {
    setTyped(text);
    list.open();
    list.point(blank.onFree || text === "" ? -1 : 0); // the best one, unless the text itself is meant
    blank.onType?.(text);
  }

  /** Takes what was typed: the option of that name, or the text itself where it may. */
  function take(): void {
    const text = latest.current?.trim();
    setTyped(null);
    if (text === undefined) return;
    const named = blank.options.find((option) => option.label === text || option.value === text);
    if (named) choose(named);
    else if (blank.onFree && (text !== "" || !blank.isEmptied)) blank.onFree(text);
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (list.onKey(event)) {
      if (event.key === "Escape") {
        setTyped(null);
        blank.onEscape?.();
      }
      event.preventDefault();
      event.stopPropagation();
    } else if (event.key === "Enter") {
      take();
      list.close();
    }
  }

  function leave(): void {
    take();
    list.close();
    blank.onLeave?.();
  }

  const text = typed ?? (blank.isEmptied ? "" : blank.shown);
  return (
    <span class="pz-combobox">
      <input
        ref={input}
        type="text"
        class="pz-blank"
        role="combobox"
        autocomplete="off"
        spellcheck={false}
        aria-label={blank.label}
        aria-expanded={list.isOpen}
        aria-controls={list.isOpen ? id : undefined}
        aria-autocomplete="list"
        aria-activedescendant={list.isOpen && list.active >= 0 ? `${id}-${list.active}` : undefined}
        data-pz-part={blank.part}
        placeholder={blank.placeholder}
        value={text}
        style={{ width: `${widthOf(text || blank.placeholder || "")}ch` }}
        onInput={(event) => type(event.currentTarget.value)}
        onFocus={(event) => event.currentTarget.select()}
        onClick={list.open}
        onKeyDown={onKeyDown}
        onBlur={leave}
      />
      {list.isOpen && <Options id={id} label={blank.label} list={list} choose={choose} />}
    </span>
  );
}

function widthOf(text: string): number {
  return Math.max(9, Math.min(text.length, 32) + 4);
}
