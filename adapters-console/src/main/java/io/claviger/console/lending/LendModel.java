package io.claviger.console.lending;

import io.claviger.console.page.FormState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The page on which a service is lent.
 *
 * @param path where the form is sent to
 * @param back the page of the service
 * @param roles the roles that the viewer may give
 * @param sentence what is lent, in words; null if the form can't be read yet
 */
public record LendModel(
    String service,
    String path,
    String back,
    List<String> roles,
    FormState form,
    @Nullable String sentence) {
  public LendModel {
    roles = List.copyOf(roles);
  }
}
