package io.claviger.domain.standards;

import io.claviger.domain.InvalidValue;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The name of a request header that is forwarded to the provider, in lower case. A name that ends
 * in {@code *} matches all headers whose names begin with the text before it.
 *
 * <p>Headers that carry credentials or control the connection can't be listed, and a prefix never
 * covers them. The gateway sets these headers itself; if the caller's headers were forwarded, the
 * provider could get an access token. Headers that choose a workspace or an organization of the
 * provider's account have to be listed by their full names, because a prefix does not cover them.
 */
public record RequestHeader(String value) {
  private static final Pattern SHAPE = Pattern.compile("[a-z0-9!#$%&'+.^_`|~-]{1,100}\\*?");
  private static final Set<String> ACCESS_TOKEN = Set.of("x-api-key", "api-key", "x-goog-api-key");

  /**
   * The beginnings of words for sessions. In a header's name, the beginning of any word may be one
   * of these.
   */
  private static final String[] OF_SESSIONS = {
    "session", "conv", "thread", "affinity", "cache-key"
  };

  public RequestHeader {
    String bare = value.endsWith("*") ? value.substring(0, value.length() - 1) : value;
    if (!SHAPE.matcher(value).matches() || !mayPass(bare)) {
      throw new InvalidValue(
          "request_headers",
          "header names in lower case, none that HTTP or the gateway itself governs or that carries the access token");
    }
  }

  /**
   * @param name the name, in upper or lower case
   */
  public boolean matches(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return value.endsWith("*")
        ? lower.startsWith(value.substring(0, value.length() - 1))
            && mayPass(lower)
            && !choosesAccount(lower)
        : lower.equals(value);
  }

  /** Whether this name covers every header that {@code other} covers. */
  boolean covers(RequestHeader other) {
    boolean prefixes = value.endsWith("*") && other.value.endsWith("*");
    return prefixes
        ? other.value.startsWith(value.substring(0, value.length() - 1))
        : matches(other.value);
  }

  /**
   * Whether a header chooses a part of the provider's account, or something stored in the account.
   *
   * @param name the name, in upper or lower case
   */
  public static boolean choosesAccount(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.startsWith("anthropic-workspace-")
        || lower.startsWith("anthropic-organization-")
        || lower.startsWith("anthropic-user-profile-");
  }

  /**
   * Whether a header names a session, a conversation or a cache by a value that the caller chooses.
   * Some servers use this value to find data that they keep between calls, so two callers must not
   * send the same value.
   *
   * @param name the name, in upper or lower case
   */
  public static boolean namesSession(CharSequence name) {
    boolean begins = true;
    for (int i = 0; i < name.length(); i++) {
      char at = name.charAt(i);
      if (begins && namesSession(name, i)) {
        return true;
      }
      begins = at == '-' || at == '_';
    }
    return false;
  }

  private static boolean namesSession(CharSequence name, int from) {
    for (String word : OF_SESSIONS) {
      if (begins(name, from, word)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether a word, given in lower case, begins at this position. Hyphens and underscores are not
   * distinguished.
   */
  private static boolean begins(CharSequence name, int from, String word) {
    if (name.length() - from < word.length()) {
      return false;
    }
    for (int i = 0; i < word.length(); i++) {
      char at = name.charAt(from + i);
      char same = at == '_' ? '-' : at >= 'A' && at <= 'Z' ? (char) (at | 0x20) : at;
      if (same != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static boolean mayPass(String lower) {
    boolean content = lower.equals("content-type") || lower.equals("content-length");
    return content || !(GovernedHeaders.governs(lower) || ACCESS_TOKEN.contains(lower));
  }
}
