package io.claviger.application.prices;

import io.claviger.domain.ModelName;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.usage.UsageModel;
import java.util.Comparator;

/**
 * What a call's prices depend on. Callers choose the names of models, and can choose many with the
 * same hash. Maps of comparable keys find each of them quickly all the same.
 *
 * @param called the model that was called
 */
public record PricedModel(Instance.Id instance, Provider provider, UsageModel called)
    implements Comparable<PricedModel> {
  private static final Comparator<PricedModel> ORDER =
      Comparator.comparing(PricedModel::called)
          .thenComparing(model -> model.instance().value())
          .thenComparing(model -> model.provider().wireName());

  public static PricedModel of(Instance.Id instance, Provider provider, ModelName model) {
    return new PricedModel(instance, provider, UsageModel.called(model.value()));
  }

  @Override
  public int compareTo(PricedModel other) {
    return ORDER.compare(this, other);
  }
}
