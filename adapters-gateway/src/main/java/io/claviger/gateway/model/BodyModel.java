package io.claviger.gateway.model;

import io.claviger.domain.formats.ModelPath;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.io.JsonStringEncoder;

/**
 * The model of a request, and where the body names it.
 *
 * @param name the caller's name for the model, without the prefix {@code models/} of Gemini's API
 * @param isAssumed true if the request names no model, and therefore means the API's usual model
 */
public record BodyModel(String name, List<ValueRange> places, boolean isAssumed) {
  BodyModel(String name, List<ValueRange> places) {
    this(name, places, false);
  }

  /**
   * A value in the body.
   *
   * @param from the position of the value's first byte; in JSON, of the opening quotation mark
   * @param to the position after the last byte of the value
   */
  record ValueRange(long from, long to, String text, boolean json) {}

  /**
   * Returns the edits that replace the model's name in the body; none if the body already contains
   * the new name.
   *
   * @throws CallRefused if a body of this type can't contain the new name
   */
  public BodyEdits naming(String other) {
    if (other.equals(name)) {
      return BodyEdits.NONE;
    }
    List<BodyEdits.Edit> edits = new ArrayList<>();
    for (ValueRange place : places) {
      boolean same = place.text().equals(name);
      if (same || ModelPath.bare(place.text()).equals(name)) {
        edits.add(
            new BodyEdits.Edit(
                place.from(), place.to() - place.from(), written(place, same, other)));
      }
    }
    return BodyEdits.of(edits);
  }

  private static String written(ValueRange place, boolean same, String other) {
    String text = same ? other : ModelPath.MODELS + other;
    if (place.json()) {
      return '"' + new String(JsonStringEncoder.getInstance().quoteAsCharArray(text)) + '"';
    }
    if (!text.chars().allMatch(c -> c >= ' ')) {
      throw new CallRefused(CallError.MODEL_INVALID);
    }
    return text;
  }
}
