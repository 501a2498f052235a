// The code editor: CodeMirror in a shadow root in front of the page's own text field. The field stays the page's: it gives and
// takes the text as any text field does, so nothing else on the page knows which of the two a person types into.
//
// It knows nothing of Kubernetes: what is wrong, what can come next and what a word means it asks of the app (`talk`).
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap, snippet } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab, isolateHistory } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, foldGutter, foldKeymap, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { Annotation, Compartment, EditorState } from "@codemirror/state";
import {
  drawSelection,
  dropCursor,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  hoverTooltip,
  keymap,
  lineNumbers,
  rectangularSelection,
} from "@codemirror/view";
import { colours, theme } from "./theme.js";

/** Marks changes that the page made, so that they are not told back to it. */
const given = Annotation.define();

/** How deep lists and mappings may be nested to be read for colours and folding: CodeMirror's tree is built by recursion. */
const NESTING_MAX = 500;

/** Where the reading of YAML is switched on and off. */
const reading = new Compartment();

/** Whether a text is nested deeper than that. */
function tooDeep(text) {
  let depth = 0;
  for (const [mark] of text.matchAll(/[[\]{}]/g)) {
    depth = "[{".includes(mark) ? depth + 1 : Math.max(0, depth - 1);
    if (depth > NESTING_MAX) return true;
  }
  return /(?:- ){500}|^ {1000}/m.test(text);
}

/** What reads a text, if it can be read. */
const reader = (text) => (tooDeep(text) ? [] : yaml());

/** Looks again at how deep a text is nested where much was put in at once; nobody types that deep. */
const rereading = EditorState.transactionExtender.of((transaction) => {
  if (!transaction.docChanged) return null;
  let most = 0;
  transaction.changes.iterChanges((_from, _to, _start, _end, put) => (most = Math.max(most, put.length)));
  const off = Array.isArray(reading.get(transaction.startState));
  if (most <= NESTING_MAX && !off) return null;
  const text = transaction.newDoc.toString();
  return tooDeep(text) === off ? null : { effects: reading.reconfigure(reader(text)) };
});

/** How long after the last key the field's own value follows: laying out a long text takes longer than a key press may. */
const MIRROR_MS = 300;
/** Longer texts are not mirrored into the field at all; its `value` gives them all the same. */
const MIRROR_LENGTH_MAX = 200_000;
/** How long after Escape a Tab leaves the editor. */
const LEAVING_MS = 2000;
/** How long the cursor must rest before the app is asked what it stands on. */
const REST_MS = 150;

const nativeValue = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value");

/** A sentence with what stands in backquotes set as code. */
function sentence(text) {
  const span = document.createElement("span");
  text.split("`").forEach((part, index) => {
    const node = index % 2 === 1 ? document.createElement("code") : document.createTextNode(part);
    if (index % 2 === 1) node.textContent = part;
    span.append(node);
  });
  return span;
}

/** The one change that turns `before` into `after`. */
function difference(before, after) {
  let from = 0;
  const shorter = Math.min(before.length, after.length);
  while (from < shorter && before.charCodeAt(from) === after.charCodeAt(from)) from++;
  let same = 0;
  while (same < shorter - from && before.charCodeAt(before.length - 1 - same) === after.charCodeAt(after.length - 1 - same)) same++;
  return { from, to: before.length - same, insert: after.slice(from, after.length - same) };
}

/** The tooltip of a word: its name and type, and what the documentation says of it. */
function explanation({ title, type, text }) {
  const box = document.createElement("div");
  box.className = "cm-explanation";
  const head = box.appendChild(document.createElement("p"));
  head.appendChild(document.createElement("code")).textContent = title;
  if (type) head.append(` ${type}`);
  for (const paragraph of text.split("\n\n").filter(Boolean)) box.appendChild(document.createElement("p")).textContent = paragraph;
  return box;
}

/**
 * Typing over a selection, done here instead of by the browser: Chromium would put what is typed into an element with the style of
 * what was there, which the content security policy reports as a breach.
 */
