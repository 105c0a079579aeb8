package io.claviger.domain.spending;

/**
 * A mean in which each value counts a little less than the one after it, so that a few hundred
 * values later it hardly counts at all.
 */
record FadingMean(double sum, double weight) {
  static final FadingMean NONE = new FadingMean(0, 0);

  private static final double KEPT = 63.0 / 64;

  /**
   * @param value the value of the mean, times its weight
   * @param by how much the value counts
   */
  FadingMean and(double value, double by) {
    return new FadingMean(sum * KEPT + value, weight * KEPT + by);
  }

  /** The same mean, which later values change sooner. */
  FadingMean fadedTo(double part) {
    return new FadingMean(sum * part, weight * part);
  }

  double or(double otherwise) {
    return weight > 0 ? sum / weight : otherwise;
  }
}
