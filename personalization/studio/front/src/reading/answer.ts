// What the server says of a condition as it is edited. See personalization/studio/condition_reading.py.

export interface Answer {
  reading: string;
  refusal: { path: string; detail: string } | null;
  audience?: { text: string; count: number | null; share: string; is_sample: boolean } | null;
  overlaps?: readonly { segment: string; name: string; share: string }[];
  warnings?: readonly { path: string | null; text: string }[];
  examples?: readonly { visitor: string; why: string }[];
}
