/**
 * Why the server closed a socket. Beside these, the protocol's own (RFC 6455, 7.4.1): 1002 broken framing, 1007 text
 * that is not UTF-8, 1009 a frame over the limit.
 */
export const CloseCode = {
  /** A binary frame: all frames are JSON text. */
  binary: 1003,
  /** The node stops. Connect again after the time that `draining` named; nothing acknowledged is lost. */
  draining: 1012,
  /** Too many frames of all sockets wait. Connect again later. */
  overloaded: 1013,
  /** No valid token in time, or the session ended: token expired, person suspended or signed out. Sign in again. */
  identity: 4401,
  /** What was to be sent piled up unread. Connect again and catch up. */
  tooSlow: 4408,
  /** This person has as many connections as one may have; the newest is the one that goes. */
  tooManySockets: 4413,
  /** More frames than the rate allows, or too many not yet answered. Connect again and send slower. */
  tooFast: 4429
} as const
export type CloseCode = (typeof CloseCode)[keyof typeof CloseCode]
