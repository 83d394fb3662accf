import { createRoot } from "react-dom/client"
import { App } from "./shell/App.tsx"
import { TextsProvider } from "./texts/TextsContext.tsx"

const root = document.getElementById("root")
if (root === null) throw new Error("the page has no #root")
createRoot(root).render(
  <TextsProvider>
    <App />
  </TextsProvider>
)
