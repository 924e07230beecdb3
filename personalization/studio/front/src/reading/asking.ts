// The three questions that the builder asks the studio.

import type { Choice, Offer } from "../fields/offer.ts";
import type { Answer } from "./answer.ts";

export interface Question {
  address: string;
  condition: string; // JSON text
  site: string;
  segment: string;
  isStored: boolean; // as it is stored: worth an exact count
  token: string; // against forgery
}

export async function askReading(question: Question, signal: AbortSignal): Promise<Answer> {
  const body = new FormData();
  body.set("condition", question.condition);
  body.set("site", question.site);
  body.set("segment", question.segment);
  if (question.isStored) body.set("exact", "1");
  const headers = { "X-CSRFToken": question.token, "X-Requested-With": "fetch" };
  const answer = await fetch(question.address, { method: "POST", body, headers, signal });
  return read<Answer>(answer);
}

export async function askValues(
  address: string,
  site: string,
  field: string,
  typed: string,
  signal: AbortSignal,
): Promise<readonly Choice[]> {
  const query = new URLSearchParams({ site, field, q: typed });
  const answer = await fetch(`${address}?${query}`, { signal });
  return (await read<{ values: readonly Choice[] }>(answer)).values;
}

export async function askOffer(address: string, site: string): Promise<Offer> {
  return read<Offer>(await fetch(`${address}?${new URLSearchParams({ site })}`));
}

async function read<Body>(answer: Response): Promise<Body> {
  if (!answer.ok) throw new Error(`the studio answered ${answer.status}`);
  return (await answer.json()) as Body;
}
