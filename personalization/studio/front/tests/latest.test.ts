import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { latest } from "../src/reading/latest.ts";

/** Answers when it is told to; remembers what was taken back. */
function server() {
  const asked: { question: string; signal: AbortSignal; answer(text: string): void; fail(): void }[] = [];
  const send = (question: string, signal: AbortSignal) =>
    new Promise<string>((answer, reject) => asked.push({ question, signal, answer, fail: () => reject(new Error()) }));
  return { asked, send };
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
}

test("only the last of quick questions is asked", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { asked, send } = server();
  const asks = latest(send, () => undefined, 300);
  for (const question of ["a", "ab", "abc"]) asks.ask(question);
  mock.timers.tick(300);
  mock.timers.reset();

  assert.deepEqual(asked.map(({ question }) => question), ["abc"]);
});

test("a newer question takes back the older one, whose answer is not heard", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { asked, send } = server();
  const heard: (string | null)[] = [];
  const asks = latest(send, (answer) => heard.push(answer), 300);
  asks.ask("old");
  mock.timers.tick(300);
  asks.ask("new");
  mock.timers.tick(300);
  mock.timers.reset();
  asked[1]?.answer("new answer");
  asked[0]?.answer("old answer");
  await settled();

  assert.equal(asked[0]?.signal.aborted, true);
  assert.deepEqual(heard, ["new answer"]);
});

test("who cannot be reached is said to be so", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { asked, send } = server();
  const heard: (string | null)[] = [];
  latest(send, (answer) => heard.push(answer), 0).ask("x");
  mock.timers.tick(0);
  mock.timers.reset();
  asked[0]?.fail();
  await settled();

  assert.deepEqual(heard, [null]);
});
