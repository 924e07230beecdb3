// A group: how its parts belong together, the parts, and adding to them.

import { memo } from "preact/compat";
import { filled } from "../fields/words.ts";
import { type Path, isSamePath } from "../tree/moving.ts";
import { placeOf } from "../tree/places.ts";
import { type Group, isGroup } from "../tree/tree.ts";
import { AddCondition } from "./AddCondition.tsx";
import { Menu } from "./Menu.tsx";
import { MoveHandle } from "./MoveHandle.tsx";
import { Remarks } from "./Remarks.tsx";
import { RuleRow } from "./RuleRow.tsx";
import { useScope } from "./Scope.tsx";
import { useSaid, useStudio } from "./studio.ts";
import { useNode } from "./useNode.ts";

interface Box {
  group: Group;
  path: Path;
}

export const GroupBox = memo(function GroupBox({ group, path }: Box) {
  const { words } = useStudio();
  const scope = useScope();
  const actions = useNode(group, path);
  const said = useSaid(placeOf(scope.place, path));
  const isRoot = path.length === 0;
  const kind = `${group.not ? "not-" : ""}${group.combinator}` as keyof typeof words.kinds;
  const label = isRoot ? words.builder : filled(words.group, { number: (path.at(-1) ?? 0) + 1 });
  return (
    <div
      class={`pz-group${said.refusal ? " pz-refused" : ""}`}
      role="group"
      aria-label={label}
      data-pz-node={group.id}
      data-pz-tree={scope.name}
    >
      <div class="pz-group-head">
        {!isRoot && <MoveHandle id={group.id} label={words.kinds[kind]} actions={actions} />}
        <KindOfGroup path={path} kind={kind} />
        {!isRoot && <Menu label={`${words.actions}: ${words.kinds[kind]}`} actions={actions.all} />}
      </div>
      <Remarks said={said} />
      <ul>
        {group.rules.map((node, index) => (
          <li key={node.id}>
            {index > 0 && (
              <span class="pz-joined">{group.combinator === "or" ? words.joined.or : words.joined.and}</span>
            )}
            {isGroup(node) ? (
              <GroupBox group={node} path={[...path, index]} />
            ) : (
              <RuleRow rule={node} path={[...path, index]} />
            )}
          </li>
        ))}
      </ul>
      {group.rules.length === 0 && (
        <p class="pz-note">{isRoot && !scope.list ? words.empty : words.emptyGroup}</p>
      )}
      <AddCondition parent={path} id={group.id} />
    </div>
  );
}, isSame);

/** Nothing about it changed: it needs not be drawn again. */
function isSame(a: Box, b: Box): boolean {
  return a.group === b.group && isSamePath(a.path, b.path);
}

/** All, any, not all or none of these. */
function KindOfGroup({ path, kind }: { path: Path; kind: string }) {
  const { words } = useStudio();
  const scope = useScope();

  function choose(next: string): void {
    const combinator = next.endsWith("or") ? "or" : "and";
    const not = next.startsWith("not-");
    const change = (now: Group): Group =>
      not || now.not !== undefined ? { ...now, combinator, not } : { ...now, combinator };
    scope.edit(path, change);
  }

  return (
    <select
      class="pz-blank pz-kind"
      aria-label={words.how}
      data-pz-part="next"
      value={kind}
      onChange={(event) => choose(event.currentTarget.value)}
    >
      {Object.entries(words.kinds).map(([value, label]) => (
        <option key={value} value={value}>
          {label}
        </option>
      ))}
    </select>
  );
}
