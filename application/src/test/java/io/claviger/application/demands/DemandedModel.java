package io.claviger.application.demands;

/** A model that callers ask for. Its prices are like those of models that are sold. */
public enum DemandedModel {
  QUICK("quick-1", new DemandedPrice(250_000, 25_000, 250_000, 2_000_000)),
  BROAD("broad-1", new DemandedPrice(3_000_000, 300_000, 3_750_000, 15_000_000)),
  VECTORS("vectors-1", new DemandedPrice(130_000, 130_000, 130_000, 0));

  private final String modelName;
  private final DemandedPrice price;

  DemandedModel(String modelName, DemandedPrice price) {
    this.modelName = modelName;
    this.price = price;
  }

  public String modelName() {
    return modelName;
  }

  public DemandedPrice price() {
    return price;
  }
}
