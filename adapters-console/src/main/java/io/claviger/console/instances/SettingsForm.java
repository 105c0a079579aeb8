package io.claviger.console.instances;

import io.claviger.application.instances.InstanceWrite;
import io.claviger.console.limits.BudgetFields;
import io.claviger.console.limits.LimitFields;
import io.claviger.console.page.FieldInputs;
import io.claviger.console.page.Fields;
import io.claviger.console.page.FormState;
import io.claviger.console.page.Versions;
import io.claviger.domain.Field;
import io.claviger.domain.budgets.Budgets;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.fairness.PaceLimit;
import io.claviger.domain.fairness.PaceLimits;
import io.claviger.domain.fairness.ProviderLimits;
import io.claviger.domain.fairness.ProviderLimitsWrite;
import io.claviger.domain.fields.FieldValues;
import io.claviger.domain.fields.FieldWrites;
import io.claviger.domain.fields.ScalarField;
import io.claviger.domain.fields.TypedNumbers;
import io.claviger.domain.instances.HeaderName;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.InstanceField;
import io.claviger.domain.instances.InstanceSettings;
import io.claviger.domain.instances.SettingsWrite;
import io.claviger.domain.keys.CustomHeader;
import io.claviger.domain.keys.CustomHeaders;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.policy.KeyPolicy;
import io.claviger.domain.policy.KeyPolicyWrite;
import io.claviger.domain.policy.LimitsInAll;
import io.claviger.domain.policy.LimitsWrite;
import io.claviger.domain.sharing.Action;
import io.claviger.web.json.InvalidInput;
import io.claviger.web.server.Form;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Reads and shows the settings of a service in a form. A write changes only those fields that are
 * in the form. So the same form suits viewers who may change everything and viewers who may change
 * only the description.
 */
final class SettingsForm {
  private static final String DEFINITION = "definition";
  private static final String DEFINITION_SHOWN = DEFINITION + Fields.SHOWN;
  private static final String HEADER_NAME = "header_name";
  private static final String HEADER_VALUE = "header_value";
  private static final String CLEAR_HEADERS = "clear_headers";
  private static final String POLICY_SHOWN = "key_policy_shown";
  private static final String LIMITS_SHOWN = "limits_shown";
  private static final String IN_ALL_SHOWN = "in_all_shown";
  private static final String PROVIDER_SHOWN = "provider_limits_shown";
  private static final List<String> MARKS =
      List.of(POLICY_SHOWN, LIMITS_SHOWN, IN_ALL_SHOWN, DEFINITION_SHOWN, PROVIDER_SHOWN);

  static final int MOST_HEADERS = 32;

  /** The prefix of the names of the fields for the provider's limits. */
  static final String PROVIDER = "provider_";

  private static final String PROVIDER_CALLS = PROVIDER + "concurrent_calls";

  /** The scalar fields in the section about the provider's limits. */
  private static final Set<InstanceField> OTHER_FIELDS =
      Set.of(InstanceField.CAPACITY_GROUP, InstanceField.MAX_WAIT_MS, InstanceField.ON_429);

  /** The name prefix of the fields for the budgets of all callers together. */
  private static final String IN_ALL = "in_all_";

  private static final String YES = "yes";

  private SettingsForm() {}

  /**
   * Reads a change.
   *
   * @param stored the stored values of the scalar fields
   * @return a write that contains secrets; the caller has to close it
   * @throws InvalidInput if the form has faults; the exception contains all of them
   */
  static InstanceWrite read(Form form, FieldValues stored) {
    Fields fields = new Fields(form);
    FieldWrites settings = FieldInputs.changes(fields, stored, InstanceField.scalars());
    // If the user did not change the reference of the definition, the reference is not written,
    // because the viewer might not be allowed to see the definition.
    Field<Definition.Ref> definition = fields.changed(DEFINITION, Definition.Ref::of);
    LimitsWrite limits = limits(form, fields);
    Field<Budgets> inAll = inAll(form, fields);
    LimitsInAll.Write pace = paceInAll(form, fields);
    ProviderLimitsWrite provider = providerLimits(form, fields);
    Optional<Secret> key = fields.apiKey("api_key");
    Field<CustomHeaders> headers = headers(form, fields);
    Optional<Boolean> same = fields.sameAccount();
    try {
      return fields.check(
          () ->
              new InstanceWrite(
                  definition,
                  new SettingsWrite(settings, policy(form), limits, inAll, pace, provider),
                  Field.from(key),
                  headers,
                  same));
    } catch (InvalidInput e) {
      key.ifPresent(Secret::close);
      headers.given().ifPresent(CustomHeaders::close);
      throw e;
    }
  }

