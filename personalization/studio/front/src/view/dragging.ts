// Dragging a node with a mouse, a pen or a finger to another place in its own tree.

import { type Path, groupAt, nodeAt, pathOf } from "../tree/moving.ts";
import { isGroup } from "../tree/tree.ts";
import type { Scope } from "./Scope.tsx";

interface Dragged {
  scope: Scope;
  id: string;
  drop(path: Path): void;
}

type Side = "before" | "after" | "inside";
interface Target {
  element: HTMLElement;
  side: Side;
}

const EDGE = 60; // pixels from the window's edge within which it scrolls
const STEP = 12;

export function drag(start: PointerEvent, dragged: Dragged): void {
  if (start.button !== 0) return;
  const handle = start.currentTarget as HTMLElement;
  const node = handle.closest<HTMLElement>("[data-pz-node]");
  let target: Target | null = null;

  function onMove(event: PointerEvent): void {
    node?.classList.add("pz-dragged");
    scrollNear(event.clientY);
    mark(target, false);
    target = targetAt(event, dragged, node);
    mark(target, true);
  }

  function end(event: Event): void {
    mark(target, false);
    node?.classList.remove("pz-dragged");
    ended.abort();
    const to = event.type === "pointerup" && target ? pathTo(target, dragged.scope) : null;
    if (to) dragged.drop(to);
  }

  function onKey(event: KeyboardEvent): void {
    if (event.key === "Escape") end(event);
  }

  const ended = new AbortController();
  const { signal } = ended;
  handle.setPointerCapture(start.pointerId);
  handle.addEventListener("pointermove", onMove, { signal });
  handle.addEventListener("pointerup", end, { signal });
  handle.addEventListener("pointercancel", end, { signal });
  document.addEventListener("keydown", onKey, { signal });
}

/** The node under the pointer in the same tree, and on which side of it. */
function targetAt(event: PointerEvent, { scope, id }: Dragged, own: HTMLElement | null): Target | null {
  const under = document.elementFromPoint(event.clientX, event.clientY);
  const element = under?.closest<HTMLElement>(`[data-pz-tree="${scope.name}"]`);
  const name = element?.dataset["pzNode"];
  if (!element || !name || name === id || own?.contains(element)) return null;
  const path = pathOf(scope.root(), name);
  if (path === null) return null;
  const box = element.getBoundingClientRect();
  const share = (event.clientY - box.top) / box.height;
  const holds = isGroup(nodeAt(scope.root(), path));
  if (holds && path.length === 0) return { element, side: "inside" };
  const edge = holds ? Math.min(0.25, 14 / box.height) : 0.5;
  return { element, side: share < edge ? "before" : share >= 1 - edge ? "after" : "inside" };
}

function pathTo({ element, side }: Target, scope: Scope): Path | null {
  const path = pathOf(scope.root(), element.dataset["pzNode"] ?? "");
  if (path === null) return null;
  if (side === "inside") return [...path, groupAt(scope.root(), path).rules.length];
  return [...path.slice(0, -1), (path.at(-1) ?? 0) + (side === "after" ? 1 : 0)];
}

function mark(target: Target | null, isOn: boolean): void {
  target?.element.classList.toggle(`pz-drop-${target.side}`, isOn);
}

function scrollNear(y: number): void {
  if (y < EDGE) window.scrollBy(0, -STEP);
  if (y > window.innerHeight - EDGE) window.scrollBy(0, STEP);
}