function overwrite(event, view) {
  const { from, to, empty } = view.state.selection.main;
  if (event.inputType !== "insertText" || !event.data || empty || view.composing) return false;
  const text = event.data;
  const typed = () => view.state.update(view.state.replaceSelection(text), { userEvent: "input.type", scrollIntoView: true });
  const handled = view.state.facet(EditorView.inputHandler).some((handler) => handler(view, from, to, text, typed));
  if (!handled) view.dispatch(typed());
  event.preventDefault();
  return true;
}

function completions(talk) {
  return (context) => {
    const word = context.matchBefore(/[\w.\-/]+$/);
    if (!word && !context.explicit) return null;
    const answer = JSON.parse(talk.complete(context.pos));
    if (answer.options.length === 0) return null;
    const options = answer.options.map(({ label, detail, type, insert, template, subject, rank }) => ({
      label,
      detail,
      type,
      boost: rank,
      apply: template ? snippet(insert) : insert,
      info: subject
        ? () => {
            const found = JSON.parse(talk.explain(subject));
            return found ? explanation(found) : null;
          }
        : undefined,
    }));
    return { from: answer.from, options, validFor: /^[\w.\-/]*$/ };
  };
}

function hovers(talk) {
  return hoverTooltip((view, pos) => {
    const found = JSON.parse(talk.hover(pos));
    if (!found || found.to > view.state.doc.length) return null;
    return { pos: found.from, end: found.to, above: true, create: () => ({ dom: explanation(found) }) };
  });
}

