package io.claviger.testkit;

/**
 * How often tests repeat what goes wrong at a random moment, such as killing a process at work. The
 * system property {@code test.repetitions.part} says which part of them a build runs: a fifth,
 * unless it is thorough.
 */
public final class Repetitions {
  private static final int FEWEST = 2;
  private static final int PART = Integer.getInteger("test.repetitions.part", 1);

  private Repetitions() {}

  /** So many in a thorough build; elsewhere that part of them, and no fewer than two. */
  public static int of(int all) {
    return Math.max(FEWEST, all / PART);
  }

  /** Whether this build is thorough. */
  public static boolean areWhole() {
    return PART == 1;
  }
}
