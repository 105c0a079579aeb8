package io.claviger.gateway.model;

import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.model.BodyModel.ValueRange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the model in a multipart form, in any part of the form. */
final class FormNameScan implements NameScan, BodyPart.FormPart {
  private static final String MODEL = "model";

  private final String boundary;
  private @Nullable ValueRange place;

  FormNameScan(String boundary) {
    this.boundary = boundary;
  }

  @Override
  public String boundary() {
    return boundary;
  }

  @Override
  public void malformed() {
    throw new CallRefused(CallError.BODY_NOT_READABLE);
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
