package dev.ccr.bench.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Drives a router, nginx and the upstream itself, which run already, in turns, and compares what
 * they cost. {@code scripts/load} starts it.
 */
public final class Load {

  private static final long QUICK_MILLIS = 800;
  private static final long MILLIS = 3_000;

  /** How long a router is warmed up at most. */
  private static final int QUICK_WARM_SECONDS = 25;

  private static final int WARM_SECONDS = 180;

  /** With more connections than that there is one round if it is to be quick. */
  private static final int MOST_QUICK = 1_000;

  private final Map<Way.Name, Way> ways = new EnumMap<>(Way.Name.class);
  private final Report report = new Report();
  private final boolean quick;
  private final int rounds;
  private final Path collections;

  private boolean failed;

  private Load(Map<String, String> options) {
    for (Way.Name name : Way.Name.values()) {
      String[] place = option(options, name.name().toLowerCase(Locale.ROOT)).split(":", 2);
      ways.put(name, new Way(name, Integer.parseInt(place[0]), Long.parseLong(place[1])));
    }
    quick = Boolean.parseBoolean(option(options, "quick"));
    rounds = Integer.parseInt(option(options, "rounds"));
    collections = Path.of(option(options, "gc"));
  }

  /**
   * Runs it.
   *
   * @param args each {@code name=value}: {@code router}, {@code nginx} and {@code direct} are ports
   *     and processes, with a colon between; {@code quick}; {@code rounds}; {@code only}, names of
   *     workloads with commas, or nothing for all; {@code gc}, the log of the router's collector;
   *     {@code json}, a file to be written, or nothing
   */
  public static void main(String[] args) throws Exception {
    Map<String, String> options = new HashMap<>();
    for (String arg : args) {
      int equal = arg.indexOf('=');
      options.put(arg.substring(0, equal), arg.substring(equal + 1));
    }
    Load load = new Load(options);
    List<Workload> chosen = choose(Workload.all(load.quick), option(options, "only"));
    try (Trial trial = new Trial(load.quick ? QUICK_MILLIS : MILLIS)) {
      load.run(trial, chosen);
    }
    String json = option(options, "json");
    if (!json.isEmpty()) {
      Files.writeString(Path.of(json), load.report.json());
    }
    System.exit(load.failed ? 1 : 0);
  }

  private Way way(Way.Name name) {
    return Objects.requireNonNull(ways.get(name));
  }

  private static String option(Map<String, String> options, String name) {
    String value = options.get(name);
    if (value == null) {
      throw new IllegalArgumentException("missing: " + name);
    }
    return value;
  }

  /** Those whose names, or the names of whose groups, are among these. */
  static List<Workload> choose(List<Workload> all, String only) {
    if (only.isEmpty()) {
      return all;
    }
    List<String> names = Arrays.asList(only.toLowerCase(Locale.ROOT).split(","));
    List<Workload> chosen =
        all.stream()
            .filter(
                each -> {
                  String name = each.name().toLowerCase(Locale.ROOT);
                  return names.contains(name) || names.contains(name.substring(0, 2));
                })
            .toList();
    if (chosen.isEmpty()) {
      throw new IllegalArgumentException(
          "--only: " + only + " (expected: some of "
              + String.join(",", all.stream().map(Workload::name).toList()) + ")");
    }
    return chosen;
  }

  /** Memory first: it is that of a router that has done nothing else. */
  private void run(Trial trial, List<Workload> chosen) throws IOException, InterruptedException {
    System.out.println(Report.heads());
    for (Workload workload : chosen) {
      if (workload.shape() == Workload.Shape.IDLE) {
        measure(trial, workload);
      }
    }
    WarmUp warmUp = new WarmUp(trial, way(Way.Name.ROUTER), chosen);
    System.out.println(warmUp.run(quick ? QUICK_WARM_SECONDS : WARM_SECONDS));
    for (Workload workload : chosen) {
      if (workload.shape() != Workload.Shape.IDLE) {
        measure(trial, workload);
      }
    }
  }

  /** What is wrong with a workload is told, and the others go on. */
  private void measure(Trial trial, Workload workload) throws InterruptedException {
    try {
      runRounds(trial, workload);
    } catch (IOException e) {
      failed = true;
      System.out.println(workload.name() + "  FAILED: " + e.getMessage());
    }
    System.out.print(report.lines(workload));
    System.out.flush();
  }

  private void runRounds(Trial trial, Workload workload) throws IOException, InterruptedException {
    boolean once = workload.shape() == Workload.Shape.IDLE || isLarge(workload);
    for (int round = 0; round < (once ? 1 : rounds); round++) {
      for (Way way : order(workload, round)) {
        int before = collections();
        Trial.Figures figures = trial.run(workload, way);
        int made = collections() - before;
        report.add(new Report.Round(workload, way.name(), round, figures, made));
      }
    }
  }

  /** Forth and back, so that what grows with time is nobody's fault. */
  private List<Way> order(Workload workload, int round) {
    boolean paced = workload.answer().rate > 0;
    boolean direct =
        !workload.tls()
            && workload.shape() != Workload.Shape.IDLE
            && (!quick || (paced && round == 0 && !isLarge(workload)));
    List<Way> order =
        Stream.of(Way.Name.values())
            .filter(name -> direct || name != Way.Name.DIRECT)
            .map(this::way)
            .toList();
    return round % 2 == 0 ? order : order.reversed();
  }

  /** Whether it takes too long to be measured often if it is to be quick. */
  private boolean isLarge(Workload workload) {
    return quick && workload.connections() > MOST_QUICK;
  }

  private int collections() throws IOException {
    try (Stream<String> lines = Files.lines(collections)) {
      return (int) lines.filter(line -> line.contains("] GC(") && line.contains("Pause")).count();
    }
  }
}
