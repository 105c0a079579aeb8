package io.claviger.bootstrap.prices;

import io.claviger.application.prices.port.ImportedModel;
import java.util.List;

/**
 * A list of prices that has been read.
 *
 * @param models the models of providers that Claviger knows
 * @param otherProviders how many models in the list belong to other providers
 * @param withoutPrice how many of the models have no price, or have only prices of zero
 * @param leftOut the models that were left out because their price can't be right, each with the
 *     reason; the list contains at most {@link #MOST} models
 * @param leftOutInAll how many models were left out for such a reason
 */
public record PriceList(
    List<ImportedModel> models,
    int otherProviders,
    int withoutPrice,
    List<String> leftOut,
    int leftOutInAll) {
  /** The greatest number of models for which it is reported that they were left out. */
  public static final int MOST = 100;

  public PriceList {
    models = List.copyOf(models);
    leftOut = List.copyOf(leftOut);
  }
}
