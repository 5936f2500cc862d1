package dev.ccr.bench;

/**
 * What was measured of a bench.
 *
 * @param bytes what an operation allocates
 * @param tolerance bytes an operation that may be the harness's
 * @param nanos what an operation takes by the clock, in the shortest iteration
 * @param ratio what it takes as a multiple of the control's operation, see {@link ControlProfiler}
 */
record Figures(double bytes, double tolerance, double nanos, double ratio) {

  /** These, with the time of the quicker of two runs. */
  Figures orQuicker(Figures again) {
    return new Figures(
        bytes, tolerance, Math.min(nanos, again.nanos), Math.min(ratio, again.ratio));
  }
}
