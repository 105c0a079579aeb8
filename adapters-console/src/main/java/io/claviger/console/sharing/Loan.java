package io.claviger.console.sharing;

import io.claviger.console.limits.BudgetFields;
import io.claviger.console.limits.LimitFields;
import io.claviger.console.page.Days;
import io.claviger.console.page.Fields;
import io.claviger.console.page.FormState;
import io.claviger.console.page.Versions;
import io.claviger.domain.AppliedBy;
import io.claviger.domain.Field;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.fairness.Weight;
import io.claviger.domain.fields.CommonFields;
import io.claviger.domain.fields.TypedNumbers;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import io.claviger.web.json.Times;
import io.claviger.web.server.Form;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A loan: the terms on which a user or group may use a service.
 *
 * @param to the user or group who receives the loan
 */
public record Loan(GranteeName to, Share.Terms terms) {
  static final String POOLED = "pooled_";
  static final String TO = "to";

  /** The fields that identify the share: a user or group has at most one share of a service. */
  static final Set<String> NAMING = Set.of(TO);

  private static final String UNTIL = "until";

  /**
   * The field with the exact end of the share that the form changes. The visible field contains
   * only the day on which the share ends.
   */
  private static final String ENDS_AT = "ends_at";

  private static final String RESHARE = "may_reshare";
  private static final String EVERYBODY = "to_everybody";
  private static final String WEIGHT = "weight";
  private static final String APPLIED_BY = CommonFields.APPLIED_BY.name();

  public static final Set<String> FIELDS =
      Stream.of(
              Stream.of(
                  TO,
                  TO + Fields.SHOWN,
                  "role",
                  UNTIL,
                  ENDS_AT,
                  RESHARE,
                  EVERYBODY,
                  WEIGHT,
                  APPLIED_BY,
                  Versions.FIELD),
              LimitFields.names("").stream(),
              LimitFields.names(POOLED).stream())
          .flatMap(names -> names)
          .collect(Collectors.toUnmodifiableSet());

  /** The less usual fields, which are in the folded second part of the form. */
  static final List<String> RARE =
      Stream.concat(
              Stream.of(RESHARE, EVERYBODY, WEIGHT, APPLIED_BY),
              LimitFields.names("").stream()
                  .filter(name -> !name.equals("requests_per_minute") && !name.equals("models"))
                  .filter(name -> !BudgetFields.names("").toList().contains(name)))
          .toList();

  /**
   * Reads the form.
   *
   * @param now the time by which it is decided whether a share has ended
   * @throws io.claviger.web.json.InvalidInput with all faults of the form
   */
  public static Loan of(Form form, Instant now) {
    return of(new Fields(form), now);
  }

  static Loan of(Fields fields, Instant now) {
    Optional<GranteeName> to =
        fields.required(
            TO, "Give the handle of a person, or of a group with an @ before it.", GranteeName::of);
    Supplier<Share.Terms> terms = terms(fields, now);
    return fields.check(() -> new Loan(to.orElseThrow(), terms.get()));
  }

  /**
   * Reads the {@code applied_by} field: the name of the file from which the share was applied. The
   * result is absent if the form does not contain this field.
   */
  static Field<AppliedBy> appliedBy(Fields fields) {
    return fields.write(APPLIED_BY, text -> CommonFields.APPLIED_BY.form().typed(text));
  }

  /** Reads only the terms of a loan. The form need not name a receiver. */
  static Share.Terms termsOf(Fields fields, Instant now) {
    return fields.check(terms(fields, now));
  }

