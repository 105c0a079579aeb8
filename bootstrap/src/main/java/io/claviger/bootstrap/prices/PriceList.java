package io.claviger.bootstrap.prices;

import io.claviger.application.prices.port.ImportedModel;
import java.util.List;

/**
 * What was read of a list of prices.
 *
 * @param models the models of Claviger's providers
 * @param otherProviders how many models are of other providers
 * @param withoutPrice how many of the models state no price, or only zeros
 * @param leftOut the models whose price can't be right, with the reason, at most {@link #MOST}
 * @param leftOutInAll how many those are
 */
public record PriceList(
    List<ImportedModel> models,
    int otherProviders,
    int withoutPrice,
    List<String> leftOut,
    int leftOutInAll) {
  /** The most left out models that are named. */
  public static final int MOST = 100;

  public PriceList {
    models = List.copyOf(models);
    leftOut = List.copyOf(leftOut);
  }
}
