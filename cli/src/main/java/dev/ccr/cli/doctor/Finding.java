package dev.ccr.cli.doctor;

/**
 * One thing that was looked at. Holds no secrets.
 *
 * @param check what was looked at, in a word
 * @param what how it is, in a line
 * @param remedy what to do about it, in a line; empty if nothing
 */
record Finding(Level level, String check, String what, String remedy) {

  /** How bad it is, the best first. */
  enum Level {
    OK,
    /** Works, and may surprise. */
    WARNING,
    /** Does not work. */
    PROBLEM
  }

  static Finding ok(String check, String what) {
    return new Finding(Level.OK, check, what, "");
  }

  static Finding warning(String check, String what, String remedy) {
    return new Finding(Level.WARNING, check, what, remedy);
  }

  static Finding problem(String check, String what, String remedy) {
    return new Finding(Level.PROBLEM, check, what, remedy);
  }
}