  static Map<String, String> shown(Instance instance, ServiceRights rights) {
    InstanceSettings settings = instance.settings();
    Map<String, String> values = new LinkedHashMap<>();
    Provider provider = settings.fields().provider();
    values.putAll(FieldInputs.shown(settings.scalars(), fields(rights, provider)));
    if (rights.describe()) {
      String definition = instance.definitionRef().map(Object::toString).orElse("");
      values.put(DEFINITION, definition);
      values.put(DEFINITION_SHOWN, definition);
    }
    if (rights.configure()) {
      policy(values, settings.keyPolicy());
      values.put(LIMITS_SHOWN, YES);
      values.putAll(LimitFields.shown(settings.limits(), ""));
      values.put(PROVIDER_SHOWN, YES);
      values.putAll(shown(settings.providerLimits()));
    }
    if (rights.budgetInAll()) {
      values.put(IN_ALL_SHOWN, YES);
      values.putAll(BudgetFields.shown(settings.budgetsInAll(), IN_ALL));
      values.putAll(LimitFields.shownInAll(settings.limitsInAll(), IN_ALL));
    }
    return values;
  }

  private static Stream<InstanceField> changeable(ServiceRights rights, Provider provider) {
    return Stream.of(InstanceField.values())
        .filter(field -> field.isScalar() && rights.granted().contains(field.needed()))
        .filter(field -> rights.setPrices() || !field.choosesPrices(provider));
  }

  private static List<ScalarField<?>> fields(ServiceRights rights, Provider provider) {
    return changeable(rights, provider).<ScalarField<?>>map(InstanceField::scalar).toList();
  }

  /**
   * Returns the scalar fields that the viewer could change if the prices of calls did not depend on
   * these fields.
   */
  static List<ScalarField<?>> fixed(ServiceRights rights, Provider provider) {
    return Stream.of(InstanceField.values())
        .filter(field -> rights.granted().contains(field.needed()))
        .filter(field -> !rights.setPrices() && field.choosesPrices(provider))
        .<ScalarField<?>>map(InstanceField::scalar)
        .toList();
  }

  /**
   * Returns the scalar fields that the viewer may change and that require the right {@code needed}.
   */
  static List<ScalarField<?>> fields(ServiceRights rights, Provider provider, Action needed) {
    return changeable(rights, provider)
        .filter(field -> field.needed() == needed)
        .filter(field -> !OTHER_FIELDS.contains(field))
        .filter(field -> field != InstanceField.AUDIENCE)
        .<ScalarField<?>>map(InstanceField::scalar)
        .toList();
  }

  /** Returns the fields in {@link #OTHER_FIELDS} that a user with these rights may change. */
  static List<ScalarField<?>> otherFields(ServiceRights rights) {
    return Stream.of(InstanceField.values())
        .filter(OTHER_FIELDS::contains)
        .filter(field -> rights.granted().contains(field.needed()))
        .<ScalarField<?>>map(InstanceField::scalar)
        .toList();
  }

  /**
   * Reads custom headers. If at least one header was typed, the typed headers replace all stored
   * headers.
   */
  private static Field<CustomHeaders> headers(Form form, Fields fields) {
    List<CustomHeader> headers = new ArrayList<>();
    for (int row = 1; row <= MOST_HEADERS; row++) {
      String value = HEADER_VALUE + row;
      Optional<HeaderName> name = fields.optional(HEADER_NAME + row, HeaderName::new);
      if (name.isPresent()) {
        fields
            .required(
                value,
                "Type the value of this header.",
                text -> CustomHeader.of(name.get(), text.getBytes(StandardCharsets.UTF_8)))
            .ifPresent(headers::add);
      } else if (!form.value(value).orElse("").isEmpty()) {
        Optional<HeaderName> unused =
            fields.required(HEADER_NAME + row, "Name the header.", HeaderName::new);
      }
    }
    if (!headers.isEmpty()) {
      Optional<CustomHeaders> all = fields.made("custom_headers", () -> new CustomHeaders(headers));
      if (all.isEmpty()) {
        headers.forEach(header -> header.value().close());
      }
      return Field.from(all);
    }
    return form.value(CLEAR_HEADERS).isPresent() ? Field.ofNull() : Field.absent();
  }

  /** Returns the name of the form's field to which the JSON pointer of a fault leads. */
  static String fieldOf(String pointer) {
    if (pointer.startsWith("/credential")) {
      // This form has no field for the credential: another page has fields for the credential and
      // the endpoint. So a fault of the credential is shown at the endpoint.
      return DefinitionFields.ENDPOINT.name();
    }
    return pointer.startsWith("/custom_headers")
        ? "custom_headers"
        : FormState.fieldOf(pointer.replace("/provider_limits/", "/" + PROVIDER));
  }

