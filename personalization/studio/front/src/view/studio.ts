// What every part of the builder knows: the offer and its words, how to speak, where to put focus.

import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Choice, Field, Offer } from "../fields/offer.ts";
import type { Words } from "../fields/words.ts";
import type { Marks } from "../tree/opening.ts";
import { type Place, isOwn } from "../tree/places.ts";

export interface Studio {
  offer: Offer;
  words: Words;
  marks: Marks;
  announce(text: string): void; // to who listens instead of looking
  focusOn(id: string, part: Part): void; // once the next state is drawn
  suggest(field: string, typed: string, signal: AbortSignal): Promise<readonly Choice[]>;
}

/** Parts of a node that can take the focus. */
export type Part = "handle" | "next" | "add";

/** What the server said of places in the tree. */
export interface Said {
  refusal: { place: Place; detail: string } | null;
  warnings: readonly { place: Place; text: string }[];
}

export const NOTHING_SAID: Said = { refusal: null, warnings: [] };
export const StudioContext = createContext<Studio | null>(null);
export const SaidContext = createContext<Said>(NOTHING_SAID);

export function useStudio(): Studio {
  const studio = useContext(StudioContext);
  if (studio === null) throw new Error("outside of a builder");
  return studio;
}

/** What was said of the node at this place itself. */
export function useSaid(place: Place): { refusal: string | null; warnings: readonly string[] } {
  const said = useContext(SaidContext);
  const { refusal } = said;
  return {
    refusal: refusal && isOwn(place, refusal.place) ? refusal.detail : null,
    warnings: said.warnings.filter((each) => isOwn(place, each.place)).map((each) => each.text),
  };
}

export function labelled(field: Field, word: string): string {
  return `${word}: ${field.label}`;
}
