package io.claviger.web.server;

import io.claviger.application.shared.Precondition;
import io.claviger.web.problems.Problem;
import io.claviger.web.problems.ProblemException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Conditional requests (RFC 9110, 13.1): {@code If-Match} with a list of entity tags or an
 * asterisk, and {@code If-None-Match: *}. Weak tags match nothing, tags that are not versions
 * neither.
 */
final class Conditions {
  private static final Pattern TAG =
      Pattern.compile("\\s*(?<weak>W/)?\"(?<tag>[\\x21\\x23-\\x7E\\x80-\\xFF]*)\"\\s*(?:,|$)");
  private static final Pattern VERSION = Pattern.compile("[1-9]\\d{0,17}");

  private Conditions() {}

  static String entityTag(long version) {
    return "\"" + version + "\"";
  }

  /**
   * @param ifMatch the values of the header
   * @param bodyVersion a version in the body, which acts like If-Match
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
    throw malformed("If-None-Match is understood as * only.");
  }

  private static Set<Long> versions(String list) {
    Set<Long> versions = new HashSet<>();
    Matcher tags = TAG.matcher(list);
    int end = 0;
    while (end < list.length() && tags.find(end) && tags.start() == end) {
      if (tags.group("weak") == null && VERSION.matcher(tags.group("tag")).matches()) {
        versions.add(Long.valueOf(tags.group("tag")));
      }
      end = tags.end();
    }
    if (end < list.length() || list.isBlank()) {
      throw malformed("If-Match is * or a list of entity tags, such as \"3\".");
    }
    return versions;
  }

  private static ProblemException malformed(String detail) {
    return new ProblemException(new Problem(400, "malformed_condition", detail));
  }
}
