package dev.ccr.bench.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** All rounds of all workloads, as a table and as JSON. For one thread. */
final class Report {

  /**
   * A round.
   *
   * @param collections of the router's garbage, while it ran
   */
  record Round(
      Workload workload, Way.Name way, int round, Trial.Figures figures, int collections) {}

  private static final String LINE = "     %-7s %22s %25s %20s %22s %24s %15s %4s %12s";

  /** The least share of a rate; below it delays are those of the machine. */
  private static final double KEPT_UP = 0.9;

  private final List<Round> rounds = new ArrayList<>();

  void add(Round round) {
    rounds.add(round);
  }

  /** The router's cost in nginx's, of each round that has both. */
  Series ratios(Workload workload, ToDoubleFunction<Trial.Figures> figure) {
    List<Double> ratios = new ArrayList<>();
    for (Round router : of(workload, Way.Name.ROUTER)) {
      for (Round nginx : of(workload, Way.Name.NGINX)) {
        if (router.round == nginx.round) {
          ratios.add(figure.applyAsDouble(router.figures) / figure.applyAsDouble(nginx.figures));
        }
      }
    }
    return new Series(ratios);
  }

  Series series(Workload workload, Way.Name way, ToDoubleFunction<Trial.Figures> figure) {
    return new Series(
        of(workload, way).stream().map(each -> figure.applyAsDouble(each.figures)).toList());
  }

  private List<Round> of(Workload workload, Way.Name way) {
    return rounds.stream()
        .filter(each -> each.workload.equals(workload) && each.way == way)
        .toList();
  }

  /** Heads of what {@link #lines} gives. */
  static String heads() {
    return String.format(
        Locale.ROOT, LINE, "way", "processor us", "units/s", "p50 us", "p99 us", "longest us", "RSS MB",
        "GCs", "compiler %");
  }

  /** A workload in some lines: one for each way, and what the ratio is. */
  String lines(Workload workload) {
    StringBuilder text = new StringBuilder();
    text.append(workload.name()).append("  ").append(workload.what()).append("; a unit is a")
        .append(workload.perEvent() ? "n event" : " request").append('\n');
    for (Way.Name way : Way.Name.values()) {
      Series rss = series(workload, way, Trial.Figures::rss);
      if (!rss.isEmpty()) {
        text.append(
            String.format(
                    Locale.ROOT, LINE,
                    way.name().toLowerCase(Locale.ROOT),
                    timed(workload, series(workload, way, Trial.Figures::cpuMicros), 2),
                    timed(workload, series(workload, way, Trial.Figures::perSecond), 0),
                    delay(workload, way, 50), delay(workload, way, 99), delay(workload, way, 100),
                    rss.text(0),
                    way == Way.Name.ROUTER ? collections(workload) : "",
                    way == Way.Name.ROUTER
                        ? series(workload, way, each -> each.compiler() * 100).text(0)
                        : "")
                .stripTrailing())
            .append(lag(workload, way))
            .append('\n');
      }
    }
    Series ratios = ratios(workload, Trial.Figures::cpuMicros);
    if (workload.shape() != Workload.Shape.IDLE && !ratios.isEmpty()) {
      text.append("     router / nginx ").append(ratios.text(2));
      if (workload.aim() > 0) {
        boolean reached = ratios.median() <= workload.aim();
        text.append(", aim at most ").append(workload.aim()).append(reached ? "" : ": MISSED");
      }
      text.append('\n');
    }
    return text.toString();
  }

  /** Whether events came late because there was not enough of the processors. */
  private String lag(Workload workload, Way.Name way) {
    double least = series(workload, way, Trial.Figures::perSecond).least();
    return least < workload.rate() * KEPT_UP
        ? String.format(
            Locale.ROOT, "  behind: %.0f/s of %.0f/s came", least, workload.rate())
        : "";
  }

  private static String timed(Workload workload, Series series, int decimals) {
    return workload.shape() == Workload.Shape.IDLE ? "-" : series.text(decimals);
  }

  private String delay(Workload workload, Way.Name way, int percentile) {
    if (workload.answer().kind != Answer.Kind.STAMPED) {
      return "-";
    }
    return series(workload, way, each -> micros(each, percentile)).text(0);
  }

  private static double micros(Trial.Figures figures, double percentile) {
    return figures.delays().getValueAtPercentile(percentile) / 1_000.0;
  }

  private int collections(Workload workload) {
    return of(workload, Way.Name.ROUTER).stream().mapToInt(Round::collections).sum();
  }

  /** Every round, an object each in an array. */
  String json() {
    List<String> all = new ArrayList<>();
    for (Round each : rounds) {
      Trial.Figures figures = each.figures;
      all.add(
          String.format(
              Locale.ROOT,
              "{\"workload\":\"%s\",\"way\":\"%s\",\"round\":%d,\"unit\":\"%s\",\"units\":%.0f,"
                  + "\"units_per_second\":%.1f,\"cpu_us_per_unit\":%.3f,\"rss_mb\":%.1f,"
                  + "\"collections\":%d,\"delay_us_p50\":%.1f,\"delay_us_p99\":%.1f,"
                  + "\"delay_us_max\":%.1f}",
              each.workload.name(), each.way.name().toLowerCase(Locale.ROOT), each.round,
              each.workload.perEvent() ? "event" : "request", figures.units(),
              figures.perSecond(), figures.cpuMicros(), figures.rss(), each.collections,
              micros(figures, 50), micros(figures, 99), micros(figures, 100)));
    }
    return "[\n" + String.join(",\n", all) + "\n]\n";
  }
}
