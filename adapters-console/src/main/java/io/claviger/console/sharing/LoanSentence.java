package io.claviger.console.sharing;

import io.claviger.console.limits.LimitWords;
import io.claviger.domain.fairness.Weight;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Describes a loan in words. */
public final class LoanSentence {
  private static final int NAMED_MODELS = 3;
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("d MMMM uuuu", Locale.ENGLISH);

  private LoanSentence() {}

  /** Returns a sentence such as: "bob may use two models until 3 March 2027, $20 a month." */
  public static String of(Loan loan, String service) {
    return of(
        loan.to().isGroup() ? "Each member of " + loan.to() : loan.to().toString(),
        loan.terms(),
        service);
  }

  /**
   * Returns a sentence about the terms of a loan.
   *
   * @param who the words for the users or groups who get the loan
   */
  static String of(String who, Share.Terms terms, String service) {
    Limits limits = terms.limits();
    StringBuilder sentence = new StringBuilder(who);
    sentence.append(" may ").append(deed(terms.role())).append(' ').append(service);
    limits.models().ifPresent(models -> sentence.append(" with ").append(named(models)));
    terms.expiresAt().ifPresent(end -> sentence.append(" until ").append(lastDay(end)));
    List<String> bounds = LimitWords.of(limits.withoutModels());
    List<String> amounts = bounds.stream().filter(LoanSentence::isAmount).toList();
    if (!amounts.isEmpty()) {
      sentence.append(", at most ").append(String.join(" and ", amounts));
    }
    bounds.stream().filter(bound -> !isAmount(bound)).forEach(b -> sentence.append(", ").append(b));
    int weight = terms.weight().value();
    if (weight != Weight.USUAL.value()) {
      sentence.append(", with a weight of ").append(weight).append(" among those who want it");
    }
    List<String> together = LimitWords.of(terms.pooledLimits());
    if (!together.isEmpty()) {
      sentence.append("; all members together ").append(String.join(" and ", together));
    }
    return sentence.append('.').toString();
  }

  /**
   * Whether a phrase begins with an amount. For example, "20 requests a minute" begins with an
   * amount, and "nothing stored" does not.
   */
  private static boolean isAmount(String phrase) {
    return !Character.isLetter(phrase.charAt(0));
  }

  private static String deed(Role role) {
    return switch (role) {
      case READER -> "call";
      case WRITER -> "call, describe and switch on and off";
      case OWNER -> "call, change and lend";
    };
  }

  private static String named(Set<ModelPattern> models) {
    return models.size() <= NAMED_MODELS
        ? models.stream().map(ModelPattern::value).sorted().collect(Collectors.joining(", "))
        : models.size() + " models";
  }

  private static String lastDay(Instant end) {
    return DAY.format(Loan.lastDay(end)) + " (UTC)";
  }
}
