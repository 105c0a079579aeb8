package io.claviger.application.demands;

/**
 * The tokens that a call took: input that was fresh, that was cached and that was written into a
 * cache, and output.
 */
public record DemandedUse(long fresh, long cached, long written, long output) {
  public static final DemandedUse NONE = new DemandedUse(0, 0, 0, 0);
}
