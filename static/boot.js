// Starts the app. A file of its own because the page allows no inline script; Trunk.toml puts the two addresses,
// which change with every build, into the attributes of the element that loads this.
const { glue, wasm } = document.querySelector("script[data-glue]").dataset;

try {
  const { default: start } = await import(new URL(glue, document.baseURI));
  await start({ module_or_path: new URL(wasm, document.baseURI) });
} catch (error) {
  // Nothing of the app runs, so this is the one text that cannot come from the locale files.
  const message = document.createElement("p");
  message.setAttribute("role", "alert");
  message.textContent = "The sandbox could not start in this browser. It needs WebAssembly; a current browser has it. " + error;
  document.body.append(message);
  throw error;
}
