package dev.ccr.cli;

import dev.ccr.cli.code.CodeCommand;
import dev.ccr.cli.log.LogChoice;
import dev.ccr.cli.service.RouterRun;
import dev.ccr.cli.service.StartOptions;
import dev.ccr.cli.service.StatusCommand;
import dev.ccr.cli.statusline.StatusLine;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** The command {@code ccr}. */
public final class Main {

  /** Those that run a router. */
  private static final List<String> LOGGED = List.of("start", "demo");

  /**
   * What Netty is told, unless the JVM has been told something else. It follows some buffers to see
   * whether they are released, which costs a fifth of a small request; the tests follow all of
   * them. And where a heap is small it has all loops share their buffers, and keeps none for large
   * bodies, which costs more than the megabytes it saves.
   */
  private static final Map<String, String> NETTY =
      Map.of("io.netty.leakDetection.level", "disabled", "io.netty.allocator.lowMemory", "false");

  private Main() {}

  /** Runs the command line and exits with its code. */
  public static void main(String[] args) throws InterruptedException {
    if (args.length > 0 && LOGGED.contains(args[0])) {
      settle(System.getProperties());
      LogChoice.logback();
    } else {
      LogChoice.silent();
    }
    System.exit(run(System.getenv(), List.of(args)));
  }

  /** Has to come before anything of Netty's. */
  static void settle(Properties jvm) {
    NETTY.forEach(jvm::putIfAbsent);
  }

  /** Runs one command line, and returns its code. */
  static int run(Map<String, String> env, List<String> args) throws InterruptedException {
    if (args.equals(List.of("start"))) { // nothing to parse, and a router shall start at once
      return RouterRun.run(env, StartOptions.DEFAULTS, writer(System.out), writer(System.err));
    }
    if (args.equals(List.of("status"))) { // asked every few seconds by those who watch services
      return StatusCommand.run(env, false, writer(System.out), writer(System.err));
    }
    if (args.equals(List.of("statusline"))) { // asked after each of Claude Code's messages
      return StatusLine.print(env, System.in, writer(System.out));
    }
    if (!args.isEmpty() && args.getFirst().equals("code")) { // another program's arguments
      return CodeCommand.run(env, args.subList(1, args.size()), writer(System.err));
    }
    String[] array = args.toArray(String[]::new);
    return Commands.commandLine(env, System.in, array).execute(array);
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, true, stream.charset());
  }
}
