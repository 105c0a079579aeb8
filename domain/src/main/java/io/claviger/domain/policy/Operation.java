package io.claviger.domain.policy;

import io.claviger.domain.InvalidValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One operation of a provider's API, written as {@code METHOD path} with the path below the
 * endpoint: {@code POST chat/completions}.
 *
 * <p>In the path, {@code {name}} matches one whole segment, and a segment ends at a slash or colon.
 * If a slash follows in the pattern, the segment ends only at a slash, because model ids can
 * contain colons. The id at the end of {@code GET models/{id}} may also contain colons, regardless
 * of the path before {@code models}. {@code **}{@code /} at the beginning matches an empty text, or
 * the version of an API, such as {@code v1/}, {@code v1beta/} or {@code v2alpha1/}. {@code
 * **}{@code /} matches no other text, because paths with another beginning are not for inference.
 */
public record Operation(String value) implements Comparable<Operation> {
  // A placeholder is always a whole segment. If two placeholders stood side by side, matching
  // could take exponential time.
  private static final Pattern SHAPE =
      Pattern.compile(
          "(GET|POST|PUT|PATCH|DELETE) "
              + "(\\*\\*/)?(?:[A-Za-z0-9._~-]+|\\{[a-z]+\\})(?:[/:](?:[A-Za-z0-9._~-]+|\\{[a-z]+\\}))*");
  private static final String ANY_VERSION = "**/";

  /**
   * Matches operations that read a model. Operations whose path begins with {@code **}{@code /} are
   * excluded, because in such a path, a verb can follow the model's id.
   */
  private static final Pattern READS_MODEL =
      Pattern.compile("GET (?!\\*\\*/)(?:.*/)?models/\\{[a-z]+\\}");

  private static final List<String> STAGES = List.of("alpha", "beta");

  public Operation {
    if (value.length() > 200 || !SHAPE.matcher(value).matches()) {
      throw new InvalidValue(
          "operations", "a method and a path below the endpoint, such as POST chat/completions");
    }
  }

  public String method() {
    return value.substring(0, value.indexOf(' '));
  }

  /** The pattern of the path, without a leading slash. */
  public String path() {
    return value.substring(value.indexOf(' ') + 1);
  }

  /** The pattern of the path, without {@code **}{@code /} at its beginning. */
  public String pathAnywhere() {
    return path().startsWith(ANY_VERSION) ? path().substring(ANY_VERSION.length()) : path();
  }

  /**
   * Whether a request calls this operation.
   *
   * @param requestPath the path relative to the endpoint, without a slash at the beginning and
   *     without a query. The gateway has already refused dot segments, and encoded slashes outside
   *     of model ids
   */
  public boolean matches(String requestMethod, String requestPath) {
    int blank = value.indexOf(' ');
    return requestMethod.length() == blank
        && value.startsWith(requestMethod)
        && reads(requestPath, null);
  }

  /**
   * Returns the values of the placeholders in a path, from left to right. The value of a
   * placeholder before a slash can contain colons. Empty if the path does not match this operation.
   */
  public Optional<List<String>> placeholdersIn(String requestPath) {
    List<String> found = new ArrayList<>(2);
    return reads(requestPath, found) ? Optional.of(found) : Optional.empty();
  }

  /**
   * Returns the operations that both sets allow: those of each set that the other set also allows.
   */
  static Set<Operation> common(Set<Operation> some, Set<Operation> others) {
    return Stream.concat(
            some.stream().filter(each -> each.isCoveredBy(others)),
            others.stream().filter(each -> each.isCoveredBy(some)))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Whether every request that matches this operation also matches one of the other operations. */
  private boolean isCoveredBy(Set<Operation> others) {
    return others.contains(this)
        || (!path().startsWith(ANY_VERSION)
            && others.stream().anyMatch(other -> other.matches(method(), path())));
  }

  /**
   * @param found the list to which the values of the placeholders are added; null if these values
   *     are not needed
   */
  private boolean reads(String path, @Nullable List<String> found) {
    int pattern = value.indexOf(' ') + 1;
    if (!value.startsWith(ANY_VERSION, pattern)) {
      return matchesFrom(pattern, path, 0, found);
    }
    int below = pattern + ANY_VERSION.length();
    if (matchesFrom(below, path, 0, found)) {
      return true;
    }
    int version = lengthOfVersion(path);
    return version > 0 && matchesFrom(below, path, version, found);
  }

  /**
   * Returns the length of the version that {@code **}{@code /} matches at the beginning of a path,
   * including the slash after the version; 0 if the path begins with no version.
   */
  public static int lengthOfVersion(String path) {
    int number = path.startsWith("v") ? afterDigits(path, 1) : 1;
    if (number == 1) {
      return 0;
    }
    int stage = number;
    for (String each : STAGES) {
      stage = path.startsWith(each, number) ? number + each.length() : stage;
    }
    int end = stage == number ? number : afterDigits(path, stage);
    return end < path.length() && path.charAt(end) == '/' ? end + 1 : 0;
  }

  /** Returns the position after the one or two digits that begin at the given position. */
  private static int afterDigits(String path, int from) {
    int at = from;
    while (at < path.length() && at < from + 2 && isDigit(path.charAt(at))) {
      at++;
    }
    return at;
  }

  private static boolean isDigit(char each) {
    return each >= '0' && each <= '9';
  }

  /**
   * Compares the path with the pattern from left to right. A placeholder consumes everything up to
   * the end of its segment.
   */
  private boolean matchesFrom(int pattern, String path, int from, @Nullable List<String> found) {
    if (found != null) {
      found.clear();
    }
    int at = from;
    for (int p = pattern; p < value.length(); p++) {
      if (value.charAt(p) == '{') {
        p = value.indexOf('}', p);
        boolean toSlash =
            p + 1 == value.length()
                ? !path.startsWith(":", at) && READS_MODEL.matcher(value).matches()
                : value.charAt(p + 1) == '/';
        int end = at;
        while (end < path.length()
            && path.charAt(end) != '/'
            && (toSlash || path.charAt(end) != ':')) {
          end++;
        }
        if (end == at) {
          return false;
        }
        if (found != null) {
          found.add(path.substring(at, end));
        }
        at = end;
      } else if (at < path.length() && path.charAt(at) == value.charAt(p)) {
        at++;
      } else {
        return false;
      }
    }
    return at == path.length();
  }

  @Override
  public int compareTo(Operation other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
