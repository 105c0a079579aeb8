package io.claviger.application.demands;

/**
 * What a model costs, in pico-dollars a token.
 *
 * @param fresh for input that is read for the first time
 * @param cached for input that the provider has kept
 * @param written for input that the provider keeps from now on
 * @param output for output
 */
public record DemandedPrice(long fresh, long cached, long written, long output) {
  private static final long PICO_IN_A_NANO = 1_000;

  /** What the provider bills for this use, in nano-dollars, rounded up once. */
  long ofUse(DemandedUse use) {
    long pico =
        use.fresh() * fresh
            + use.cached() * cached
            + use.written() * written
            + use.output() * output;
    return (pico + PICO_IN_A_NANO - 1) / PICO_IN_A_NANO;
  }

  /** The most that so many tokens cost, in nano-dollars. */
  long atMost(long input, long largestOutput) {
    long dearest = Math.max(fresh, Math.max(cached, written));
    return (input * dearest + largestOutput * output + PICO_IN_A_NANO - 1) / PICO_IN_A_NANO;
  }
}
