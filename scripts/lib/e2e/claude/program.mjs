// program.mjs FOLDER: prints where Claude Code's program is in an installation, nothing if it has
// none for this system. Fails if it has one that was not installed.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const [folder] = process.argv.slice(2);
const { platform, arch, report } = process;
const musl = platform === "linux" && !report.getReport().header.glibcVersionRuntime;
const name = `node_modules/@anthropic-ai/claude-code-${platform}-${arch}${musl ? "-musl" : ""}`;
const lock = JSON.parse(readFileSync(join(folder, "package-lock.json"), "utf8"));

if (name in lock.packages) {
  const program = join(folder, name, platform === "win32" ? "claude.exe" : "claude");
  if (!existsSync(program)) {
    console.error(`${program}: missing (expected: installed as an optional package)`);
    process.exit(1);
  }
  console.log(program);
}
