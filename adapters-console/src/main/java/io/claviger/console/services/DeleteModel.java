package io.claviger.console.services;

import io.claviger.console.page.FormState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The page that says what breaks when a service is deleted.
 *
 * @param path where the form is sent to
 * @param back the page of the service
 * @param offer the page on which it is given to somebody else; null if the viewer can't do that
 * @param holders who can no longer use it
 * @param projects those that the viewer can see and that keep it from being deleted
 * @param tokens the names of the viewer's access tokens that work for it alone
 */
public record DeleteModel(
    String path,
    String back,
    @Nullable String offer,
    boolean hasKey,
    long version,
    List<String> holders,
    List<String> projects,
    List<String> tokens,
    FormState form) {
  public DeleteModel {
    holders = List.copyOf(holders);
    projects = List.copyOf(projects);
    tokens = List.copyOf(tokens);
  }
}
