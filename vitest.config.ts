import { defineConfig } from "vitest/config"

/** Left alone vitest keeps one core for itself, which on a machine of two is half of it. */
const sideBySide = { maxWorkers: "100%" }

/**
 * `unit` needs nothing but this process; `parts` runs adapters on real servers; `whole` starts the product itself;
 * `torture` kills, freezes and loads it. The store's own says what it does within some time, and has the machine for
 * itself: `alone`.
 */
export default defineConfig({
  test: {
    reporters: ["default", "./test/house/ClosingLine.ts"],
    projects: [
      {
        test: {
          ...sideBySide,
          name: "unit",
          include: [
            "packages/{domain,application,api,projections,client,web}/src/**/*.test.ts",
            "test/{house,golden,usecases,faults}/**/*.test.ts"
          ]
        }
      },
      {
        test: {
          ...sideBySide,
          name: "parts",
          include: ["packages/{infrastructure,server}/src/**/*.test.ts", "test/contract/**/*.test.ts"],
          globalSetup: ["test/servers/globalSetup.ts"],
          testTimeout: 60_000,
          hookTimeout: 120_000
        }
      },
      {
        test: {
          ...sideBySide,
          name: "whole",
          include: ["test/{acceptance,abuse,client,browser}/**/*.test.ts"],
          globalSetup: ["test/servers/globalSetup.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000
        }
      },
      {
        test: {
          ...sideBySide,
          name: "torture",
          include: ["test/torture/{processes,projections}/**/*.test.ts"],
          globalSetup: ["test/servers/globalSetup.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000
        }
      },
      {
        test: {
          name: "alone",
          include: ["test/torture/eventstore/**/*.test.ts"],
          globalSetup: ["test/servers/globalSetup.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false
        }
      }
    ],
    coverage: {
      provider: "v8",
      include: ["packages/*/src/**/*.ts"],
      // What runs in a thread or a process of its own is not seen here; acceptance tests run it.
      exclude: [
        "**/*.test.ts",
        "packages/server/src/projecting/{thread,ProjectorThread}.ts",
        "packages/server/src/{main,Program,Announcement,StartFailure}.ts",
        "packages/server/src/cli/{main,Program}.ts",
        // Runs in a browser.
        "packages/web/src/{shell,sign-in,search}/*.ts",
        "packages/web/src/**/use*.ts",
        "packages/web/src/conversation/{Place,ReadingPlace}.ts",
        "packages/web/src/texts/Language.ts"
      ],
      reporter: ["text-summary", "json-summary"],
      reportOnFailure: true,
      thresholds: { lines: 85, branches: 85 }
    }
  }
})
