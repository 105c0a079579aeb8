package io.claviger.console.people;

import io.claviger.console.page.Difference;
import io.claviger.console.page.FormState;
import java.util.List;

/**
 * The page of a person or service account.
 *
 * @param person as stored
 * @param mayChange whether the viewer may change and delete it
 * @param limits those that administrators set for them, a phrase each
 * @param differing what somebody else changed while the form was open
 */
public record PersonModel(
    PersonLine person,
    boolean mayChange,
    List<String> limits,
    FormState form,
    List<Difference> differing) {
  public PersonModel {
    limits = List.copyOf(limits);
    differing = List.copyOf(differing);
  }
}
