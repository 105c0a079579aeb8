package io.claviger.bootstrap.prices;

import io.claviger.application.prices.port.ImportedModel;
import java.util.List;

/**
 * A list of prices that was read.
 *
 * @param models the models of Claviger's providers
 * @param otherProviders how many models are of other providers
 * @param withoutPrice how many of the models have no price, or only zeros
 * @param leftOut at most {@link #MOST} models that were left out because their price can't be
 *     right, with the reason
 * @param leftOutInAll how many models were left out
 */
public record PriceList(
    List<ImportedModel> models,
    int otherProviders,
    int withoutPrice,
    List<String> leftOut,
    int leftOutInAll) {
  /** The greatest number of left-out models that are named. */
  public static final int MOST = 100;

  public PriceList {
    models = List.copyOf(models);
    leftOut = List.copyOf(leftOut);
  }
}
