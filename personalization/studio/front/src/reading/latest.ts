// Asks after a pause in typing; a newer question takes the place of the older one, also on its way.

export interface Latest<Question> {
  ask(question: Question): void;
  stop(): void;
}

export function latest<Question, Answer>(
  send: (question: Question, signal: AbortSignal) => Promise<Answer>,
  tell: (answer: Answer | null) => void, // null: nobody answered
  wait: number, // milliseconds
): Latest<Question> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let under: AbortController | undefined;

  function stop(): void {
    clearTimeout(timer);
    under?.abort();
  }

  async function go(question: Question): Promise<void> {
    const mine = new AbortController();
    under = mine;
    const answer = await send(question, mine.signal).catch(() => null);
    if (!mine.signal.aborted) tell(answer);
  }

  return {
    ask(question) {
      stop();
      timer = setTimeout(() => void go(question), wait);
    },
    stop,
  };
}
