package io.claviger.gateway.model;

import io.claviger.domain.formats.CallerFields;
import io.claviger.domain.keys.CallerNames;
import io.claviger.domain.names.CallerField;
import io.claviger.domain.objects.Isolation;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds the fields of a multipart form that identify the caller. Forms have no field that controls
 * storage.
 */
final class CallerFormScan implements CallerScan, BodyPart.FormPart {
  private static final int MOST = 16;

  private final CallerFields fields;
  private final String boundary;
  private final List<Found> found = new ArrayList<>(1);
  private @Nullable CallerField field;
  private @Nullable CallError wrong;

  private record Found(CallerField field, long from, long to, String value) {}

  CallerFormScan(CallerFields fields, String boundary) {
    this.fields = fields;
    this.boundary = boundary;
  }

  @Override
  public String boundary() {
    return boundary;
  }

  @Override
  public void malformed() {
    wrong = CallError.CALLER_NOT_READABLE;
  }

  @Override
  public void tooLong(String begin) {
    wrong = CallError.CALLER_TOO_LONG;
  }

  @Override
  public boolean wants(PartHead part) {
    field = null;
    String folded = part.baseName().replace("_", "");
    for (CallerField each : fields.written()) {
      if (!each.isStore() && folded.equals(each.wireName().replace("_", ""))) {
        field = each;
        if (!part.name().equals(each.wireName()) || !part.isPlainText() || found.size() == MOST) {
          wrong = CallError.CALLER_UNCLEAR;
        }
      }
    }
    return field != null;
  }

  @Override
  public void content(String text, long from, long to) {
    if (field != null && found.size() < MOST) {
      found.add(new Found(field, from, to, text));
    }
  }

  @Override
  public BodyEdits edits(
      CallerNames names, Isolation isolation, String service, BooleanSupplier reasons) {
    if (wrong != null) {
      throw new CallRefused(wrong);
    }
    List<BodyEdits.Edit> edits = new ArrayList<>(found.size());
    for (Found one : found) {
      if (names.rules().replaces(one.field)) {
        edits.add(
            new BodyEdits.Edit(
                one.from, one.to - one.from, names.of(one.field, Optional.of(one.value))));
      }
    }
    return edits.isEmpty() ? BodyEdits.NONE : BodyEdits.of(edits);
  }

  @Override
  public Optional<ResultStorage> storage(CallerNames names, Isolation isolation) {
    return Optional.empty();
  }

  /**
   * Refuses a form that identifies the caller. Called for a form that the gateway forwards while
   * reading it, because nothing can be replaced in such a form any longer.
   *
   * @throws CallRefused if a field of the form identifies the caller
   */
  void demandNothing(CallerNames names) {
    boolean replaces = field != null && names.rules().replaces(field);
    if (wrong != null
        || replaces
        || found.stream().anyMatch(f -> names.rules().replaces(f.field))) {
      throw new CallRefused(wrong == null ? CallError.CALLER_IN_FORM : wrong);
    }
  }
}
