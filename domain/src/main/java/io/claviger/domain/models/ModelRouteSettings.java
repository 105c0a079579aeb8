package io.claviger.domain.models;

import io.claviger.domain.standards.WireFormat;
import java.util.List;

/**
 * The settings that determine how callers reach an entry of the catalogue.
 *
 * @param format the format of the entry's services; for an unbound entry, its provider's format
 * @param name the name by which callers call the entry, unique among the live entries of a format
 * @param further the targets after the first target, at most 7
 */
public record ModelRouteSettings(
    WireFormat format, ModelAlias name, FailureMode onFailure, List<ModelTarget> further) {
  public ModelRouteSettings {
    further = List.copyOf(further);
  }
}
