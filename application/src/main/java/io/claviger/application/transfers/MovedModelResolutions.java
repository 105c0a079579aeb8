package io.claviger.application.transfers;

import io.claviger.application.routing.ModelResolutions;
import io.claviger.application.shared.Actor;
import io.claviger.application.transfers.port.MovedReferences;
import io.claviger.domain.routing.CalledName;
import io.claviger.domain.standards.WireFormat;

/** Explains which services {@link MovedModelRouting} selects for model names. */
final class MovedModelResolutions implements ModelResolutions {
  private final ModelResolutions resolutions;
  private final FormerNames former;

  MovedModelResolutions(ModelResolutions resolutions, MovedReferences moved) {
    this.resolutions = resolutions;
    this.former = new FormerNames(moved);
  }

  @Override
  public Resolution explain(Actor actor, WireFormat format, CalledName name) {
    Resolution explained = resolutions.explain(actor, format, name);
    if (explained.target().isPresent()) {
      return explained;
    }
    return former
        .presentName(name.value())
        .map(present -> resolutions.explain(actor, format, new CalledName(present)))
        .filter(found -> found.target().isPresent())
        .orElse(explained);
  }
}
