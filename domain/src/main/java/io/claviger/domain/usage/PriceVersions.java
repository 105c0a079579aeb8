package io.claviger.domain.usage;

/**
 * The versions of the prices by which a call was charged. The two versions differ only if both the
 * service and the deployment have a price of their own. Either both prices are for the model that
 * answered, or the service's price is for this model and the deployment's price is for the
 * requested model.
 *
 * @param forService the version of the price for budgets of the service and its shares; 0 if there
 *     was no such price
 * @param forCallers the version of the price for budgets of users, groups and tokens; 0 if there
 *     was no such price
 */
public record PriceVersions(long forService, long forCallers) {
  /** The calls had no price. */
  public static final PriceVersions NONE = new PriceVersions(0, 0);

  public PriceVersions {
    if (forService < 0 || forCallers < 0 || (forService == 0) != (forCallers == 0)) {
      throw new IllegalArgumentException("either both have a version or none");
    }
  }
}
