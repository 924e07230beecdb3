// The handle of a node: drag it, or press the arrow keys.

import { drag } from "./dragging.ts";
import { useScope } from "./Scope.tsx";
import { useStudio } from "./studio.ts";
import type { NodeActions } from "./useNode.ts";

interface Handle {
  id: string;
  label: string;
  actions: NodeActions;
}

const KEYS = { ArrowUp: "up", ArrowDown: "down", ArrowLeft: "out", ArrowRight: "in" } as const;

export function MoveHandle({ id, label, actions }: Handle) {
  const { words } = useStudio();
  const scope = useScope();

  function onKeyDown(event: KeyboardEvent): void {
    const direction = KEYS[event.key as keyof typeof KEYS];
    if (direction) actions.move(direction);
    else if (event.key === "Delete") actions.remove();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <button
      type="button"
      class="pz-handle"
      data-pz-part="handle"
      aria-label={`${words.move}: ${label}`}
      aria-description={words.moveHelp}
      title={words.moveHelp}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => drag(event, { scope, id, drop: actions.moveTo })}
    >
      <span aria-hidden="true">⠿</span>
    </button>
  );
}
