/// <reference types="vite/client" />
import { createRoot } from "react-dom/client"
import { keepShell } from "./offline/keepShell.ts"
import { App } from "./shell/App.tsx"
import { Broken } from "./shell/Broken.tsx"
import { Crash } from "./shell/Crash.tsx"
import { TextsProvider } from "./texts/TextsContext.tsx"

const root = document.getElementById("root")
if (root === null) throw new Error("the page has no #root")
createRoot(root).render(
  <TextsProvider>
    <Crash instead={<Broken />}>
      <App />
    </Crash>
  </TextsProvider>
)

// A page of the development server is made anew with each change.
if (import.meta.env.PROD) keepShell()
