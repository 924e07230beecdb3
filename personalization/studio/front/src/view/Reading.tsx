// The condition in plain words, how many it finds, what else to know before it is saved.

import type { Answer } from "../reading/answer.ts";
import { useStudio } from "./studio.ts";
import type { Heard } from "./useReading.ts";

interface Below {
  answer: Heard;
  isEmpty: boolean;
  asText: boolean; // no node is there to say what is odd about it
}

export function Reading({ answer, isEmpty, asText }: Below) {
  const { words } = useStudio();
  if (isEmpty) return null;
  return (
    <section class="pz-reading" aria-label={words.reading} data-pz-reading>
      {answer === null && <p class="pz-note">{words.counting}</p>}
      {answer === "unreachable" && <p class="pz-remark pz-remark-warning">{words.unreachable}</p>}
      {answer && answer !== "unreachable" && (answer.refusal ? <Refusal answer={answer} /> : <Said answer={answer} asText={asText} />)}
    </section>
  );
}

function Refusal({ answer }: { answer: Answer }) {
  const { words } = useStudio();
  return (
    <p>
      <span class="pz-label pz-error">{words.notReady}</span> {answer.refusal?.detail}
    </p>
  );
}

function Said({ answer, asText }: { answer: Answer; asText: boolean }) {
  const { words } = useStudio();
  const { reading, audience, overlaps = [], warnings = [], examples = [] } = answer;
  return (
    <>
      <p>
        <strong>{reading.charAt(0).toLocaleUpperCase() + reading.slice(1)}.</strong>
      </p>
      {audience && (
        <p class="pz-reading-count">
          {audience.is_sample && <span class="pz-label">{words.sample}</span>} {audience.text}
        </p>
      )}
      {warnings.filter(({ path }) => path === null || asText).map(({ text }) => (
        <p key={text} class="pz-remark pz-remark-warning">
          {text}
        </p>
      ))}
      {overlaps.length > 0 && (
        <div>
          <h4>{words.overlaps}</h4>
          <ul class="pz-overlaps">
            {overlaps.map(({ segment, name, share }) => (
              <li key={segment}>
                {name} <span class="pz-note">{share}</span>
              </li>
            ))}
          </ul>
        </div>
      )}
      {examples.length > 0 && (
        <div>
          <h4>{words.examples}</h4>
          <ul class="pz-examples">
            {examples.map(({ visitor, why }) => (
              <li key={visitor}>
                <code>{visitor}</code> {why}
              </li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}
