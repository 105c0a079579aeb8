package io.claviger.gateway.model;

import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.io.JsonStringEncoder;

/**
 * The model that a request names, and the positions in the body at which the body names it.
 *
 * @param name the name of the model as the caller wrote it, but without the prefix {@code models/}
 *     of Gemini's API
 */
public record BodyModel(String name, List<ValueRange> places) {
  private static final String IN_GEMINI = "models/";

  /**
   * A value in the body.
   *
   * @param from the position of the first byte of the value; in JSON, that is the opening quotation
   *     mark
   * @param to the position after the last byte of the value
   */
  record ValueRange(long from, long to, String text, boolean json) {}

  /** Returns the name of a model without the prefix that resource names of Gemini have. */
  static String bare(String text) {
    return text.startsWith(IN_GEMINI) ? text.substring(IN_GEMINI.length()) : text;
  }

  /**
   * Returns the edits that replace the name of the model in the body by another name; none if the
   * body contains that name already.
   *
   * @throws CallRefused when the other name can't be written into a body of this type
   */
  public BodyEdits naming(String other) {
    if (other.equals(name)) {
      return BodyEdits.NONE;
    }
    List<BodyEdits.Edit> edits = new ArrayList<>();
    for (ValueRange place : places) {
      boolean same = place.text().equals(name);
      if (same || bare(place.text()).equals(name)) {
        edits.add(
            new BodyEdits.Edit(
                place.from(), place.to() - place.from(), written(place, same, other)));
      }
    }
    return BodyEdits.of(edits);
  }

  private static String written(ValueRange place, boolean same, String other) {
    String text = same ? other : IN_GEMINI + other;
    if (place.json()) {
      return '"' + new String(JsonStringEncoder.getInstance().quoteAsCharArray(text)) + '"';
    }
    if (!text.chars().allMatch(c -> c >= ' ')) {
      throw new CallRefused(CallError.MODEL_INVALID);
    }
    return text;
  }
}