  private static void policy(Map<String, String> values, KeyPolicy policy) {
    values.put(POLICY_SHOWN, YES);
    values.put("central_key", policy.centralKey() ? YES : "");
    values.put("user_keys", policy.userKeys() ? YES : "");
    values.put("fallback_to_central", policy.fallbackToCentral() ? YES : "");
  }

  /**
   * Returns the names of the fields that a form sends. The names include fields that {@code shown}
   * lacks because these fields were empty when the form was opened.
   */
  static Set<String> sent(Map<String, String> shown) {
    Set<String> names = new LinkedHashSet<>(shown.keySet());
    if (shown.containsKey(LIMITS_SHOWN)) {
      names.addAll(LimitFields.names(""));
    }
    if (shown.containsKey(POLICY_SHOWN)) {
      names.add(CLEAR_HEADERS);
      IntStream.rangeClosed(1, MOST_HEADERS).forEach(row -> names.add(HEADER_NAME + row));
    }
    if (shown.containsKey(IN_ALL_SHOWN)) {
      BudgetFields.names(IN_ALL).forEach(names::add);
      LimitFields.namesInAll(IN_ALL).forEach(names::add);
    }
    names.add(Fields.SAME_ACCOUNT);
    return names;
  }

  /** The fields of the form that are compared with the stored values. */
  static List<String> compared(FormState sent, Map<String, String> stored) {
    return sent(stored).stream()
        .filter(field -> !field.equals(Versions.FIELD) && !MARKS.contains(field))
        .filter(field -> sent.has(field) || !isScalar(field))
        .filter(field -> !BudgetFields.isOfNone(field, sent, stored))
        .toList();
  }

  /**
   * Whether the field with this name is scalar. If a scalar field was not sent, it is not changed.
   */
  private static boolean isScalar(String name) {
    return InstanceField.scalars().stream().anyMatch(field -> field.name().equals(name));
  }

  /** Reads the limits. The form has either all fields for limits or none of them. */
  private static LimitsWrite limits(Form form, Fields fields) {
    return form.value(LIMITS_SHOWN).isEmpty()
        ? LimitsWrite.ABSENT
        : LimitsWrite.of(LimitFields.read(fields, ""));
  }

  /**
   * Reads the limits that the provider sets. An empty input means that this limit of the provider
   * is unknown.
   */
  private static ProviderLimitsWrite providerLimits(Form form, Fields fields) {
    if (form.value(PROVIDER_SHOWN).isEmpty()) {
      return ProviderLimitsWrite.ABSENT;
    }
    Map<PaceLimit, Long> perMinute = new EnumMap<>(PaceLimit.class);
    for (PaceLimit limit : PaceLimit.values()) {
      fields
          .optional(
              PROVIDER + limit.wireName(),
              text -> TypedNumbers.large(text, ProviderLimitsWrite::amount))
          .ifPresent(amount -> perMinute.put(limit, amount));
    }
    Optional<Integer> calls =
        fields.optional(
            PROVIDER_CALLS, text -> TypedNumbers.whole(text, ProviderLimitsWrite::calls));
    return ProviderLimitsWrite.of(
        new ProviderLimits(
            new PaceLimits(perMinute), calls.map(OptionalInt::of).orElseGet(OptionalInt::empty)));
  }

  private static Map<String, String> shown(ProviderLimits limits) {
    Map<String, String> values = new LinkedHashMap<>();
    for (PaceLimit limit : PaceLimit.values()) {
      Long amount = limits.perMinute().each().get(limit);
      values.put(PROVIDER + limit.wireName(), amount == null ? "" : amount.toString());
    }
    OptionalInt calls = limits.concurrentCalls();
    values.put(PROVIDER_CALLS, calls.isPresent() ? Integer.toString(calls.getAsInt()) : "");
    return values;
  }

  private static Field<Budgets> inAll(Form form, Fields fields) {
    return form.value(IN_ALL_SHOWN).isEmpty()
        ? Field.absent()
        : Field.of(BudgetFields.read(fields, IN_ALL));
  }

  private static LimitsInAll.Write paceInAll(Form form, Fields fields) {
    return form.value(IN_ALL_SHOWN).isEmpty()
        ? LimitsInAll.Write.ABSENT
        : LimitsInAll.Write.of(LimitFields.readInAll(fields, IN_ALL));
  }

  /**
   * Reads the key policy from the form. Browsers do not send check boxes without a tick. A hidden
   * field therefore says that the form contained the check boxes.
   */
  private static KeyPolicyWrite policy(Form form) {
    return form.value(POLICY_SHOWN).isEmpty()
        ? KeyPolicyWrite.ABSENT
        : new KeyPolicyWrite(
            ticked(form, "central_key"),
            ticked(form, "user_keys"),
            ticked(form, "fallback_to_central"));
  }

  private static Field<Boolean> ticked(Form form, String name) {
    return Field.of(form.value(name).isPresent());
  }
}
