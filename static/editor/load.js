// The glue between the app and what only a browser can do for its editor: fetch the code editor once it is needed, and read files
// that a person drops or chooses. It knows nothing of YAML or Kubernetes.

/** Ends once the browser has nothing better to do, or a second is over. */
const idle = () =>
  new Promise((go) => (globalThis.requestIdleCallback ? requestIdleCallback(go, { timeout: 1000 }) : setTimeout(go, 100)));

/**
 * Fetches the code editor and puts it in front of the text field, each in a turn of its own, once the page is drawn; `talk.ready`
 * gets its handle, or null where there is none.
 */
export async function load(area, host, talk) {
  // The page as one file has it inside.
  const fetchEditor = globalThis.sandboxCodeEditor ?? (() => import(new URL("editor.js", document.baseURI).href));
  let editor = null;
  try {
    await idle();
    const { mount } = await fetchEditor();
    await idle();
    const mounted = mount(area, host, talk);
    await idle();
    mounted.read();
    await idle();
    editor = mounted;
  } catch {
    // The text field does without.
  }
  // Not among what may fail above: the answer is given once, whatever becomes of it.
  talk.ready(editor);
}

/** Files larger than this are not read: no manifest is, and the browser would stand still. */
const FILE_BYTES_MAX = 2_000_000;

/** Gives `take` the name and text of every file that is dropped on the panel or chosen with its input. */
export function receive(panel, input, take) {
  const read = async (files) => {
    for (const file of files) {
      if (file.size <= FILE_BYTES_MAX) take(file.name, await file.text());
    }
  };
  const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
  panel.addEventListener("dragover", (event) => {
    if (carriesFiles(event)) event.preventDefault();
  });
  panel.addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    read([...event.dataTransfer.files]);
  });
  input.addEventListener("change", () => {
    read([...input.files]);
    input.value = "";
  });
}
