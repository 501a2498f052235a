// The sandbox as a part of an app: React sets its attributes, hears its events, and draws the page anew around it.
import { StrictMode, useState } from "react";
import { createRoot } from "react-dom/client";

function Course() {
  const [theme, setTheme] = useState("light");
  const [commands, setCommands] = useState(0);
  return (
    <>
      <h1>An app that React draws</h1>
      <p>
        The element, after <output>{commands}</output> commands:{" "}
        <button type="button" onClick={() => setTheme("dark")}>
          Dark
        </button>
      </p>
      <statefulset-sandbox
        src="SANDBOX/index.html"
        panes="stage,terminal"
        theme={theme}
        onsandbox-command={() => setCommands((count) => count + 1)}
      />
      <p>A plain frame:</p>
      <iframe src="SANDBOX/?embed=1&panes=stage" title="A stage" loading="lazy" width="100%" height="560" />
    </>
  );
}

createRoot(document.getElementById("root")).render(
  <StrictMode>
    <Course />
  </StrictMode>,
);
