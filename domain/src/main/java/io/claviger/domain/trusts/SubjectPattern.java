package io.claviger.domain.trusts;

import io.claviger.domain.Characters;
import io.claviger.domain.InvalidValue;

/**
 * The subjects that a trust accepts: one subject, or all subjects with the prefix before a {@code
 * *}. The {@code *} is the last character of the pattern, and follows a {@code :} or {@code /}. So
 * the {@code *} can't complete a name: {@code repo:acme/*} does not accept {@code
 * repo:acme-evil/app}. The {@code *} stands for one or more characters of any kind. The pattern has
 * 1 to 1,000 printable characters.
 */
public record SubjectPattern(String value) {
  private static final int LONGEST = 1_000;

  public SubjectPattern {
    if (value.isBlank()
        || !Characters.isAtMost(LONGEST, value)
        || value.chars().anyMatch(c -> isUnprintable(c))) {
      throw invalid();
    }
    int star = value.indexOf('*');
    if (star >= 0
        && (star != value.length() - 1 || star == 0 || !endsPart(value.charAt(star - 1)))) {
      throw invalid();
    }
  }

  /**
   * Whether a trust with this pattern accepts a subject. Upper and lower case are distinguished.
   */
  public boolean accepts(String subject) {
    if (!value.endsWith("*")) {
      return subject.equals(value);
    }
    String beginning = value.substring(0, value.length() - 1);
    return subject.length() > beginning.length() && subject.startsWith(beginning);
  }

  /**
   * Whether the pattern determines an owner: it has no {@code *}, or at least two parts before the
   * {@code *}, as in {@code repo:acme/}. A single part, as in {@code repo:}, names only a kind of
   * subject. Anybody can get a subject of that kind from a public issuer.
   */
  public boolean namesOwner() {
    if (!value.endsWith("*")) {
      return true;
    }
    int parts = 0;
    int length = 0;
    for (int i = 0; i < value.length() - 1; i++) {
      if (endsPart(value.charAt(i))) {
        parts += length > 0 ? 1 : 0;
        length = 0;
      } else {
        length++;
      }
    }
    return parts >= 2;
  }

  private static boolean endsPart(char before) {
    return before == ':' || before == '/';
  }

  private static boolean isUnprintable(int c) {
    return Character.isISOControl(c) || Character.getType(c) == Character.FORMAT;
  }

  private static InvalidValue invalid() {
    return new InvalidValue(
        "subject", "1 to 1,000 characters; * only at the end, and after : or /");
  }
}
