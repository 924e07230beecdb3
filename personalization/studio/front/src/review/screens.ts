// One screen a draft, fetched once: the next one is here before it is asked for.

export class Screens {
  private readonly kept = new Map<number, Promise<string>>();

  /** `address`: of one screen, with 0 for the draft's number. */
  constructor(private readonly address: string, private readonly get: (address: string) => Promise<string> = fetched) {}

  of(draft: number): Promise<string> {
    const known = this.kept.get(draft);
    if (known) return known;
    const asked = this.get(this.address.replace("/0/", `/${draft}/`));
    this.kept.set(draft, asked);
    asked.catch(() => this.kept.delete(draft)); // asked again when the connection is back
    return asked;
  }

  /** Fetch it while nobody waits for it; a failure is told when it is really wanted. */
  ahead(draft: number | null): void {
    if (draft !== null) this.of(draft).catch(() => undefined);
  }

  forget(draft: number): void {
    this.kept.delete(draft);
  }
}

export class Refused extends Error {}

async function fetched(address: string): Promise<string> {
  const answer = await fetch(address, { headers: { "X-Requested-With": "fetch" } });
  if (!answer.ok || answer.redirected) throw new Refused(String(answer.status));
  return answer.text();
}
