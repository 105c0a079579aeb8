package io.claviger.domain.formats;

import io.claviger.domain.objects.RequestedObjects;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What is known of the tools that requests of a format name, by their types.
 *
 * @param known the types of which is known what they use at the provider
 * @param callers the types of tools that the caller runs, whose parameters are data of the caller
 * @param makers the types for which the provider makes an object
 * @param usualMakers those for which it makes one unless the tool says otherwise
 */
public record ToolTypes(
    Predicate<String> known,
    Set<String> callers,
    Predicate<String> makers,
    Predicate<String> usualMakers) {
  /** Nothing is known, because no place of the format has types of tools. */
  static final ToolTypes ANY = new ToolTypes(type -> true, Set.of(), type -> false, type -> false);

  /** The tools of a router that use nothing in the account. */
  private static final Set<String> OF_ROUTERS =
      Set.of(
          "openrouter:web_search",
          "openrouter:web_fetch",
          "openrouter:datetime",
          "openrouter:image_generation");

  public ToolTypes {
    callers = Set.copyOf(callers);
  }

  public boolean isKnown(String type) {
    return RequestedObjects.isOfRouter(type) ? OF_ROUTERS.contains(type) : known.test(type);
  }

  /** Whether the caller runs tools of this type. */
  public boolean isCallers(String type) {
    return callers.contains(type);
  }

  /**
   * Whether the provider makes an object for a tool.
   *
   * @param isExempt whether the tool says that it needs none
   */
  public boolean makes(String type, boolean isExempt) {
    return makers.test(type) || (!isExempt && usualMakers.test(type));
  }
}
