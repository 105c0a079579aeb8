package io.claviger.bootstrap.prices;

import io.claviger.application.prices.port.ImportedModel;
import java.util.List;

/**
 * The result of reading a price list.
 *
 * @param models the models of providers that Claviger knows
 * @param otherProviders the number of models of other providers
 * @param withoutPrice the number of models without a price, or with only zero prices
 * @param leftOut the models that were left out because their prices are impossible, each with the
 *     reason; at most {@link #MOST} models
 * @param leftOutInAll the total number of models that were left out because their prices are
 *     impossible
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
