// Not in TypeScript's library yet (W3C Trusted Types).
declare global {
  interface Window {
    readonly trustedTypes?: {
      readonly createPolicy: (
        name: string,
        rules: { readonly createScriptURL: () => string }
      ) => { readonly createScriptURL: (url: string) => URL }
    }
  }
}

/** Lets the messenger open without a network from its second visit on. Where that cannot be had it goes on without. */
export const keepShell = (): void => {
  if (!("serviceWorker" in navigator)) return
  // The page's policy lets scripts be named by such an object only.
  const policy = window.trustedTypes?.createPolicy("indelible-shell", {
    createScriptURL: () => "/service-worker.js"
  })
  const script = policy?.createScriptURL("") ?? "/service-worker.js"
  navigator.serviceWorker.register(script).catch(() => {})
}
