package io.claviger.gateway.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.errors.ReferenceErrors;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.io.ByteArrayOutputStream;

/**
 * Searches a query, or a form of the type {@code application/x-www-form-urlencoded}. JSON with this
 * content type is refused, because a provider might still read it as JSON.
 */
abstract class UrlFormPart implements BodyPart.BytesPart {
  /**
   * The maximum number of bytes that are read from a name or value. A longer name or value can't be
   * an id.
   */
  private static final int MOST = 1 << 10;

  private static final int ESCAPE = "%00".length();

  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
  private String name = "";
  private boolean begun;
  private boolean inName = true;
  private boolean cut;

  /**
   * Called after a field.
   *
   * @param name the decoded name of the field
   * @param value the decoded value of the field, or only its beginning if the value is too long
   * @param whole whether {@code value} is complete
   */
  abstract void field(String name, String value, boolean whole);

  @Override
  public final void read(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      read(bytes[i]);
    }
  }

  private void read(byte next) {
    if (!begun) {
      begun = next > ' ' || next < 0;
      demand(next != '{' && next != '[' && next >= 0);
    }
    // Some readers treat a semicolon as a separator.
    if (next == '&' || next == ';') {
      endField();
    } else if (next == '=' && inName) {
      name = taken(true);
      inName = false;
    } else if (kept.size() < MOST) {
      kept.write(next);
    } else {
      cut = true;
    }
  }

  @Override
  public final void complete() {
    endField();
  }

  private void endField() {
    boolean whole = !cut;
    String last = taken(inName);
    if (inName) {
      name = last;
      last = "";
    }
    field(name, last, whole);
    name = "";
    inName = true;
  }

  private String taken(boolean isName) {
    demand(!(isName && cut));
    String text = kept.toString(UTF_8);
    int lastEscape = text.lastIndexOf('%');
    if (cut && lastEscape > text.length() - ESCAPE) {
      text = text.substring(0, lastEscape);
    }
    kept.reset();
    cut = false;
    try {
      return QueryStringDecoder.decodeComponent(text);
    } catch (IllegalArgumentException e) {
      throw new CallRefused(ReferenceErrors.NOT_READABLE);
    }
  }

  private static void demand(boolean fulfilled) {
    if (!fulfilled) {
      throw new CallRefused(ReferenceErrors.NOT_READABLE);
    }
  }
}
