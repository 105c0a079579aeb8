package io.claviger.domain.standards;

import io.claviger.domain.InvalidValue;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The name of a request header that is forwarded to the provider, in lower case. A name with a
 * final {@code *} is a prefix: it matches all headers that begin like this name.
 *
 * <p>Headers that carry credentials or control the connection can't be listed, and no prefix covers
 * them. The gateway sets these headers itself, so that the provider never gets the caller's access
 * token. Two kinds of headers have to be listed by their full names, because no prefix covers them.
 * Headers of the first kind choose a part of the provider's account, such as a project. Headers of
 * the second kind replace the request's method or path.
 */
public record RequestHeader(String value) {
  private static final Pattern SHAPE = Pattern.compile("[a-z0-9!#$%&'+.^_`|~-]{1,100}\\*?");
  private static final Set<String> ACCESS_TOKEN = Set.of("x-api-key", "api-key", "x-goog-api-key");

  /** Prefixes of words that denote sessions. Any word in a header's name can have such a prefix. */
  private static final String[] OF_SESSIONS = {
    "session", "conv", "thread", "affinity", "cache-key"
  };

  private static final String[] OF_CALLS = {"idempoten"};

  /**
   * Words that denote a part of a provider's account. A header whose name has such a word decides
   * who pays for a call, or whose limits the call uses.
   */
  private static final Set<String> OF_ACCOUNTS =
      Set.of(
          "account",
          "billing",
          "org",
          "organisation",
          "organization",
          "profile",
          "project",
          "subscription",
          "team",
          "tenant",
          "workspace");

  /**
   * Headers with which some servers replace the method or the path of a request. The gateway does
   * not check the methods and paths in these headers.
   */
  private static final Set<String> OF_REQUEST_LINE =
      Set.of(
          "x-http-method",
          "x-http-method-override",
          "x-method-override",
          "x-original-url",
          "x-rewrite-url");

  public RequestHeader {
    String bare = value.endsWith("*") ? value.substring(0, value.length() - 1) : value;
    if (!SHAPE.matcher(value).matches() || !mayPass(bare)) {
      throw new InvalidValue(
          "request_headers",
          "header names in lower case, but no headers that HTTP or the gateway controls or that"
              + " contain the access token");
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
            && !needsFullName(lower)
        : lower.equals(value);
  }

  /** Whether this name covers all headers that the other name covers. */
  boolean covers(RequestHeader other) {
    boolean prefixes = value.endsWith("*") && other.value.endsWith("*");
    return prefixes
        ? other.value.startsWith(value.substring(0, value.length() - 1))
        : matches(other.value);
  }

  /**
   * Whether only the full name of a header matches the header, and no prefix does, because the
   * header decides who pays for a call or what a call does.
   *
   * @param name the name, in upper or lower case
   */
  public static boolean needsFullName(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return choosesAccount(lower) || OF_REQUEST_LINE.contains(lower.replace('_', '-'));
  }

  /**
   * Whether a header chooses a part of the provider's account, such as a project or an
   * organization, according to the words of its name.
   */
  private static boolean choosesAccount(String lower) {
    int from = 0;
    for (int i = 0; i < lower.length(); i++) {
      char at = lower.charAt(i);
      if (partsWords(at)) {
        if (OF_ACCOUNTS.contains(lower.substring(from, i))) {
          return true;
        }
        from = i + 1;
      }
    }
    return OF_ACCOUNTS.contains(lower.substring(from));
  }

  /**
   * Whether a header contains an identifier, chosen by the caller, of a session, a conversation, a
   * cache or a call. Some servers keep data under this identifier between calls, so two callers
   * must not send the same identifier.
   *
   * @param name the name, in upper or lower case
   */
  public static boolean hasChosenName(CharSequence name) {
    return hasWord(name, OF_SESSIONS) || namesCall(name);
  }

  /**
   * Whether a header contains the caller's identifier of a call. Some servers answer a later call
   * with the same identifier by repeating the answer to the first one.
   *
   * @param name the name, in upper or lower case
   */
  public static boolean namesCall(CharSequence name) {
    return hasWord(name, OF_CALLS);
  }

  /** Whether a word of the name begins with one of the prefixes. */
  private static boolean hasWord(CharSequence name, String[] prefixes) {
    boolean begins = true;
    for (int i = 0; i < name.length(); i++) {
      char at = name.charAt(i);
      if (begins && hasWord(name, i, prefixes)) {
        return true;
      }
      begins = partsWords(at);
    }
    return false;
  }

  private static boolean partsWords(char at) {
    return at == '-' || at == '_' || at == '.';
  }

  private static boolean hasWord(CharSequence name, int from, String[] prefixes) {
    for (String word : prefixes) {
      if (begins(name, from, word)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether the given lower-case word begins at this position. Hyphens, underscores and dots count
   * as the same character.
   */
  private static boolean begins(CharSequence name, int from, String word) {
    if (name.length() - from < word.length()) {
      return false;
    }
    for (int i = 0; i < word.length(); i++) {
      char at = name.charAt(from + i);
      char same = at == '_' || at == '.' ? '-' : at >= 'A' && at <= 'Z' ? (char) (at | 0x20) : at;
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
