package io.claviger.gateway.model;

import io.claviger.domain.formats.ObjectPlace;
import io.claviger.domain.formats.ObjectPlace.Meaning;

/**
 * Finds the objects at the provider that the fields of a query name. The scan also searches forms
 * of the type {@code application/x-www-form-urlencoded}.
 */
final class FieldReferenceScan extends UrlFormPart {
  private final FoundReferences found;

  FieldReferenceScan(FoundReferences found) {
    this.found = found;
  }

  @Override
  void field(String name, String value, boolean whole) {
    if (!found.isSent(name)) {
      return;
    }
    ObjectPlace place = FormReferenceScan.placeOf(found.places(), PartHead.segments(name));
    if (place.isReference()) {
      found.demand((whole || place.meaning() == Meaning.FILE) && place.isSpelling(name), place);
      found.known(place, value);
    } else if (place.meaning() == Meaning.LEFT_OUT) {
      found.demand(false, place);
    } else if (!place.isText()) {
      found.unknown(value);
    }
  }
}
