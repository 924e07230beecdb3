// One tree with its fields: the whole condition, or that inside a match or a step. react-querybuilder
// keeps its state and carries out what is done to it; groups and rules below draw themselves.

import { type ComponentChildren, createContext } from "preact";
import { useCallback, useContext, useMemo, useRef } from "preact/hooks";
import {
  QueryBuilderStateProvider,
  type RuleGroupType,
  move,
  remove,
  useQueryBuilder,
} from "react-querybuilder";
import type { Field } from "../fields/offer.ts";
import { type Path, nodeAt } from "../tree/moving.ts";
import { inserted, replaced } from "../tree/replacing.ts";
import type { Place } from "../tree/places.ts";
import type { Group, Node } from "../tree/tree.ts";

export interface Scope {
  name: string; // of this tree among all that are drawn
  list: string; // the field that it looks into: "events", "" for the visitor
  fields: readonly Field[];
  place: Place;
  root(): Group;
  edit<N extends Node>(path: Path, change: (now: N) => N): void;
  insert(parent: Path, index: number, node: Node): void;
  move(from: Path, to: Path): void;
  remove(path: Path): void;
}

interface Shown {
  group: Group;
  list: string;
  fields: readonly Field[];
  place: Place;
  onChange(next: Group): void;
  children(root: Group): ComponentChildren;
}

const ScopeContext = createContext<Scope | null>(null);

export function useScope(): Scope {
  const scope = useContext(ScopeContext);
  if (scope === null) throw new Error("outside of a tree");
  return scope;
}

export function Tree(props: Shown) {
  return (
    <QueryBuilderStateProvider>
      <Managed {...props} />
    </QueryBuilderStateProvider>
  );
}

function Managed({ group, list, fields, place, onChange, children }: Shown) {
  const named = useMemo(() => fields.map(({ name, label }) => ({ name, label })), [fields]);
  const latest = useRef(group); // also before it is drawn
  latest.current = group;
  const { schema } = useQueryBuilder({
    query: group as RuleGroupType, // the same tree; our types say more of values
    fields: named,
    onQueryChange: useCallback(
      (next: RuleGroupType) => {
        latest.current = next as Group;
        onChange(next as Group);
      },
      [onChange],
    ),
    enableMountQueryChange: false, // looking at a condition is no change
  });
  const { dispatchQuery, qbId } = schema;
  const at = place.join("/");
  const scope = useMemo((): Scope => {
    const root = () => latest.current;
    const tree = () => latest.current as RuleGroupType;
    const go = (next: Group | RuleGroupType) => dispatchQuery(next as RuleGroupType);
    return {
      name: qbId,
      list,
      fields,
      place: at ? at.split("/") : [],
      root,
      edit: (path, change) => go(replaced(root(), path, change(nodeAt(root(), path)))),
      insert: (parent, index, node) => go(inserted(root(), parent, index, node)),
      move: (from, to) => go(move(tree(), [...from], [...to])),
      remove: (path) => go(remove(tree(), [...path])),
    };
  }, [dispatchQuery, qbId, list, fields, at]);
  return <ScopeContext.Provider value={scope}>{children(group)}</ScopeContext.Provider>;
}
