/**
 * Nothing runs, loads or connects but what this server itself serves; `'self'` includes the WebSocket beside it (CSP
 * level 3). So a message that got past every escaping would still be only text. On every file, because a worker goes by
 * the policy of its own script.
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "require-trusted-types-for 'script'"
].join("; ")

/** On everything that is part of the messenger. */
export const pageHeaders = {
  "content-security-policy": contentSecurityPolicy,
  "x-frame-options": "DENY",
  "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
}
