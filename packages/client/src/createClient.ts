import type { Client, ClientOptions } from "./Client.ts"

/** Begins at once to show what this device knows, and to connect. Close it when it is no longer needed. */
export declare const createClient: (options: ClientOptions) => Client
