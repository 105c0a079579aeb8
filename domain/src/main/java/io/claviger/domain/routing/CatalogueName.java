package io.claviger.domain.routing;

import io.claviger.domain.models.FailureMode;
import io.claviger.domain.models.ModelTarget;
import io.claviger.domain.standards.WireFormat;
import java.util.List;

/**
 * An enabled model of the catalogue, with the name that callers use.
 *
 * @param targets a list of the services that serve the model, in the order in which calls try them
 */
public record CatalogueName(
    WireFormat format, String name, List<ModelTarget> targets, FailureMode onFailure) {
  public CatalogueName {
    targets = List.copyOf(targets);
  }
}
