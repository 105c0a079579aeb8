package io.claviger.gateway.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.claviger.domain.formats.ObjectPlace;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.errors.ReferenceErrors;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.io.ByteArrayOutputStream;

/**
 * Finds the objects at the provider to which the fields of a form refer that is sent as {@code
 * application/x-www-form-urlencoded}, or those of a query.
 */
final class FieldReferenceScan implements BodyPart.BytesPart {
  /** The most bytes of a name or value that are read. A longer one is no id. */
  private static final int MOST = 1 << 10;

  private final FoundReferences found;
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
  private String name = "";
  private boolean inName = true;
  private boolean cut;

  FieldReferenceScan(FoundReferences found) {
    this.found = found;
  }

  @Override
  public void read(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      byte next = bytes[i];
      // Some readers take a semicolon for a separator.
      if (next == '&' || next == ';') {
        endField();
      } else if (next == '=' && inName) {
        name = taken();
        inName = false;
      } else if (kept.size() < MOST) {
        kept.write(next);
      } else {
        cut = true;
      }
    }
  }

  @Override
  public void complete() {
    endField();
  }

  private void endField() {
    boolean whole = !cut;
    String last = taken();
    if (inName) {
      name = last;
      last = "";
    }
    field(name, last, whole);
    name = "";
    inName = true;
  }

  private void field(String field, String value, boolean whole) {
    ObjectPlace place = FormReferenceScan.placeOf(found.places(), PartHead.segments(field));
    if (place.isReference()) {
      found.demand(whole && place.isSpelling(field));
      found.known(place, value);
    } else if (!place.isText()) {
      found.unknown(value);
    }
  }

  private String taken() {
    String text = kept.toString(UTF_8);
    kept.reset();
    cut = false;
    try {
      return QueryStringDecoder.decodeComponent(text);
    } catch (IllegalArgumentException e) {
      throw new CallRefused(ReferenceErrors.NOT_READABLE);
    }
  }
}
