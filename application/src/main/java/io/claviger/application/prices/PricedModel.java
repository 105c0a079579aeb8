package io.claviger.application.prices;

import io.claviger.domain.ModelName;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.usage.UsageModel;
import java.util.Comparator;

/**
 * A called model and the service on which it is called; together they determine the prices of a
 * call. The record is a map key, and callers choose the names of models, so callers could choose
 * many names with the same hash code. The record is comparable, so that a map finds a key quickly
 * even among such keys.
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
