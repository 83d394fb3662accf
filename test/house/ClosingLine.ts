import type { Reporter, TestCase, TestModule } from "vitest/node"

/** Ends a run with one plain line that a script can read: `N passed, N failed, N skipped`. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: ReadonlyArray<TestModule>, errors: ReadonlyArray<unknown>): void {
    const tests: ReadonlyArray<TestCase> = modules.flatMap((module) => [...module.children.allTests()])
    const count = (state: "passed" | "failed" | "skipped") =>
      tests.filter((test) => test.result().state === state).length
    // A file that could not even be loaded has no tests to fail, and an error outside a test belongs to none.
    const brokenFiles = modules.filter(
      (module) => module.state() === "failed" && ![...module.children.allTests("failed")].length
    ).length
    const failed = count("failed") + brokenFiles + errors.length
    const skipped = count("skipped")
    process.stdout.write(
      `\n${count("passed")} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}\n`
    )
  }
}
