package io.claviger.domain.formats;

import io.claviger.domain.objects.RequestedObjects;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The known types of tools in a format's requests, and what such tools do.
 *
 * @param known the test for the types of tools whose use of objects at the provider is known
 * @param callers the types of tools that the caller runs, so that their parameters are the caller's
 *     own data
 * @param makers the test for the types for which the provider always creates an object
 * @param usualMakers the test for the types for which the provider creates an object unless the
 *     tool says that it needs none
 * @param imageMakers the test for the types of tools that make images, which some providers store
 */
public record ToolTypes(
    Predicate<String> known,
    Set<String> callers,
    Predicate<String> makers,
    Predicate<String> usualMakers,
    Predicate<String> imageMakers) {
  /** The length of a date, such as {@code 20250124}. */
  private static final int DATE = 8;

  /** The tool types of a format in which tools do not state their types. */
  static final ToolTypes ANY =
      new ToolTypes(type -> true, Set.of(), type -> false, type -> false, type -> false);

  /** The tool types of a format in which the caller runs all tools, and some tools have no type. */
  static final ToolTypes FUNCTIONS =
      new ToolTypes(
          "function"::equals, Set.of("function"), type -> false, type -> false, type -> false);

  /** The types of OpenRouter's tools that use nothing in the account. */
  private static final Set<String> OF_ROUTERS =
      Set.of(
          "openrouter:web_search",
          "openrouter:web_fetch",
          "openrouter:datetime",
          "openrouter:image_generation");

  public ToolTypes {
    callers = Set.copyOf(callers);
  }

  /**
   * Whether a type ends with the date of a version, such as {@code bash_20250124}. Anthropic gives
   * such names only to its tools and to its rules for long conversations.
   */
  public static boolean isVersion(CharSequence type) {
    int underscore = type.length() - DATE - 1;
    return underscore > 0
        && type.charAt(underscore) == '_'
        && type.subSequence(underscore + 1, type.length())
            .chars()
            .allMatch(digit -> digit >= '0' && digit <= '9');
  }

  public boolean isKnown(String type) {
    return RequestedObjects.isOfRouter(type) ? OF_ROUTERS.contains(type) : known.test(type);
  }

  /** Whether tools of the given type are run by the caller. */
  public boolean isCallers(String type) {
    return callers.contains(type);
  }

  /**
   * Whether tools of the given type run code that can print the files that the request names, as
   * xAI's tool does.
   */
  public static boolean printsFiles(String type) {
    return type.equals("code_execution");
  }

  /**
   * Whether the provider creates an object when it runs a tool.
   *
   * @param isExempt whether the request says that the tool needs no object
   */
  public boolean makes(String type, boolean isExempt) {
    return makers.test(type) || (!isExempt && usualMakers.test(type));
  }
}
