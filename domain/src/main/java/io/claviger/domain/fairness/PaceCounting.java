package io.claviger.domain.fairness;

/**
 * The tokens of a call that a provider counts against its limits per minute.
 *
 * @param cacheReads whether input that was read from a cache is counted
 * @param statedOutput whether the maximum of output in the request is counted, even if the model
 *     writes less
 */
public record PaceCounting(boolean cacheReads, boolean statedOutput) {
  /** Counts all input, and only the output that the model has written. */
  public static final PaceCounting USUAL = new PaceCounting(true, false);
}
