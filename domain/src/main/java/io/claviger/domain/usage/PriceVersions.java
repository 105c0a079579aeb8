package io.claviger.domain.usage;

/**
 * The versions of the prices at which a call was charged. The two versions differ only if the
 * service and the deployment have different prices. Usually both prices are for the answering
 * model. Sometimes the service's price is for the answering model, and the deployment's price is
 * for the requested model.
 *
 * @param forService the version of the price for budgets of the service and its shares; 0 if there
 *     was no price
 * @param forCallers the version of the price for budgets of users, groups and tokens; 0 if there
 *     was no price
 */
public record PriceVersions(long forService, long forCallers) {
  /** The versions for calls without a price. */
  public static final PriceVersions NONE = new PriceVersions(0, 0);

  public PriceVersions {
    if (forService < 0 || forCallers < 0 || (forService == 0) != (forCallers == 0)) {
      throw new IllegalArgumentException(
          "either both prices have a version, or neither of them has a version");
    }
  }
}
