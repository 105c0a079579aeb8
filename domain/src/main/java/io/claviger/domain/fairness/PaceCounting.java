package io.claviger.domain.fairness;

/**
 * Says which tokens of a call count against a provider's limits per minute.
 *
 * @param cacheReads whether input that was read from a cache is counted
 * @param statedOutput whether the request's output maximum is counted, even if the model generates
 *     less
 */
public record PaceCounting(boolean cacheReads, boolean statedOutput) {
  /** The usual way: all input is counted, and only the output that the model generated. */
  public static final PaceCounting USUAL = new PaceCounting(true, false);
}
