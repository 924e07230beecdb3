// Asks the server about the condition as it is edited; what it said stays until it says something new.

import { useEffect, useRef, useState } from "preact/hooks";
import type { Offer } from "../fields/offer.ts";
import type { Answer } from "../reading/answer.ts";
import { type Question, askReading } from "../reading/asking.ts";
import { type Latest, latest } from "../reading/latest.ts";

export type Heard = Answer | "unreachable" | null;

const WAIT = 350; // milliseconds after the last change

export function useReading(textarea: HTMLTextAreaElement, offer: Offer, text: string): Heard {
  const [answer, setAnswer] = useState<Heard>(null);
  const [stored] = useState(textarea.value);
  const asks = useRef<Latest<Question> | null>(null);
  useEffect(() => {
    asks.current = latest(askReading, (given) => setAnswer(given ?? "unreachable"), WAIT);
    return asks.current.stop;
  }, []);
  useEffect(() => {
    if (text.trim() === "" || !isJson(text)) {
      asks.current?.stop();
      setAnswer(null);
      return;
    }
    asks.current?.ask({
      address: offer.addresses.reading,
      condition: text,
      site: offer.site,
      segment: offer.segment,
      isStored: text === stored,
      token: tokenOf(textarea),
    });
  }, [text, offer]);
  return answer;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function tokenOf(textarea: HTMLTextAreaElement): string {
  const field = textarea.form?.elements.namedItem("csrfmiddlewaretoken");
  return field instanceof HTMLInputElement ? field.value : "";
}
