package io.claviger.console.limits;

import io.claviger.console.page.Difference;
import io.claviger.console.page.FormState;
import java.util.List;

/**
 * The page of the limits of a user or group.
 *
 * @param explanation for whom they hold
 * @param path where the form is sent to
 * @param back the page of the user or group
 * @param mayChange whether the viewer may change them
 * @param words the limits as they are stored, a phrase each
 */
public record AssignedLimitsModel(
    String explanation,
    String path,
    String back,
    boolean mayChange,
    List<String> words,
    FormState form,
    List<Difference> differing) {
  public AssignedLimitsModel {
    words = List.copyOf(words);
    differing = List.copyOf(differing);
  }
}
