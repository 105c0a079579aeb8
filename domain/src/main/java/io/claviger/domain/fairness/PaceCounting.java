package io.claviger.domain.fairness;

/**
 * The tokens of a call that count against a provider's limits per minute.
 *
 * @param cacheReads whether input that was read from a cache is counted
 * @param statedOutput whether the request's output maximum is counted, even if the model generates
 *     less
 */
public record PaceCounting(boolean cacheReads, boolean statedOutput) {
  /** Counts all input, and only the output that the model generated. */
  public static final PaceCounting USUAL = new PaceCounting(true, false);
}
