// Loaded into a server before its program, with --expose-gc: how much memory a connection takes is only to be seen when
// what the others left behind has been collected.
process.on("SIGUSR2", () => globalThis.gc?.())
