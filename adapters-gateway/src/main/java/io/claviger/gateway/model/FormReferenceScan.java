package io.claviger.gateway.model;

import io.claviger.domain.formats.ObjectPlace;
import io.claviger.domain.formats.ObjectPlace.Meaning;
import io.claviger.domain.formats.ObjectPlaces;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.errors.ReferenceErrors;
import java.util.List;

/**
 * Finds the objects at the provider that the fields of a multipart form name; {@link ReferenceScan}
 * does the same for JSON. The scan does not search files in the form.
 */
final class FormReferenceScan implements BodyPart.FormPart {
  private final FoundReferences found;
  private final String boundary;
  private ObjectPlace place;

  FormReferenceScan(FoundReferences found, String boundary) {
    this.found = found;
    this.boundary = boundary;
    this.place = found.places().body();
  }

  @Override
  public String boundary() {
    return boundary;
  }

  @Override
  public void malformed() {
    throw new CallRefused(ReferenceErrors.NOT_READABLE);
  }

  /**
   * A long value can't be an id, so it is accepted in a field that is not in the format's table.
   * The beginning of a value shows whether the value might name a file.
   */
  @Override
  public void tooLong(String begin) {
    if (place.meaning() == Meaning.FILE) {
      found.known(place, begin);
    } else {
      found.demand(!place.isReference(), place);
    }
  }

  @Override
  public boolean wants(PartHead part) {
    place = placeOf(found.places(), part.segments());
    if (place.meaning() == Meaning.FILE && part.isFile()) {
      return false; // The part contains the file itself, not a reference to a file.
    }
    if (place.isReference()) {
      found.demand(part.isPlainText() && place.isSpelling(part.name()), place);
      return part.isPlainText();
    }
    // The forms of most operations are forwarded while they arrive, so a forbidden field can't be
    // removed from them.
    found.demand(place.meaning() != Meaning.LEFT_OUT, place);
    // A field that is JSON might contain references. No lent operation has such a field.
    found.demand(place.isText() || part.isPlainText() || part.isFile());
    return !place.isText() && part.isPlainText();
  }

  /**
   * Returns the place in the format's table for the name of a field. Some parsers treat a field
   * called {@code a[file_id]} as a member of {@code a}.
   *
   * @param segments the segments of the field's name, in lower case and without underscores
   */
  static ObjectPlace placeOf(ObjectPlaces places, List<String> segments) {
    ObjectPlace outermost = null;
    ObjectPlace last = places.body();
    for (String segment : segments) {
      last = last.inside().find(segment);
      outermost = outermost == null ? last : outermost;
      if (last.isReference() || last.meaning() == Meaning.LEFT_OUT) {
        return last;
      }
    }
    return outermost == null ? last : outermost;
  }

  @Override
  public void content(String text, long from, long to) {
    if (place.isReference()) {
      found.known(place, text);
    } else {
      found.unknown(text);
    }
  }
}
