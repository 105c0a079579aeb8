package io.claviger.domain.audit;

import io.claviger.domain.InvalidValue;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What somebody did or tried to do, such as {@code service.key_set}. */
public enum AuditAction {
  SERVICE_CREATE,
  SERVICE_UPDATE,
  SERVICE_DELETE,
  SERVICE_SHARE,
  SERVICE_UNSHARE,
  SERVICE_KEY_SET,
  SERVICE_KEY_CLEAR,
  USER_CREATE,
  USER_UPDATE,
  USER_DELETE,
  TOKEN_CREATE,
  TOKEN_DELETE,
  TOKEN_REJECTED,
  DEFINITION_CREATE,
  DEFINITION_UPDATE,
  DEFINITION_DELETE,
  DEFINITION_SHARE,
  DEFINITION_UNSHARE,
  PROJECT_CREATE,
  PROJECT_UPDATE,
  PROJECT_DELETE,
  PROJECT_SHARE,
  PROJECT_UNSHARE,
  STANDARD_CREATE,
  STANDARD_UPDATE,
  STANDARD_DELETE,
  MODEL_CREATE,
  MODEL_UPDATE,
  MODEL_DELETE,
  USER_KEY_CREATE,
  USER_KEY_UPDATE,
  USER_KEY_DELETE,
  DEFAULT_CREATE,
  DEFAULT_UPDATE,
  DEFAULT_DELETE,
  ENCRYPTION_KEY_CREATE,
  ENCRYPTION_KEY_UPDATE,
  ENCRYPTION_KEY_DELETE,
  GATEWAY_KEY_UNUSABLE;

  private static final List<String> SUBJECTS_OF_TWO_WORDS = List.of("encryption_key", "user_key");

  /**
   * Finds the action with this name.
   *
   * @throws InvalidValue when no action has this name
   */
  public static AuditAction of(String wireName) {
    return Arrays.stream(values())
        .filter(action -> action.wireName().equals(wireName))
        .findFirst()
        .orElseThrow(() -> new InvalidValue("action", "an action, such as service.update"));
  }

  /**
   * The stored and shown name. The first one or two words are the subject, the rest is the verb.
   */
  public String wireName() {
    String name = name().toLowerCase(Locale.ROOT);
    String subject =
        SUBJECTS_OF_TWO_WORDS.stream()
            .filter(two -> name.startsWith(two + "_"))
            .findFirst()
            .orElseGet(() -> name.substring(0, name.indexOf('_')));
    return subject + "." + name.substring(subject.length() + 1);
  }
}