  /** Reads the terms. Call the returned supplier only if no field has a fault. */
  private static Supplier<Share.Terms> terms(Fields fields, Instant now) {
    Optional<Role> role = fields.optional("role", Role::of);
    Optional<Instant> until = fields.optional(UNTIL, day -> Days.end(UNTIL, day));
    Optional<Instant> before = fields.optional(ENDS_AT, Loan::instant);
    boolean mayReshare = fields.optional(RESHARE, "yes"::equals).orElse(false);
    boolean toEverybody = fields.optional(EVERYBODY, "yes"::equals).orElse(false);
    Optional<Weight> weight =
        fields.optional(WEIGHT, text -> TypedNumbers.whole(text, Weight::new));
    if (until.isPresent() && isOver(until.get(), before, now)) {
      fields.fault(UNTIL, "a day that has not passed");
    }
    Limits limits = LimitFields.read(fields, "");
    Limits pooled = LimitFields.read(fields, POOLED);
    return () ->
        new Share.Terms(
            role.orElse(Role.READER),
            mayReshare,
            until.map(end -> before.filter(exact -> isOnLastDay(exact, end)).orElse(end)),
            limits,
            pooled,
            weight.orElse(Weight.USUAL),
            toEverybody);
  }

  static Loan of(Share share) {
    return new Loan(share.grantee().name(), share.terms());
  }

  /** Returns the values of the form's fields for an existing share. */
  static Map<String, String> shown(Share share) {
    Map<String, String> values = shown(share.grantee().name(), share.terms());
    values.put(APPLIED_BY, share.appliedBy().map(AppliedBy::value).orElse(""));
    values.put(TO + Fields.SHOWN, share.grantee().name().toString());
    values.put(Versions.FIELD, Long.toString(share.version()));
    return values;
  }

  /** Returns the values of the form's fields for proposed terms. */
  public static Map<String, String> shown(GranteeName to, Share.Terms terms) {
    Map<String, String> values = new TreeMap<>();
    values.put(TO, to.toString());
    values.put("role", terms.role().wireName());
    values.put(RESHARE, terms.mayReshare() ? "yes" : "no");
    values.put(EVERYBODY, terms.toEverybody() ? "yes" : "no");
    values.put(WEIGHT, Integer.toString(terms.weight().value()));
    values.put(UNTIL, terms.expiresAt().map(Loan::lastDay).map(LocalDate::toString).orElse(""));
    values.put(ENDS_AT, terms.expiresAt().map(Instant::toString).orElse(""));
    values.putAll(LimitFields.shown(terms.limits(), ""));
    values.putAll(LimitFields.shown(terms.pooledLimits(), POOLED));
    return values;
  }

  /** The form's fields that are compared with the stored share. */
  static List<String> compared(FormState sent, Map<String, String> stored) {
    return FIELDS.stream()
        .filter(field -> !List.of(Versions.FIELD, ENDS_AT, TO).contains(field))
        .filter(field -> !field.endsWith(Fields.SHOWN))
        .filter(field -> !BudgetFields.isOfNone(field, sent, stored))
        .filter(field -> !field.equals(WEIGHT) || !isUsualWeight(sent, stored))
        .filter(field -> !isChecked(field) || sent.chose(field, "yes") != checked(field, stored))
        .sorted()
        .toList();
  }

  /** Whether the share has the usual weight, and the form's field for the weight is empty. */
  private static boolean isUsualWeight(FormState sent, Map<String, String> stored) {
    return sent.value(WEIGHT).isEmpty()
        && Integer.toString(Weight.USUAL.value()).equals(stored.get(WEIGHT));
  }

  private static boolean isChecked(String field) {
    return field.equals(RESHARE) || field.equals(EVERYBODY);
  }

  private static boolean checked(String field, Map<String, String> stored) {
    return "yes".equals(stored.get(field));
  }

  /** Returns the last day (UTC) on which a share with this end is valid. */
  static LocalDate lastDay(Instant end) {
    return LocalDate.ofInstant(end.minusNanos(1), ZoneOffset.UTC);
  }

  /**
   * Whether the loan's last day is over already. The result is false if the form was opened for a
   * loan with the same last day.
   */
  private static boolean isOver(Instant end, Optional<Instant> before, Instant now) {
    return !end.isAfter(now) && before.filter(exact -> isOnLastDay(exact, end)).isEmpty();
  }

  private static boolean isOnLastDay(Instant exact, Instant end) {
    return lastDay(exact).equals(lastDay(end));
  }

  private static Instant instant(String text) {
    try {
      return Times.parse(ENDS_AT, text);
    } catch (InvalidValue e) {
      throw new InvalidValue(ENDS_AT, "as the page had it; open the page again");
    }
  }
}
