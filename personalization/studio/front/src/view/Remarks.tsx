// What the server says of a node: why it cannot be stored, and what is odd about it.

interface Said {
  refusal: string | null;
  warnings: readonly string[];
}

export function Remarks({ said }: { said: Said }) {
  return (
    <>
      {said.refusal && <p class="pz-remark pz-remark-refusal">{said.refusal}</p>}
      {said.warnings.map((text) => (
        <p key={text} class="pz-remark pz-remark-warning">
          {text}
        </p>
      ))}
    </>
  );
}
