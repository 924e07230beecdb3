// The two faces of a condition, and the way back.

import { useStudio } from "./studio.ts";

interface Bar {
  asText: boolean;
  canUndo: boolean;
  canRedo: boolean;
  onUndo(): void;
  onRedo(): void;
  onForm(): void;
  onText(): void;
}

export function Toolbar({ asText, canUndo, canRedo, onUndo, onRedo, onForm, onText }: Bar) {
  const { words } = useStudio();
  return (
    <div class="pz-toolbar">
      <div class="pz-faces" role="group" aria-label={words.face}>
        <button type="button" aria-pressed={!asText} onClick={onForm}>
          {words.asForm}
        </button>
        <button type="button" aria-pressed={asText} onClick={onText}>
          {words.asText}
        </button>
      </div>
      <div class="pz-faces">
        <button
          type="button"
          aria-keyshortcuts="Control+Z"
          title="Ctrl+Z"
          aria-disabled={!canUndo}
          onClick={onUndo}
        >
          <span aria-hidden="true">↶</span> {words.undo}
        </button>
        <button
          type="button"
          aria-keyshortcuts="Control+Shift+Z"
          title="Ctrl+Shift+Z"
          aria-disabled={!canRedo}
          onClick={onRedo}
        >
          <span aria-hidden="true">↷</span> {words.redo}
        </button>
      </div>
    </div>
  );
}
