package io.claviger.bootstrap.prices;

import io.claviger.application.prices.port.ImportedModel;
import java.util.List;

/**
 * A price list that was read.
 *
 * @param models the models of providers that Claviger knows
 * @param otherProviders the number of models of other providers
 * @param withoutPrice the number of models without a price, or with only zero prices
 * @param leftOut the models that were left out due to an impossible price, each with the reason; at
 *     most {@link #MOST} models
 * @param leftOutInAll the number of all models that were left out for such reasons
 */
public record PriceList(
    List<ImportedModel> models,
    int otherProviders,
    int withoutPrice,
    List<String> leftOut,
    int leftOutInAll) {
  /** The maximum number of models in {@code leftOut}. */
  public static final int MOST = 100;

  public PriceList {
    models = List.copyOf(models);
    leftOut = List.copyOf(leftOut);
  }
}
