package io.claviger.application.models;

import io.claviger.domain.Field;
import io.claviger.domain.ModelName;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.models.FailureMode;
import io.claviger.domain.models.ModelAlias;
import java.util.List;

/**
 * What to write of how callers reach a model.
 *
 * @param targets the services that serve it, in the order in which they are tried; an empty list
 *     unbinds. The first one is also the model's service, provider and provider's name.
 */
public record RouteWrite(
    Field<ModelAlias> name, Field<FailureMode> onFailure, Field<List<NamedTarget>> targets) {
  /** Writes nothing. */
  public static final RouteWrite NONE =
      new RouteWrite(Field.absent(), Field.absent(), Field.absent());

  /**
   * A service that is to serve a model.
   *
   * @param model the provider's name of the model
   */
  public record NamedTarget(Instance.Ref service, ModelName model) {}
}
