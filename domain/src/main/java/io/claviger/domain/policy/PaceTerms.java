package io.claviger.domain.policy;

import io.claviger.domain.Field;
import io.claviger.domain.InvalidValue;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BinaryOperator;

/**
 * The limits on the pace of calls: tokens in any 60 seconds, and concurrent calls.
 *
 * @param each the limits, keyed by kind; a kind without a limit is absent
 */
public record PaceTerms(Map<PaceKind, Integer> each) {
  public static final PaceTerms NONE = new PaceTerms(Map.of());

  public PaceTerms {
    each.forEach(PaceTerms::check);
    each = each.isEmpty() ? Map.of() : Collections.unmodifiableMap(new EnumMap<>(each));
  }

  private static void check(PaceKind kind, int limit) {
    if (limit < 1 || limit > kind.most()) {
      throw new InvalidValue(
          "limits/" + kind.wireName(),
          String.format(Locale.ROOT, "1 to %,d, or null for no limit", kind.most()));
    }
  }

  /**
   * A write of these limits.
   *
   * @param each the written values, keyed by kind; absent kinds keep their values
   */
  public record Write(Map<PaceKind, Field<Integer>> each) {
    public static final Write ABSENT = new Write(Map.of());

    public Write {
      each = each.isEmpty() ? Map.of() : Collections.unmodifiableMap(new EnumMap<>(each));
    }

    /** A write that replaces all limits. */
    public static Write of(PaceTerms terms) {
      Map<PaceKind, Field<Integer>> all = new EnumMap<>(PaceKind.class);
      for (PaceKind kind : PaceKind.values()) {
        Field<Integer> field = Field.ofNullable(terms.of(kind));
        all.put(kind, field);
      }
      return new Write(all);
    }

    public PaceTerms over(PaceTerms base) {
      if (each.isEmpty()) {
        return base;
      }
      Map<PaceKind, Integer> result = new EnumMap<>(PaceKind.class);
      for (PaceKind kind : PaceKind.values()) {
        each.getOrDefault(kind, Field.absent())
            .or(base.of(kind))
            .ifPresent(limit -> result.put(kind, limit));
      }
      return new PaceTerms(result);
    }
  }

  public static PaceTerms of(PaceKind kind, int limit) {
    return new PaceTerms(Map.of(kind, limit));
  }

  /** Returns the limit of a kind; empty if there is no limit of this kind. */
  public Optional<Integer> of(PaceKind kind) {
    return Optional.ofNullable(each.get(kind));
  }

  public boolean isNone() {
    return each.isEmpty();
  }

  /**
   * Returns these limits, completed by the other limits: a kind of limit that is not set here is
   * taken from {@code others}.
   */
  public PaceTerms orElse(PaceTerms others) {
    return merged(others, (mine, theirs) -> mine);
  }

  /** Returns the lower of the two limits for each kind. */
  PaceTerms and(PaceTerms others) {
    return merged(others, Math::min);
  }

  private PaceTerms merged(PaceTerms others, BinaryOperator<Integer> ofBoth) {
    if (others.isNone() || isNone()) {
      return isNone() ? others : this;
    }
    Map<PaceKind, Integer> all = new EnumMap<>(each);
    others.each.forEach((kind, limit) -> all.merge(kind, limit, ofBoth));
    return new PaceTerms(all);
  }

  /** Whether these limits allow at most as much as the other limits. */
  public boolean fitWithin(PaceTerms others) {
    return others.each.entrySet().stream()
        .allMatch(theirs -> of(theirs.getKey()).filter(m -> m <= theirs.getValue()).isPresent());
  }

  /** Returns the limits as texts, keyed by the names of the limits in the API. */
  public Map<String, String> texts() {
    Map<String, String> texts = new LinkedHashMap<>();
    each.forEach((kind, limit) -> texts.put(kind.wireName(), limit.toString()));
    return texts;
  }
}
