// Where something stands in a JSON text: a line to name, a range to select.

import type { Place } from "./places.ts";

export interface Range {
  from: number;
  to: number;
}

const TOKEN = /\s*("(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+)/y;

/** The range of the value at this place, or of the nearest one around it. */
export function locate(text: string, place: Place): Range | null {
  const found = new Scanner(text).value(place);
  return found.hit ?? null;
}

export function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

/** The line that the browser's own words about broken JSON name. */
export function brokenLine(text: string, error: unknown): number | null {
  const said = error instanceof Error ? error.message : "";
  const line = /line (\d+)/.exec(said)?.[1];
  if (line) return Number(line);
  const offset = /position (\d+)/.exec(said)?.[1];
  if (offset) return lineOf(text, Number(offset));
  return /end of|Unterminated/i.test(said) ? lineOf(text, text.length) : null;
}

interface Found {
  range: Range;
  hit?: Range; // the deepest value on the way to the place
}

/** Reads text that is known to be JSON. */
class Scanner {
  private at = 0;

  constructor(private readonly text: string) {}

  value(place: Place | null): Found {
    const first = this.next();
    const from = this.at - first.length;
    let hit: Range | undefined;
    if (first === "{" || first === "[") hit = this.members(first, place);
    const range = { from, to: this.at };
    return place ? { range, hit: hit ?? range } : { range };
  }

  private members(opener: string, place: Place | null): Range | undefined {
    const [wanted, ...rest] = place ?? [];
    const closer = opener === "{" ? "}" : "]";
    let hit: Range | undefined;
    for (let index = 0; this.peek() !== closer; index += 1) {
      const name = opener === "{" ? this.key() : String(index);
      const found = this.value(name === wanted ? rest : null);
      hit ??= found.hit;
      if (this.peek() === ",") this.next();
    }
    this.next();
    return hit;
  }

  private key(): string {
    const name: string = JSON.parse(this.next());
    this.next(); // the colon
    return name;
  }

  private next(): string {
    TOKEN.lastIndex = this.at;
    const token = TOKEN.exec(this.text)?.[1];
    if (token === undefined) throw new SyntaxError("this is not JSON");
    this.at = TOKEN.lastIndex;
    return token;
  }

  private peek(): string {
    const before = this.at;
    const token = this.next();
    this.at = before;
    return token;
  }
}
