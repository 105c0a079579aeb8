package io.claviger.gateway.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.claviger.domain.formats.CallerFields;
import io.claviger.domain.keys.CallerNames;
import io.claviger.domain.names.CallerField;
import io.claviger.domain.objects.Isolation;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.io.ByteArrayOutputStream;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Refuses a form that is sent as {@code application/x-www-form-urlencoded} if it tells who calls,
 * or if the operation may store its result. No provider documents such forms for these operations.
 */
final class CallerFieldsInUrlForm implements CallerScan, BodyPart.BytesPart {
  /** The most bytes of a name that are read. A longer one names no field. */
  private static final int MOST = 256;

  private final CallerFields fields;
  private final ByteArrayOutputStream name = new ByteArrayOutputStream();
  private boolean inName = true;
  private boolean tells;

  CallerFieldsInUrlForm(CallerFields fields) {
    this.fields = fields;
  }

  @Override
  public void read(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      byte next = bytes[i];
      // Some readers take a semicolon for a separator.
      if (next == '&' || next == ';') {
        endField();
      } else if (next == '=') {
        inName = false;
      } else if (inName && name.size() < MOST) {
        name.write(next);
      }
    }
  }

  @Override
  public void complete() {
    endField();
  }

  private void endField() {
    String folded = PartHead.baseName(decoded()).replace("_", "");
    for (CallerField field : fields.written()) {
      tells |= !field.isStore() && folded.equals(field.wireName().replace("_", ""));
    }
    name.reset();
    inName = true;
  }

  private String decoded() {
    try {
      return QueryStringDecoder.decodeComponent(name.toString(UTF_8));
    } catch (IllegalArgumentException e) {
      tells = true;
      return "";
    }
  }

  @Override
  public BodyEdits edits(
      CallerNames names, Isolation isolation, String service, BooleanSupplier reasons) {
    if (fields.store().isPresent()) {
      throw new CallRefused(CallError.CALLER_NOT_READABLE);
    }
    if (tells) {
      throw new CallRefused(CallError.CALLER_IN_FORM);
    }
    return BodyEdits.NONE;
  }

  @Override
  public Optional<ResultStorage> storage(CallerNames names, Isolation isolation) {
    return Optional.empty();
  }
}
