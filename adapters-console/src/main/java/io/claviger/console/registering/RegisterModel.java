package io.claviger.console.registering;

import io.claviger.console.page.FormState;
import io.claviger.console.services.CheckLine;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The page on which a service is registered.
 *
 * @param standalone whether it gets settings of its own instead of those of a definition
 * @param definitions those to choose from
 * @param failed what the check found that kept the service from being saved
 * @param more the address of the page with more of them, if there are any
 */
public record RegisterModel(
    boolean standalone,
    List<DefinitionChoice> definitions,
    @Nullable String more,
    List<ProviderChoice> providers,
    @Nullable CheckLine failed,
    FormState form) {
  public RegisterModel {
    definitions = List.copyOf(definitions);
    providers = List.copyOf(providers);
  }

  /**
   * A definition to choose.
   *
   * @param value what the form sends for it
   */
  public record DefinitionChoice(String value, String ref, String model, String endpoint) {}

  /**
   * A provider to choose.
   *
   * @param endpoint its own one; empty if it has none
   */
  public record ProviderChoice(String name, String endpoint) {}
}
