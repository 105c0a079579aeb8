package io.claviger.gateway.model;

import io.claviger.domain.formats.CallerFields;
import io.claviger.domain.keys.CallerNames;
import io.claviger.domain.names.CallerField;
import io.claviger.domain.objects.Isolation;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Refuses a form of the type {@code application/x-www-form-urlencoded} if it identifies the caller,
 * or if the operation may store its result. No provider documents such forms for these operations.
 */
final class CallerFieldsInUrlForm extends UrlFormPart implements CallerScan {
  private final CallerFields fields;
  private boolean tells;

  CallerFieldsInUrlForm(CallerFields fields) {
    this.fields = fields;
  }

  @Override
  void field(String name, String value, boolean whole) {
    String folded = PartHead.baseName(name).replace("_", "");
    for (CallerField field : fields.written()) {
      tells |= folded.equals(PartHead.baseName(field.wireName()).replace("_", ""));
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
