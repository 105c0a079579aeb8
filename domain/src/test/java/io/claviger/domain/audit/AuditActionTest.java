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
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuditActionTest {
  /** The actions in the order of the contract. */
  private static final List<String> SUBJECTS =
      List.of(
          "retention",
          "usage",
          "audit",
          "service",
          "user",
          "group",
          "identity",
          "session",
          "sign_in_link",
          "device",
          "trusted_issuer",
          "scim_token",
          "trust",
          "token",
          "definition",
          "project",
          "standard",
          "provider",
          "price",
          "invoice",
          "model",
          "user_key",
          "default",
          "encryption_key",
          "issuer_key",
          "audit_key",
          "bare_names",
          "transfer",
          "approval",
          "review",
          "request",
          "webhook",
          "budget_raise",
          "object",
          "connection",
          "billing");

  private static final List<String> VERBS =
      List.of(
          "create",
          "update",
          "delete",
          "restore",
          "share",
          "unshare",
          "key_set",
          "key_clear",
          "credential_confirm",
          "transfer",
          "offer",
          "accept",
          "decline",
          "withdraw",
          "member_add",
          "member_update",
          "member_remove",
          "sign_in",
          "suspend",
          "resume",
          "link",
          "unlink",
          "start",
          "end",
          "exchange",
          "export",
          "narrow",
          "refresh",
          "approve",
          "deny",
          "lapse",
          "ask",
          "keep",
          "grant",
          "mute",
          "put");

  private static Set<String> contract() {
    Set<String> actions =
        new TreeSet<>(
            List.of("gateway.key_unusable", "token.rejected", "token.bound", "token.leaked"));
    SUBJECTS.forEach(subject -> VERBS.forEach(verb -> actions.add(subject + "." + verb)));
    return actions;
  }

  @ParameterizedTest
  @EnumSource
  void every_action_is_one_of_the_contract(AuditAction action) {
    assertThat(contract()).contains(action.wireName());
  }

  @Test
  void no_two_actions_share_a_name() {
    assertThat(Arrays.stream(AuditAction.values()).map(AuditAction::wireName))
        .doesNotHaveDuplicates();
  }

  /** Stored events have these names, so none of them may ever change. */
  @Test
  void the_names_in_stored_events_stay() {
    assertThat(Arrays.stream(AuditAction.values()).map(AuditAction::wireName))
        .containsExactlyInAnyOrder(
            "billing.put",
            "billing.delete",
            "service.create",
            "service.update",
            "service.delete",
            "service.share",
            "service.unshare",
            "service.transfer",
            "service.key_set",
            "service.key_clear",
            "service.credential_confirm",
            "user.create",
            "user.update",
            "user.delete",
            "group.create",
            "group.update",
            "group.delete",
            "group.member_add",
            "group.member_update",
            "group.member_remove",
            "user.sign_in",
            "user.suspend",
            "user.resume",
            "identity.link",
            "identity.unlink",
            "session.start",
            "session.end",
            "sign_in_link.create",
            "token.create",
            "token.delete",
            "token.rejected",
            "token.bound",
            "token.leaked",
            "token.exchange",
            "trusted_issuer.create",
            "trusted_issuer.update",
            "trusted_issuer.delete",
            "scim_token.create",
            "scim_token.delete",
            "trust.create",
            "trust.update",
            "trust.delete",
            "token.narrow",
            "token.refresh",
            "device.approve",
            "device.deny",
            "definition.create",
            "definition.update",
            "definition.delete",
            "definition.share",
            "definition.unshare",
            "project.create",
            "project.update",
            "project.delete",
            "project.share",
            "project.unshare",
            "project.transfer",
            "transfer.offer",
            "transfer.accept",
            "transfer.decline",
            "transfer.withdraw",
            "request.ask",
            "request.grant",
            "request.decline",
            "request.withdraw",
            "request.mute",
            "approval.ask",
            "approval.approve",
            "approval.decline",
            "approval.lapse",
            "review.start",
            "review.keep",
            "review.end",
            "standard.create",
            "standard.update",
            "standard.delete",
            "provider.create",
            "provider.update",
            "provider.delete",
            "model.create",
            "model.update",
            "model.delete",
            "model.restore",
            "user_key.create",
            "user_key.update",
            "user_key.delete",
            "webhook.create",
            "webhook.update",
            "webhook.delete",
            "budget_raise.create",
            "budget_raise.delete",
            "default.create",
            "default.update",
            "default.delete",
            "price.create",
            "price.update",
            "price.delete",
            "invoice.create",
            "invoice.update",
            "invoice.delete",
            "encryption_key.create",
            "encryption_key.update",
            "encryption_key.delete",
            "issuer_key.create",
            "issuer_key.update",
            "issuer_key.delete",
            "retention.update",
            "usage.create",
            "usage.delete",
            "audit.delete",
            "audit.export",
            "audit_key.delete",
            "gateway.key_unusable",
            "bare_names.create",
            "bare_names.delete",
            "object.create",
            "object.delete",
            "object.share",
            "connection.end");
    assertThat(Arrays.stream(AuditOutcome.values()).map(AuditOutcome::wireName))
        .containsExactlyInAnyOrder("done", "refused", "failed");
  }

  @ParameterizedTest
  @EnumSource
  void an_action_is_found_by_its_name(AuditAction action) {
    assertThat(AuditAction.of(action.wireName())).isEqualTo(action);
  }

  @Test
  void a_stored_action_that_is_not_known_keeps_its_name_and_names_nobody() {
    assertThat(AuditAction.ofStored("service.update")).isEqualTo(AuditAction.SERVICE_UPDATE);
    AuditEvent.Action other = AuditAction.ofStored("service.praise");

    assertThat(other.wireName()).isEqualTo("service.praise");
    assertThat(other.namesGrantee()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "service", "SERVICE_UPDATE", "service.rename", "Service.update"})
  void what_is_no_action_is_an_invalid_value(String name) {
    assertThatExceptionOfType(InvalidValue.class)
        .isThrownBy(() -> AuditAction.of(name))
        .satisfies(e -> assertThat(e.field()).isEqualTo("action"));
  }
}
