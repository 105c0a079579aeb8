package io.claviger.console.instances;

import io.claviger.application.instances.InstanceWrite;
import io.claviger.console.limits.BudgetFields;
import io.claviger.console.limits.LimitFields;
import io.claviger.console.page.Fields;
import io.claviger.console.page.FormState;
import io.claviger.console.page.Versions;
import io.claviger.domain.Description;
import io.claviger.domain.DisplayName;
import io.claviger.domain.Field;
import io.claviger.domain.ModelName;
import io.claviger.domain.Note;
import io.claviger.domain.budgets.Budgets;
import io.claviger.domain.definitions.ContextLimit;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.domain.definitions.Dimensions;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.fields.FieldWrites;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.InstanceField;
import io.claviger.domain.instances.InstanceSettings;
import io.claviger.domain.instances.Organization;
import io.claviger.domain.instances.SettingsWrite;
import io.claviger.domain.instances.Timeout;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.policy.KeyPolicy;
import io.claviger.domain.policy.KeyPolicyWrite;
import io.claviger.domain.policy.LimitsWrite;
import io.claviger.web.json.InvalidInput;
import io.claviger.web.server.Form;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The settings of a service as a form. A field that is not in the form is not changed, so the same
 * form serves those who may change everything and those who may only describe the service.
 */
final class SettingsForm {
  private static final String POLICY_SHOWN = "key_policy_shown";
  private static final String LIMITS_SHOWN = "limits_shown";
  private static final String IN_ALL_SHOWN = "in_all_shown";
  private static final List<String> MARKS = List.of(POLICY_SHOWN, LIMITS_SHOWN, IN_ALL_SHOWN);

  /** Begins the names of the fields for the budgets of all callers together. */
  private static final String IN_ALL = "in_all_";

  private static final String YES = "yes";

  private SettingsForm() {}

  /**
   * Reads a change.
   *
   * @return a write whose secrets are the caller's to close
   * @throws InvalidInput with all faults of the form
   */
  static InstanceWrite read(Form form) {
    Fields fields = new Fields(form);
    FieldWrites settings =
        FieldWrites.NONE
            .with(
                DefinitionFields.DESCRIPTION,
                cleared(fields.write("description", Description::new), Description.NONE))
            .with(DefinitionFields.ENDPOINT, fields.kept("endpoint", Endpoint::of))
            .with(DefinitionFields.MODEL, fields.kept("model", ModelName::new))
            .with(
                DefinitionFields.DIMENSIONS,
                fields.write("dimensions", text -> new Dimensions(number(text))))
            .with(
                DefinitionFields.CONTEXT_LIMIT,
                fields.write("context_limit", text -> new ContextLimit(number(text))))
            .with(
                InstanceField.DISPLAY_NAME.scalar(), fields.kept("display_name", DisplayName::new))
            .with(InstanceField.NOTE.scalar(), fields.write("note", Note::new))
            .with(
                InstanceField.TIMEOUT_MS.scalar(),
                fields.kept("timeout_ms", text -> new Timeout(number(text))))
            .with(
                InstanceField.ORGANIZATION.scalar(),
                fields.write("organization", Organization::new));
    LimitsWrite limits = limits(form, fields);
    Field<Budgets> inAll = inAll(form, fields);
    Optional<Secret> key = fields.apiKey("api_key");
    try {
      return fields.check(
          () ->
              new InstanceWrite(
                  Field.absent(),
                  new SettingsWrite(settings, policy(form), limits, inAll),
                  key.<Field<Secret>>map(Field::of).orElseGet(Field::absent),
                  Field.absent()));
    } catch (InvalidInput e) {
      key.ifPresent(Secret::close);
      throw e;
    }
  }

  /** What the form shows of a service, for somebody who may change this much of it. */
  static Map<String, String> shown(Instance instance, ServiceRights rights) {
    InstanceSettings settings = instance.settings();
    Map<String, String> values = new LinkedHashMap<>();
    if (rights.describe()) {
      put(values, settings, InstanceField.DISPLAY_NAME);
      put(values, settings, InstanceField.DESCRIPTION);
      put(values, settings, InstanceField.NOTE);
      put(values, settings, InstanceField.MODEL);
      put(values, settings, InstanceField.DIMENSIONS);
      put(values, settings, InstanceField.CONTEXT_LIMIT);
      put(values, settings, InstanceField.TIMEOUT_MS);
    }
    if (rights.configure()) {
      put(values, settings, InstanceField.ENDPOINT);
      put(values, settings, InstanceField.ORGANIZATION);
      policy(values, settings.keyPolicy());
      values.put(LIMITS_SHOWN, YES);
      values.putAll(LimitFields.shown(settings.limits(), ""));
    }
    if (rights.budgetInAll()) {
      values.put(IN_ALL_SHOWN, YES);
      values.putAll(BudgetFields.shown(settings.budgetsInAll(), IN_ALL));
    }
    return values;
  }

  private static void put(
      Map<String, String> values, InstanceSettings settings, InstanceField field) {
    values.put(
        field.wireName(),
        settings.scalars().plain(field.scalar()).map(Object::toString).orElse(""));
  }

  private static void policy(Map<String, String> values, KeyPolicy policy) {
    values.put(POLICY_SHOWN, YES);
    values.put("central_key", policy.centralKey() ? YES : "");
    values.put("user_keys", policy.userKeys() ? YES : "");
    values.put("fallback_to_central", policy.fallbackToCentral() ? YES : "");
  }

  /** The fields that a form sends, with those that may be empty when it is opened. */
  static Set<String> sent(Map<String, String> shown) {
    Set<String> names = new LinkedHashSet<>(shown.keySet());
    if (shown.containsKey(LIMITS_SHOWN)) {
      names.addAll(LimitFields.names(""));
    }
    if (shown.containsKey(IN_ALL_SHOWN)) {
      BudgetFields.names(IN_ALL).forEach(names::add);
    }
    return names;
  }

  /** The fields that are compared with what is stored now. */
  static List<String> compared(FormState sent, Map<String, String> stored) {
    return sent(stored).stream()
        .filter(field -> !field.equals(Versions.FIELD) && !MARKS.contains(field))
        .filter(field -> !BudgetFields.isOfNone(field, sent, stored))
        .toList();
  }

  /** The form has all parts of the limits, or none of them. */
  private static LimitsWrite limits(Form form, Fields fields) {
    return form.value(LIMITS_SHOWN).isEmpty()
        ? LimitsWrite.ABSENT
        : LimitsWrite.of(LimitFields.read(fields, ""));
  }

  private static Field<Budgets> inAll(Form form, Fields fields) {
    return form.value(IN_ALL_SHOWN).isEmpty()
        ? Field.absent()
        : Field.of(BudgetFields.read(fields, IN_ALL));
  }

  /**
   * A check box that is not ticked is not sent, so a hidden field says that the form had check
   * boxes.
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

  private static <T> Field<T> cleared(Field<T> write, T none) {
    return write instanceof Field.Null<T> ? Field.of(none) : write;
  }

  private static int number(String text) {
    return Integer.parseInt(text.replace(",", ""));
  }
}
