// What the editor of the console takes of CodeMirror 6, in one file: see README.md.
export { EditorState, Compartment } from "@codemirror/state";
export { EditorView, keymap } from "@codemirror/view";
export { basicSetup } from "codemirror";
export { yaml, yamlLanguage } from "@codemirror/lang-yaml";
export { indentWithTab } from "@codemirror/commands";
export { indentUnit } from "@codemirror/language";
export { lintGutter, setDiagnostics, openLintPanel, nextDiagnostic } from "@codemirror/lint";
