package io.claviger.gateway.model;

import io.claviger.application.gateway.CallRefusal;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.model.BodyModel.ValueRange;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the model in a form of parts, wherever in the form it is. */
final class FormNameScan implements NameScan, BodyPart.FormPart, MultipartReader.Parts {
  private static final String MODEL = "model";

  private final MultipartReader reader;
  private @Nullable ValueRange place;

  FormNameScan(String boundary) {
    this.reader = new MultipartReader(this, boundary);
  }

  @Override
  public void read(byte[] bytes, int from, int to) {
    readable(() -> reader.read(bytes, from, to));
  }

  @Override
  public void end() {
    readable(reader::end);
  }

  @Override
  public Set<String> models() {
    return Set.of(named().name());
  }

  private static void readable(Runnable step) {
    try {
      step.run();
    } catch (CallRefused e) {
      boolean unclear = e.error().code().equals(CallRefusal.MODEL_NOT_READABLE.code());
      throw unclear ? new CallRefused(CallError.BODY_NOT_READABLE) : e;
    }
  }

  @Override
  public BodyModel named() {
    if (place == null) {
      throw new CallRefused(CallError.MODEL_REQUIRED);
    }
    return new BodyModel(NameScan.checked(place.text()), List.of(place));
  }

  @Override
  public boolean wants(PartHead part) {
    boolean named = part.baseName().equals(MODEL);
    if (named && !part.name().equals(MODEL)) {
      throw new CallRefused(CallError.BODY_NOT_READABLE);
    }
    return named;
  }

  @Override
  public void content(String text, long from, long to) {
    if (place != null || text.length() > LONGEST) {
      throw new CallRefused(CallError.MODEL_INVALID);
    }
    place = new ValueRange(from, to, text, false);
  }
}
