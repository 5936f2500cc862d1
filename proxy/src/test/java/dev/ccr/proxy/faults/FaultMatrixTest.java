package dev.ccr.proxy.faults;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each fault in each phase and kind of answer that can have it, over real sockets: the client gets
 * what is right, nothing stays under way, no connection is left over, streams that run meanwhile are
 * undisturbed, and the next request is answered. Slow ones with {@code -Pfaults} only.
 */
final class FaultMatrixTest {

  private static final boolean ALL = Boolean.getBoolean("faults.all");

  /** A fault in one phase of one kind of answer. */
  record Cell(Fault fault, Phase phase, Kind kind) {

    @Override
    public String toString() {
      return fault.name() + ", " + phase + ", " + kind;
    }
  }

  static Stream<Fault> faults() {
    return Stream.of(
            BodyFaults.all(), HeadFaults.all(), ConnectionFaults.all(), ClientFaults.all())
        .flatMap(List::stream);
  }

  /** All, or those that are not slow, each in one kind of answer after the other. */
  static List<Cell> cells() {
    List<Cell> cells = new ArrayList<>();
    for (Fault fault : faults().toList()) {
      for (Phase phase : fault.phases()) {
        List<Kind> kinds = List.copyOf(EnumSet.copyOf(fault.kinds()));
        if (ALL) {
          kinds.forEach(kind -> cells.add(new Cell(fault, phase, kind)));
        } else if (!fault.isSlow()) {
          cells.add(new Cell(fault, phase, kinds.get(cells.size() % kinds.size())));
        }
      }
    }
    return cells;
  }

  @Test
  void thereAreManyFaultsInAllPhases() {
    assertTrue(faults().count() >= 40, "faults");
    assertTrue(faults().map(Fault::name).distinct().count() == faults().count(), "names");
    assertTrue(cells().size() >= 160, "cells");
    for (Phase phase : Phase.values()) {
      assertTrue(faults().filter(fault -> fault.phases().contains(phase)).count() >= 30,
          phase.name());
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cells")
  void aFaultIsToldHonestlyAndDisturbsNobodyElse(Cell cell) throws Exception {
    try (Site site = new Site(cell.fault, cell.kind, cell.phase)) {
      String outcome = cell.fault.outcome(site, cell.kind, cell.phase);
      String expected = cell.fault.expected(cell.kind, cell.phase);
      assertTrue(
          Pattern.compile(expected, Pattern.DOTALL).matcher(outcome).matches(),
          () -> outcome + " (expected: " + expected + ")");
      site.checkAfterwards(cell.kind);
    }
  }
}
