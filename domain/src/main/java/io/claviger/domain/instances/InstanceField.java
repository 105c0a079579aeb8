package io.claviger.domain.instances;

import io.claviger.domain.sharing.Action;
import java.util.Locale;
import java.util.function.Function;

/**
 * The writable fields of an instance, each with the action that a user must be allowed to take to
 * change it.
 */
public enum InstanceField {
  DISPLAY_NAME(Action.DESCRIBE, InstanceSettings::displayName),
  DESCRIPTION(Action.DESCRIBE, s -> s.fields().description()),
  DEFINITION(Action.DESCRIBE, InstanceSettings::definition),
  PROVIDER(Action.CONFIGURE, s -> s.fields().provider()),
  API_STANDARD(Action.CONFIGURE, s -> s.fields().apiStandard()),
  ENDPOINT(Action.CONFIGURE, s -> s.fields().endpoint()),
  MODEL(Action.DESCRIBE, s -> s.fields().model()),
  DIMENSIONS(Action.DESCRIBE, s -> s.fields().dimensions()),
  CONTEXT_LIMIT(Action.DESCRIBE, s -> s.fields().contextLimit()),
  TIMEOUT_MS(Action.DESCRIBE, InstanceSettings::timeout),
  ORGANIZATION(Action.CONFIGURE, InstanceSettings::organization),
  ENABLED(Action.SWITCH, InstanceSettings::enabled),
  KEY_POLICY(Action.CONFIGURE, InstanceSettings::keyPolicy),
  LIMITS(Action.CONFIGURE, InstanceSettings::limits);

  private final Action needed;
  private final Function<InstanceSettings, Object> read;

  InstanceField(Action needed, Function<InstanceSettings, Object> read) {
    this.needed = needed;
    this.read = read;
  }

  /** The action that a user must be allowed to take to change this field. */
  public Action needed() {
    return needed;
  }

  /** The name in JSON and in the audit trail. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  Object of(InstanceSettings settings) {
    return read.apply(settings);
  }
}