/** Puts the editor in front of `area`, inside `host`, and returns what the app steers it with. Its text has no colours until `read`. */
export function mount(area, host, talk) {
  const words = JSON.parse(talk.words);
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  root.replaceChildren();

  let restTimer = 0;
  let mirrorTimer = 0;
  let mirrored = nativeValue.get.call(area);
  const files = new Map();
  let file = area.dataset.file;

  const mirror = () => {
    clearTimeout(mirrorTimer);
    if (view.state.doc.length > MIRROR_LENGTH_MAX) return;
    const before = nativeValue.get.call(area);
    const text = view.state.doc.toString();
    if (before !== text) {
      // Whoever has selected all of the field means all of the text.
      const all = before.length > 0 && area.selectionStart === 0 && area.selectionEnd === before.length;
      nativeValue.set.call(area, text);
      if (all) area.setSelectionRange(0, text.length);
    }
    mirrored = nativeValue.get.call(area);
  };
  const tell = () => area.dispatchEvent(new InputEvent("input", { bubbles: true }));

  let height = 0;
  const keepInSight = () => queueMicrotask(() => view.dispatch({ effects: EditorView.scrollIntoView(view.state.selection.main.head) }));

  const listener = EditorView.updateListener.of((update) => {
    if (update.docChanged) {
      clearTimeout(mirrorTimer);
      mirrorTimer = setTimeout(mirror, MIRROR_MS);
      if (!update.transactions.some((transaction) => transaction.annotation(given))) tell();
    }
    // When the list of problems grows, the line that a person types in stays in sight.
    if (view.scrollDOM.clientHeight !== height) {
      height = view.scrollDOM.clientHeight;
      if (view.hasFocus) keepInSight();
    }
    if (update.docChanged || update.selectionSet) {
      clearTimeout(restTimer);
      restTimer = setTimeout(() => talk.rest(view.state.selection.main.head), REST_MS);
    }
  });

  // Whoever only comes by with Tab goes on with Tab; it indents once something else was done here.
  let pointed = false;
  const passing = EditorView.domEventHandlers({
    pointerdown: () => {
      pointed = true;
      view.setTabFocusMode(false);
    },
    focus: () => {
      if (!pointed) view.setTabFocusMode(true);
      pointed = false;
    },
    keydown: ({ key }) => {
      // Escape may close something as well; the Tab after it leaves all the same.
      if (key === "Escape") view.setTabFocusMode(LEAVING_MS);
      else if (key !== "Tab" && key !== "Shift") view.setTabFocusMode(false);
    },
  });

  const apply = () => {
    talk.apply();
    return true;
  };
  const extensions = [
    EditorState.readOnly.of(area.readOnly),
    passing,
    EditorState.phrases.of(words.phrases),
    EditorView.contentAttributes.of({ "aria-label": words.label, "aria-description": words.way_out, spellcheck: "false", tabindex: "0" }),
    EditorView.domEventHandlers({ drop: (event) => event.dataTransfer?.files.length > 0, beforeinput: overwrite }),
    lintGutter(),
    lineNumbers(),
    foldGutter(),
    highlightSpecialChars(),
    history(),
    drawSelection(),
    dropCursor(),
    rectangularSelection(),
    indentUnit.of("  "),
    EditorState.tabSize.of(2),
    indentOnInput(),
    rereading,
    syntaxHighlighting(colours),
    bracketMatching(),
    closeBrackets(),
    autocompletion({ override: [completions(talk)], icons: false }),
    hovers(talk),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    highlightSelectionMatches(),
    search({ top: true }),
    keymap.of([
      { key: "Mod-Enter", run: apply },
      // A command waits for this file to be saved.
      { key: "Mod-s", run: () => area.dataset.visits !== undefined && apply() },
      ...closeBracketsKeymap,
      ...defaultKeymap,
      ...searchKeymap,
      ...historyKeymap,
      ...foldKeymap,
      ...completionKeymap,
      ...lintKeymap,
      indentWithTab,
    ]),
    theme,
    listener,
  ];
  const fresh = (doc, language = reader(doc)) => EditorState.create({ doc, extensions: [extensions, reading.of(language)] });
  const view = new EditorView({ state: fresh(mirrored, []), parent: root, root });

  /** Makes the text what the page says it is, as one step of undo. */
  const set = (text) => {
    turn();
    const before = view.state.doc.toString();
    const after = text.replace(/\r\n?/g, "\n");
    if (before === after) return;
    view.dispatch({ changes: difference(before, after), annotations: [given.of(true), isolateHistory.of("full")] });
  };
  /** Each file has its own undo and its own cursor. */
  const turn = () => {
    if (area.dataset.file === file) return;
    files.set(file, view.state);
    file = area.dataset.file;
    view.setState(files.get(file) ?? fresh(""));
    if (!files.has(file)) fill = true;
  };
  let fill = false;

  Object.defineProperty(area, "value", {
    configurable: true,
    get: () => view.state.doc.toString(),
    set: (text) => {
      turn();
      // The first text of a file is where its undo begins.
      if (fill) {
        fill = false;
        view.setState(fresh(text));
        mirror();
      } else {
        set(text);
      }
    },
  });
  // Whoever writes into the field itself, past the property above, is heard as well.
  const written = () => {
    const text = nativeValue.get.call(area);
    if (text === mirrored) return;
    mirrored = text;
    set(text);
  };
  area.addEventListener("input", written, true);
  area.addEventListener("focus", mirror);

  return {
    /** Reads the text that it was mounted with: work for another turn of the browser. */
    read() {
      view.dispatch({ effects: reading.reconfigure(reader(view.state.doc.toString())) });
    },
    show(list, length) {
      if (view.state.doc.length !== length) return;
      const diagnostics = JSON.parse(list).map(({ from, to, severity, message, fix, index }) => ({
        from,
        to,
        severity,
        message: message.replaceAll("`", ""),
        renderMessage: () => sentence(message),
        actions: fix ? [{ name: fix, apply: () => talk.fix(index) }] : [],
      }));
      view.dispatch(setDiagnostics(view.state, diagnostics));
    },
    select(from, to) {
      const end = view.state.doc.length;
      const selection = { anchor: Math.min(from, end), head: Math.min(to, end) };
      view.dispatch({ selection, effects: EditorView.scrollIntoView(selection.anchor, { y: "center" }) });
      pointed = true;
      view.focus();
    },
    turn(text) {
      turn();
      area.value = text;
    },
    leave() {
      clearTimeout(mirrorTimer);
      clearTimeout(restTimer);
      area.removeEventListener("input", written, true);
      area.removeEventListener("focus", mirror);
      delete area.value;
      view.destroy();
    },
  };
}
