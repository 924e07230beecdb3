// A form, sent without leaving the page. What was typed stays in it until the server has stored it.

export interface Answer {
  said?: string;
  refusal?: string;
  next?: number | null; // the draft to look at now; null: the queue is empty
  stands?: string; // where that one stands in the queue
  undo?: string; // the address that takes it back
  link?: string;
  html?: string; // the form again, with what is wrong in it
}

/** "lost": nobody answered, and nobody knows whether it was stored. */
export type Outcome = { kind: "done" | "refused"; answer: Answer } | { kind: "lost" };

export async function send(form: HTMLFormElement, address = form.action): Promise<Outcome> {
  let response: Response;
  try {
    response = await fetch(address, { method: "POST", body: new FormData(form), headers: { "X-Requested-With": "fetch" } });
  } catch {
    return { kind: "lost" };
  }
  if (response.redirected || !response.headers.get("content-type")?.includes("json")) return { kind: "lost" };
  const answer = (await response.json()) as Answer;
  return { kind: response.ok ? "done" : "refused", answer };
}
