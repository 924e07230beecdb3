// A button with a menu of actions, as WAI-ARIA has it.

import { useLayoutEffect, useRef, useState } from "preact/hooks";

export interface Action {
  label: string;
  run(): void;
  isDanger?: boolean;
}

export function Menu({ label, actions }: { label: string; actions(): readonly Action[] }) {
  const [isOpen, setOpen] = useState(false);
  const place = useRef<HTMLSpanElement>(null);
  const items = () => [...(place.current?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
  useLayoutEffect(() => {
    if (isOpen) items()[0]?.focus();
  }, [isOpen]);

  function close(): void {
    setOpen(false);
    place.current?.querySelector("button")?.focus();
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (!isOpen) return;
    const all = items();
    const at = all.indexOf(document.activeElement as HTMLElement);
    const to: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 };
    if (event.key === "Escape") close();
    else if (event.key in to) all.at((to[event.key] as number) % all.length)?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  function onFocusOut(event: FocusEvent): void {
    if (!place.current?.contains(event.relatedTarget as Element | null)) setOpen(false);
  }

  return (
    <span class="pz-menu" ref={place} onKeyDown={onKeyDown} onFocusOut={onFocusOut}>
      <button
        type="button"
        class="pz-icon"
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        ⋯
      </button>
      {isOpen && (
        <span role="menu" class="pz-menu-items" aria-label={label}>
          {actions().map((action) => (
            <button
              key={action.label}
              type="button"
              role="menuitem"
              tabIndex={-1}
              class={action.isDanger ? "pz-danger" : undefined}
              onClick={() => {
                close();
                action.run();
              }}
            >
              {action.label}
            </button>
          ))}
        </span>
      )}
    </span>
  );
}
