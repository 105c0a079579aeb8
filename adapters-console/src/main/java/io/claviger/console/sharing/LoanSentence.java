package io.claviger.console.sharing;

import io.claviger.console.limits.LimitWords;
import io.claviger.console.page.Part;
import io.claviger.domain.fairness.Weight;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Describes a loan in words. */
public final class LoanSentence {
  private static final int NAMED_MODELS = 3;
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("d MMMM uuuu", Locale.ENGLISH);

  private LoanSentence() {}

  /** Returns a sentence such as: "bob may use two models until 3 March 2027, $20 a month." */
  public static List<Part> of(Loan loan, String service, Instant now) {
    return of(
        loan.to().isGroup() ? "Each member of " + loan.to() : loan.to().toString(),
        loan.terms(),
        service,
        now);
  }

  /**
   * Returns a sentence about the terms of a loan.
   *
   * @param who the words for the users or groups who get the loan
   */
  static List<Part> of(String who, Share.Terms terms, String service, Instant now) {
    Limits limits = terms.limits();
    List<Part> parts = new ArrayList<>();
    boolean ended = terms.expiredAt(now);
    parts.add(Part.plain(who + (ended ? " could " : " may ") + deed(terms.role()) + " " + service));
    limits.models().ifPresent(models -> parts.addAll(named(" with ", models)));
    StringBuilder sentence = new StringBuilder();
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
    passedOn(terms).forEach(phrase -> sentence.append("; ").append(phrase));
    parts.add(Part.plain(sentence.toString()));
    parts.addAll(together(terms.pooledLimits()));
    parts.add(Part.plain(ended ? "; the share has ended." : "."));
    return parts.stream().filter(part -> !part.text().isEmpty()).toList();
  }

  /** Returns a phrase for each way in which holders of the terms may pass their use on. */
  public static List<String> passedOn(Share.Terms terms) {
    List<String> phrases = new ArrayList<>();
    if (terms.mayReshare()) {
      phrases.add("members of their projects may use it too");
    }
    if (terms.toEverybody()) {
      phrases.add("their projects may be open to everybody");
    }
    return phrases;
  }

  private static List<Part> together(Limits pooled) {
    List<String> others = LimitWords.of(pooled.withoutModels());
    List<Part> parts = new ArrayList<>();
    if (!others.isEmpty() || pooled.models().isPresent()) {
      parts.add(Part.plain("; all members together " + String.join(" and ", others)));
    }
    pooled
        .models()
        .ifPresent(
            models -> parts.addAll(named(others.isEmpty() ? "only " : " and only ", models)));
    return parts;
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

  /**
   * Returns the names of a few models, or the number of many. The names are isolated from the words
   * around them, because the user who asked for the loan might have chosen them.
   */
  private static List<Part> named(String before, Set<ModelPattern> models) {
    if (models.size() > NAMED_MODELS) {
      return List.of(Part.plain(before + models.size() + " models"));
    }
    List<Part> parts = new ArrayList<>(List.of(Part.plain(before)));
    parts.addAll(Part.listed(models.stream().map(ModelPattern::value).sorted().toList()));
    return parts;
  }

  private static String lastDay(Instant end) {
    return DAY.format(Loan.lastDay(end)) + " (UTC)";
  }
}
