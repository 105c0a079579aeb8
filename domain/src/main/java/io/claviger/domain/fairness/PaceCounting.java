package io.claviger.domain.fairness;

/**
 * Which tokens of a call a provider counts against what it allows in a minute.
 *
 * @param cacheReads whether input counts that was read from a cache
 * @param statedOutput whether the maximum of output that a request states counts, however little is
 *     written
 */
public record PaceCounting(boolean cacheReads, boolean statedOutput) {
  /** All input, and the output that was written. */
  public static final PaceCounting USUAL = new PaceCounting(true, false);
}
