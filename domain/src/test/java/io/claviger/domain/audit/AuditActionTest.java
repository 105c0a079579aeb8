package io.claviger.domain.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.domain.InvalidValue;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuditActionTest {
  /** As the contract lists them. */
  private static final List<String> SUBJECTS =
      List.of(
          "service",
          "user",
          "token",
          "definition",
          "project",
          "standard",
          "model",
          "user_key",
          "default",
          "encryption_key");

  private static final List<String> VERBS =
      List.of("create", "update", "delete", "share", "unshare", "key_set", "key_clear");

  private static Set<String> contract() {
    Set<String> actions = new TreeSet<>(List.of("gateway.key_unusable", "token.rejected"));
    SUBJECTS.forEach(subject -> VERBS.forEach(verb -> actions.add(subject + "." + verb)));
    return actions;
  }

  @ParameterizedTest
  @EnumSource
  void every_action_is_one_of_the_contract(AuditAction action) {
    assertThat(contract()).contains(action.wireName());
  }

  @ParameterizedTest
  @EnumSource
  void the_constant_is_the_wire_name_in_capitals(AuditAction action) {
    assertThat(action.wireName().replace('.', '_')).isEqualToIgnoringCase(action.name());
  }

  @Test
  void no_two_actions_share_a_name() {
    assertThat(Arrays.stream(AuditAction.values()).map(AuditAction::wireName))
        .doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @CsvSource({
    "SERVICE_CREATE, service.create",
    "SERVICE_UPDATE, service.update",
    "SERVICE_DELETE, service.delete",
    "SERVICE_SHARE, service.share",
    "SERVICE_UNSHARE, service.unshare",
    "SERVICE_KEY_SET, service.key_set",
    "SERVICE_KEY_CLEAR, service.key_clear",
    "USER_CREATE, user.create",
    "TOKEN_REJECTED, token.rejected",
    "USER_KEY_CREATE, user_key.create",
    "USER_KEY_UPDATE, user_key.update",
    "USER_KEY_DELETE, user_key.delete",
    "DEFAULT_CREATE, default.create",
    "DEFAULT_UPDATE, default.update",
    "DEFAULT_DELETE, default.delete",
    "MODEL_CREATE, model.create",
    "MODEL_UPDATE, model.update",
    "MODEL_DELETE, model.delete",
    "ENCRYPTION_KEY_CREATE, encryption_key.create",
    "ENCRYPTION_KEY_UPDATE, encryption_key.update",
    "ENCRYPTION_KEY_DELETE, encryption_key.delete",
    "GATEWAY_KEY_UNUSABLE, gateway.key_unusable"
  })
  void an_action_is_named_by_subject_and_verb(AuditAction action, String name) {
    assertThat(action.wireName()).isEqualTo(name);
  }

  @ParameterizedTest
  @EnumSource
  void an_action_is_found_by_its_name(AuditAction action) {
    assertThat(AuditAction.of(action.wireName())).isEqualTo(action);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "service", "SERVICE_UPDATE", "service.rename", "Service.update"})
  void what_is_no_action_is_an_invalid_value(String name) {
    assertThatExceptionOfType(InvalidValue.class)
        .isThrownBy(() -> AuditAction.of(name))
        .satisfies(e -> assertThat(e.field()).isEqualTo("action"));
  }
}
