// Says that this draft is open here, and hears who else looks at it or decided on it meanwhile.

const EVERY = 15_000; // milliseconds

export interface Seen {
  others: string; // a sentence, or ""
  changed: string; // likewise: somebody else changed or decided it
}

export class Watch {
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly heard: (seen: Seen) => void) {}

  start(address: string): void {
    clearInterval(this.timer);
    const ask = () => { if (!document.hidden) void this.ask(address); };
    this.timer = setInterval(ask, EVERY);
    ask();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async ask(address: string): Promise<void> {
    const answer = await fetch(address, { headers: { "X-Requested-With": "fetch" } }).catch(() => null);
    if (answer?.ok && !answer.redirected) this.heard((await answer.json()) as Seen);
  }
}
