package dev.ccr.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReportTest {

  private final Workload workload = Load.choose(Workload.all(true), "W2").getFirst();
  private final Report report = new Report();

  @Test
  void aRatioIsTakenInEachRoundAndItsMiddleIsTold() {
    // Twice as slow a machine in the second round: the costs differ, their ratios do not.
    double[][] costs = {{3, 2}, {6, 4}, {4, 1}};
    for (int round = 0; round < costs.length; round++) {
      add(Way.Name.ROUTER, round, costs[round][0]);
      add(Way.Name.NGINX, round, costs[round][1]);
    }
    Series ratios = report.ratios(workload, Trial.Figures::cpuMicros);
    assertEquals("1.50 (1.50..4.00)", ratios.text(2));
    String lines = report.lines(workload);
    assertTrue(lines.contains("router / nginx 1.50 (1.50..4.00), aim at most 1.5\n"), lines);
  }

  @Test
  void anAimThatIsMissedIsTold() {
    add(Way.Name.ROUTER, 0, 4);
    add(Way.Name.NGINX, 0, 2);
    String lines = report.lines(workload);
    assertTrue(lines.contains("router / nginx 2.00 (2.00..2.00), aim at most 1.5: MISSED"), lines);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "'3,1', 2", "'9,1,5', 5", "'4,1,2,9', 3"})
  void theMiddleOfFiguresIsTheirMedian(String figures, double median) {
    List<Double> all = List.of(figures.split(",")).stream().map(Double::valueOf).toList();
    assertEquals(median, new Series(all).median());
  }

  @ParameterizedTest
  @CsvSource({"W4, W4a W4b", "w4b, W4b", "'W1,W9', W1 W9"})
  void workloadsAreChosenByNameOrGroup(String only, String chosen) {
    List<String> names =
        Load.choose(Workload.all(true), only).stream().map(Workload::name).toList();
    assertEquals(chosen, String.join(" ", names));
  }

  private void add(Way.Name way, int round, double cpu) {
    Trial.Figures figures =
        new Trial.Figures(100, 1_000, cpu, 0, 80, new Histogram(Drive.HIGHEST_NANOS, 3));
    report.add(new Report.Round(workload, way, round, figures, 0));
  }
}
