import { defineConfig } from "vitest/config"

// `unit` needs nothing but this process; `parts` runs adapters on real servers; `whole` starts the product itself.
export default defineConfig({
  test: {
    reporters: ["default", "./test/house/ClosingLine.ts"],
    projects: [
      {
        test: {
          name: "unit",
          include: [
            "packages/{domain,application,api,projections}/src/**/*.test.ts",
            "test/{house,golden,usecases,faults}/**/*.test.ts"
          ]
        }
      },
      {
        test: {
          name: "parts",
          include: ["packages/{infrastructure,server}/src/**/*.test.ts", "test/contract/**/*.test.ts"],
          globalSetup: ["test/servers/globalSetup.ts"],
          testTimeout: 60_000,
          hookTimeout: 120_000
        }
      },
      {
        test: {
          name: "whole",
          include: ["test/{acceptance,abuse,torture}/**/*.test.ts"],
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
      // What runs in a thread of its own is not seen here; acceptance tests run it.
      exclude: ["**/*.test.ts", "packages/server/src/projecting/{thread,ProjectorThread}.ts"],
      reporter: ["text-summary", "json-summary"],
      thresholds: { lines: 85, branches: 85 }
    }
  }
})
