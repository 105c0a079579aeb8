package io.claviger.web.server;

import io.claviger.application.shared.Precondition;
import io.claviger.web.problems.Problem;
import io.claviger.web.problems.ProblemException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Parses conditional requests (RFC 9110, 13.1): {@code If-Match} with a list of entity tags or an
 * asterisk, and {@code If-None-Match: *}. Weak tags match nothing. Tags that are not versions match
 * nothing either.
 */
final class Conditions {
  private static final int LONGEST_VERSION = 18;

  private Conditions() {}

  static String entityTag(long version) {
    return "\"" + version + "\"";
  }

  /**
   * Returns the precondition of a request.
   *
   * @param ifMatch the values of the request's {@code If-Match} headers
   * @param ifNoneMatch the values of the request's {@code If-None-Match} headers
   * @param bodyVersion the version in the body, which acts like a tag in {@code If-Match}; empty if
   *     there is none
   */
  static Precondition of(
      List<String> ifMatch, List<String> ifNoneMatch, Optional<Long> bodyVersion) {
    String demanded = String.join(",", ifMatch);
    boolean anyVersion = demanded.strip().equals("*");
    Optional<Set<Long>> versions =
        ifMatch.isEmpty() || anyVersion ? Optional.empty() : Optional.of(versions(demanded));
    if (bodyVersion.isPresent()) {
      Set<Long> only = Set.of(bodyVersion.get());
      versions =
          versions.isEmpty() || versions.get().contains(bodyVersion.get())
              ? Optional.of(only)
              : Optional.of(Set.of());
    }
    return new Precondition(versions, anyVersion, mustNotExist(ifNoneMatch));
  }

  private static boolean mustNotExist(List<String> ifNoneMatch) {
    if (ifNoneMatch.isEmpty()) {
      return false;
    }
    if (String.join(",", ifNoneMatch).strip().equals("*")) {
      return true;
    }
    throw malformed("If-None-Match can only be *.");
  }

  private static Set<Long> versions(String list) {
    Set<Long> versions = new HashSet<>();
    int at = afterBlanks(list, 0);
    do {
      boolean weak = list.startsWith("W/", at);
      int open = weak ? at + 2 : at;
      int close = endOfTag(list, open);
      String tag = list.substring(open + 1, close);
      if (!weak && isVersion(tag)) {
        versions.add(Long.valueOf(tag));
      }
      at = afterBlanks(list, close + 1);
      if (at == list.length()) {
        return versions;
      }
      if (list.charAt(at) != ',') {
        throw malformedList();
      }
      at = afterBlanks(list, at + 1);
      // A comma at the end of a list is allowed (RFC 9110, 5.6.1.2).
    } while (at < list.length());
    return versions;
  }

  private static int afterBlanks(String list, int from) {
    int at = from;
    while (at < list.length() && (list.charAt(at) == ' ' || list.charAt(at) == '\t')) {
      at++;
    }
    return at;
  }

  /**
   * Finds the end of an entity tag in a list.
   *
   * @param open the index at which the tag's opening quotation mark is expected
   * @return the index of the closing quotation mark
   */
  private static int endOfTag(String list, int open) {
    if (open >= list.length() || list.charAt(open) != '"') {
      throw malformedList();
    }
    for (int i = open + 1; i < list.length(); i++) {
      char c = list.charAt(i);
      if (c == '"') {
        return i;
      }
      if (c <= ' ' || c == 0x7f || c > 0xff) {
        throw malformedList();
      }
    }
    throw malformedList();
  }

  private static boolean isVersion(String tag) {
    return !tag.isEmpty()
        && tag.length() <= LONGEST_VERSION
        && tag.charAt(0) != '0'
        && tag.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static ProblemException malformedList() {
    return malformed("If-Match is * or a list of entity tags, such as \"3\".");
  }

  private static ProblemException malformed(String detail) {
    return new ProblemException(new Problem(400, "malformed_condition", detail));
  }
}
