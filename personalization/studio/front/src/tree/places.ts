// Places in a tree, as the server names them ("rules/1/value/rules/0/value"), and whose they are.

export type Place = readonly string[];

/** Reads "rules/1/value" and "rules[1].value" alike. */
export function readPlace(path: string): Place {
  return path.match(/[^/.[\]]+/g) ?? [];
}

/** The place of a node from its path in a builder whose own tree stands at `root`. */
export function placeOf(root: Place, path: readonly number[]): Place {
  return [...root, ...path.flatMap((index) => ["rules", String(index)])];
}

/** Whether what is said of `said` belongs to the node at `place` itself, not to one below it. */
export function isOwn(place: Place, said: Place): boolean {
  if (said.length < place.length || place.some((part, index) => said[index] !== part)) return false;
  return !/(^|\/)rules\/\d+(\/|$)/.test(said.slice(place.length).join("/"));
}
