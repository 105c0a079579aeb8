package io.claviger.domain.audit;

import io.claviger.domain.InvalidValue;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What was done or tried, as {@code service.key_set}. */
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
   * The action of that name.
   *
   * @throws InvalidValue when there is none
   */
  public static AuditAction of(String wireName) {
    return Arrays.stream(values())
        .filter(action -> action.wireName().equals(wireName))
        .findFirst()
        .orElseThrow(() -> new InvalidValue("action", "an action, such as service.update"));
  }

  /** As it is stored and shown: the first word or two are the subject, the rest the verb. */
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
