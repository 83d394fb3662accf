import { execFileSync } from "node:child_process"
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join, relative } from "node:path"
import { parseArgs } from "node:util"
import { build } from "vite"

// Makes the package as others install it, in `dist`: `npm run build -w @indelible/client`. A module a file, so that a
// bundler leaves out what is not used; contract and domain are in it, and only what the registry has is not.

const client = import.meta.dirname
const packages = join(client, "..")
const { values } = parseArgs({ options: { out: { type: "string", default: join(client, "dist") } } })
const out = values.out

const bundle = () =>
  build({
    configFile: false,
    logLevel: "warn",
    build: {
      outDir: out,
      emptyOutDir: true,
      target: "es2024",
      minify: false,
      lib: { entry: join(client, "src/index.ts"), formats: ["es"] },
      rolldownOptions: {
        external: [/^effect(?:\/|$)/, /^idb$/],
        output: {
          preserveModules: true,
          // Our own modules at the top, and others under the name of their package.
          entryFileNames: ({ facadeModuleId }) => {
            const from = relative(packages, facadeModuleId ?? "")
            return from
              .replace(/^client\/src\//, "")
              .replace(/^(\w+)\/src\//, "$1/")
              .replace(/\.ts$/, ".js")
          }
        }
      }
    }
  })

/** Every declaration that the entry leads to, from its own file on. */
const declare = () => {
  const emitted = mkdtempSync(join(tmpdir(), "indelible-types-"))
  try {
    const repository = join(packages, "..")
    const project = join(emitted, "tsconfig.json")
    writeFileSync(
      project,
      JSON.stringify({
        extends: join(repository, "tsconfig.browser.json"),
        include: [join(client, "src")],
        exclude: [join(client, "src/**/*.test.ts")],
        compilerOptions: {
          // `npm run types` checks them: here they are only written down, each file by itself, which is soon done.
          ...{ noCheck: true, noResolve: true, types: [], incremental: false, noEmit: false },
          ...{ declaration: true, emitDeclarationOnly: true, rootDir: packages, outDir: emitted }
        }
      })
    )
    execFileSync(join(repository, "node_modules/.bin/tsc"), ["--project", project], { stdio: "inherit" })
    const seen = new Set<string>()
    const copy = (path: string) => {
      if (seen.has(path)) return
      seen.add(path)
      const text = readFileSync(join(emitted, "client/src", path), "utf8")
      const own = text.replaceAll(/(["'])(\.{1,2}\/[^"']+)\.ts\1/g, "$1$2.js$1")
      mkdirSync(dirname(join(out, path)), { recursive: true })
      writeFileSync(join(out, path), own)
      for (const [, , imported = ""] of own.matchAll(/(["'])(\.{1,2}\/[^"']+)\.js\1/g)) {
        copy(join(dirname(path), `${imported}.d.ts`))
      }
    }
    copy("index.d.ts")
  } finally {
    rmSync(emitted, { recursive: true })
  }
}

const describePackage = () => {
  const { dependencies, description, name, sideEffects, type, version } = JSON.parse(
    readFileSync(join(client, "package.json"), "utf8")
  )
  const { effect, idb } = dependencies
  const published = {
    ...{ name, version, description, license: "UNLICENSED", type, sideEffects },
    engines: { node: ">=22" },
    exports: { ".": { types: "./index.d.ts", default: "./index.js" } },
    dependencies: { effect, idb }
  }
  writeFileSync(join(out, "package.json"), `${JSON.stringify(published, null, 2)}\n`)
  copyFileSync(join(client, "README.md"), join(out, "README.md"))
}

await bundle()
declare()
describePackage()
