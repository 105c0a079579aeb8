package io.claviger.domain.usage;

import io.claviger.domain.Amounts;

/**
 * The cost of calls that had prices, in nano-dollars.
 *
 * @param priced the number of calls that had a price; if 0, the cost is unknown
 * @param cost the cost at the service's own price, or at the deployment's price if the service has
 *     no price of its own
 * @param callersCost the cost at the deployment's price, or at the service's own price if the
 *     deployment has no price
 * @param estimated the part of the cost that was computed from estimated tokens
 */
public record UsageCost(long priced, long cost, long callersCost, long estimated) {
  public static final UsageCost NONE = new UsageCost(0, 0, 0, 0);

  public UsageCost {
    if (priced < 0 || cost < 0 || callersCost < 0 || estimated < 0 || estimated > cost) {
      throw new IllegalArgumentException(
          "costs can't be negative, and the estimated part can't exceed the cost");
    }
  }

  public UsageCost plus(UsageCost more) {
    return more.priced == 0 && more.cost == 0 && more.callersCost == 0 && more.estimated == 0
        ? this
        : new UsageCost(
            Amounts.sum(priced, more.priced),
            Amounts.sum(cost, more.cost),
            Amounts.sum(callersCost, more.callersCost),
            Amounts.sum(estimated, more.estimated));
  }

  UsageCost minus(UsageCost part) {
    long left = Amounts.difference(cost, part.cost);
    return new UsageCost(
        Amounts.difference(priced, part.priced),
        left,
        Amounts.difference(callersCost, part.callersCost),
        Math.min(left, Amounts.difference(estimated, part.estimated)));
  }
}
