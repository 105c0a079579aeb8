package io.claviger.domain.policy;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.ModelName;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The models that a limit allows. A pattern is a model's name, or a text with an asterisk at its
 * end. The asterisk stands for any further text. An asterisk elsewhere has no special meaning.
 */
public record ModelPattern(String value) {
  private static final String ANY = "*";

  public ModelPattern {
    // A pattern is stored where a model's name could be stored, so the same bounds apply to both.
    ModelName unused = new ModelName(value);
  }

  /**
   * Parses a pattern that somebody has written.
   *
   * @throws InvalidValue when an asterisk is not at the end, because the pattern would match
   *     nothing
   */
  public static ModelPattern written(String text) {
    int asterisk = text.indexOf(ANY);
    if (asterisk >= 0 && asterisk < text.length() - 1) {
      throw new InvalidValue("limits/models", "an asterisk only at the end of a name");
    }
    return new ModelPattern(text);
  }

  public boolean matches(String model) {
    return isOpen()
        ? model.regionMatches(0, value, 0, value.length() - ANY.length())
        : model.equals(value);
  }

  public static boolean anyMatches(Set<ModelPattern> patterns, String model) {
    for (ModelPattern each : patterns) {
      if (each.matches(model)) {
        return true;
      }
    }
    return false;
  }

  /** Whether the wider patterns allow every model that the narrower patterns allow. */
  public static boolean cover(Set<ModelPattern> wider, Set<ModelPattern> narrower) {
    return narrower.stream().allMatch(each -> each.isCoveredBy(wider));
  }

  /** Returns patterns for exactly the models that both sets allow. */
  static Set<ModelPattern> common(Set<ModelPattern> some, Set<ModelPattern> others) {
    return Stream.concat(
            some.stream().filter(each -> each.isCoveredBy(others)),
            others.stream().filter(each -> each.isCoveredBy(some)))
        .collect(Collectors.toUnmodifiableSet());
  }

  private boolean isCoveredBy(Set<ModelPattern> others) {
    return others.stream().anyMatch(this::isCoveredBy);
  }

  private boolean isCoveredBy(ModelPattern other) {
    return equals(other)
        || (other.isOpen() && (isOpen() ? prefix() : value).startsWith(other.prefix()));
  }

  /** Whether the pattern allows more than one model. */
  public boolean isOpen() {
    return value.endsWith(ANY);
  }

  private String prefix() {
    return value.substring(0, value.length() - ANY.length());
  }
}
