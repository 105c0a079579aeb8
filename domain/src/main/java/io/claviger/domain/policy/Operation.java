package io.claviger.domain.policy;

import io.claviger.domain.InvalidValue;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One operation of a provider's API, written as {@code METHOD path} with the path below the
 * endpoint: {@code POST chat/completions}.
 *
 * <p>In the path, {@code {name}} stands for one whole segment, which ends at a slash or colon. Two
 * asterisks and a slash at the beginning stand for any number of segments, so that one operation
 * covers every version of an API.
 */
public record Operation(String value) implements Comparable<Operation> {
  // A placeholder is always a whole segment. With two side by side, matching could take exponential
  // time.
  private static final Pattern SHAPE =
      Pattern.compile(
          "(GET|POST|PUT|PATCH|DELETE) (\\*\\*/)?(?:[A-Za-z0-9._~-]+|\\{[a-z]+\\})(?:[/:](?:[A-Za-z0-9._~-]+|\\{[a-z]+\\}))*");
  private static final String ANY_DEPTH = "**/";

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

  /** The pattern of the path, beginning with its first whole segment. */
  public String pathAnywhere() {
    return path().startsWith(ANY_DEPTH) ? path().substring(ANY_DEPTH.length()) : path();
  }

  /**
   * Whether a request calls this operation.
   *
   * @param requestPath the path relative to the endpoint, without a leading slash and a query; the
   *     gateway has already refused dot segments and encoded slashes
   */
  public boolean matches(String requestMethod, String requestPath) {
    int blank = value.indexOf(' ');
    if (requestMethod.length() != blank || !value.startsWith(requestMethod)) {
      return false;
    }
    int pattern = blank + 1;
    boolean anyDepth = value.startsWith(ANY_DEPTH, pattern);
    return anyDepth
        ? matchesBelow(pattern + ANY_DEPTH.length(), requestPath)
        : matchesFrom(pattern, requestPath, 0);
  }

  /** The operations of two sets that the other set allows too. */
  static Set<Operation> common(Set<Operation> some, Set<Operation> others) {
    return Stream.concat(
            some.stream().filter(each -> each.isCoveredBy(others)),
            others.stream().filter(each -> each.isCoveredBy(some)))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Whether each request that calls this operation also calls one of the others. */
  private boolean isCoveredBy(Set<Operation> others) {
    return others.contains(this)
        || (!path().startsWith(ANY_DEPTH)
            && others.stream().anyMatch(other -> other.matches(method(), path())));
  }

  /**
   * Matches with any number of non-empty segments before the pattern. The pattern has a fixed
   * number of segments, and no segment contains a slash or colon. Therefore only one starting
   * position is possible.
   */
  private boolean matchesBelow(int pattern, String path) {
    int separators = 0;
    for (int at = pattern; at < value.length(); at++) {
      separators += isSeparator(value.charAt(at)) ? 1 : 0;
    }
    int begin = path.length();
    while (begin > 0 && (!isSeparator(path.charAt(begin - 1)) || separators-- > 0)) {
      begin--;
    }
    boolean below = begin == 0 || path.charAt(begin - 1) == '/';
    return below && hasFullSegments(path, begin) && matchesFrom(pattern, path, begin);
  }

  private static boolean hasFullSegments(String path, int end) {
    char before = '/';
    for (int at = 0; at < end; at++) {
      char each = path.charAt(at);
      if (each == ':' || (each == '/' && before == '/')) {
        return false;
      }
      before = each;
    }
    return true;
  }

  /**
   * Walks once through pattern and path. A placeholder consumes everything up to the next slash or
   * colon.
   */
  private boolean matchesFrom(int pattern, String path, int from) {
    int at = from;
    for (int p = pattern; p < value.length(); p++) {
      if (value.charAt(p) == '{') {
        int end = at;
        while (end < path.length() && !isSeparator(path.charAt(end))) {
          end++;
        }
        if (end == at) {
          return false;
        }
        at = end;
        p = value.indexOf('}', p);
      } else if (at < path.length() && path.charAt(at) == value.charAt(p)) {
        at++;
      } else {
        return false;
      }
    }
    return at == path.length();
  }

  private static boolean isSeparator(char each) {
    return each == '/' || each == ':';
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
