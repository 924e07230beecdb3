// The options of a combobox, under the names of their groups.

import { useEffect, useRef } from "preact/hooks";
import { filled } from "../fields/words.ts";
import { useStudio } from "./studio.ts";
import type { Listbox, Option } from "./useListbox.ts";

interface Shown {
  id: string;
  label: string;
  list: Listbox;
  choose(option: Option): void;
}

export function Options({ id, label, list, choose }: Shown) {
  const { words } = useStudio();
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const option = place.current?.querySelector('[aria-selected="true"]');
    option?.scrollIntoView({ block: "nearest" });
  }, [list.active]);
  useEffect(() => keepInSight(place.current), [list.shown.length]);
  const groups = [...new Set(list.shown.map((option) => option.group ?? ""))];
  return (
    <div class="pz-options" ref={place}>
      <div role="listbox" id={id} aria-label={label}>
        {groups.map((group) => (
          <div key={group} role={group ? "group" : "presentation"} aria-label={group || undefined}>
            {group && (
              <div class="pz-options-group" aria-hidden="true">
                {group}
              </div>
            )}
            {list.shown.map((option, index) => (option.group ?? "") !== group ? null : (
              <div
                key={index}
                id={`${id}-${index}`}
                role="option"
                aria-selected={index === list.active}
                onMouseMove={() => list.point(index)}
                onMouseDown={(event) => event.preventDefault()} // the focus stays in the input
                onClick={() => choose(option)}
              >
                {option.label}
                {option.hint && <span class="pz-options-hint">{option.hint}</span>}
              </div>
            ))}
          </div>
        ))}
      </div>
      {list.shown.length === 0 && <p class="pz-note">{words.nothingFound}</p>}
      {list.more > 0 && <p class="pz-note">{filled(words.narrow, { count: list.more })}</p>}
    </div>
  );
}

/** Moves the list to the left where it would reach over the right edge of the window. */
function keepInSight(list: HTMLElement | null): void {
  if (!list) return;
  list.style.translate = "";
  const over = list.getBoundingClientRect().right - (document.documentElement.clientWidth - 8);
  if (over > 0) list.style.translate = `${-over}px 0`;
}
