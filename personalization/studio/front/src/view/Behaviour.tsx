// What counts in a match: a sentence with blanks where it is one, else the group that it is.

import type { Field } from "../fields/offer.ts";
import type { Path } from "../tree/moving.ts";
import { placeOf } from "../tree/places.ts";
import { sentenceOf } from "../tree/sentence.ts";
import type { Group, Rule } from "../tree/tree.ts";
import { GroupBox } from "./GroupBox.tsx";
import { Tree, useScope } from "./Scope.tsx";
import { SentenceBlanks } from "./SentenceBlanks.tsx";

interface Shown {
  rule: Rule;
  path: Path;
  field: Field;
  asGroup: boolean;
}

export function Behaviour({ rule, path, field, asGroup }: Shown) {
  const scope = useScope();
  return (
    <Tree
      group={rule.value as Group}
      list={field.name}
      fields={field.of ?? []}
      place={[...placeOf(scope.place, path), "value"]}
      onChange={(value) => scope.edit<Rule>(path, (now) => ({ ...now, value }))}
    >
      {(root) => {
        const sentence = asGroup ? null : sentenceOf(field, root);
        if (!sentence) return <GroupBox group={root} path={[]} />;
        return <SentenceBlanks list={field} inner={root} sentence={sentence} hasTime />;
      }}
    </Tree>
  );
}
