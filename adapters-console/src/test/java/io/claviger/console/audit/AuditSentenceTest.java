package io.claviger.console.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.console.page.Part;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.audit.AuditOutcome;
import io.claviger.domain.audit.AuditTarget;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AuditSentenceTest {
  private static final Set<AuditAction> WITHOUT_TARGET =
      Set.of(
          AuditAction.TOKEN_REJECTED,
          AuditAction.RETENTION_UPDATE,
          AuditAction.AUDIT_EXPORT,
          AuditAction.AUDIT_KEY_DELETE,
          AuditAction.BUDGET_RAISE_CREATE,
          AuditAction.BUDGET_RAISE_DELETE);

  private static final Map<String, String> TERMS =
      Map.of("role", "reader", "limits/budgets", "20 usd/month UTC strict");

  @Test
  void a_loan_says_to_whom_and_on_which_terms() {
    assertThat(sentence(share(Map.of(), Map.of("role", "reader"))))
        .isEqualTo("mira lent mira/claude to @nlp-lab as reader");
    assertThat(sentence(share(Map.of(), TERMS)))
        .startsWith("mira lent mira/claude to @nlp-lab ")
        .contains("as reader", "$20 a month")
        .doesNotContain("UTC");
    assertThat(sentence(share(Map.of("role", "reader"), Map.of("role", "writer"))))
        .isEqualTo("mira lent mira/claude to @nlp-lab as writer instead of reader");
  }

  @Test
  void a_loan_hides_none_of_its_terms() {
    assertThat(sentence(share(Map.of(), Map.of("limits/models", "text-*"))))
        .endsWith("@nlp-lab only some models");
    assertThat(sentence(share(Map.of(), Map.of("limits/tokens_per_minute", "20000"))))
        .endsWith("@nlp-lab 20000 tokens a minute");
    assertThat(sentence(share(Map.of(), Map.of("limits/concurrent_calls", "4"))))
        .endsWith("@nlp-lab 4 calls at a time");
    assertThat(sentence(share(Map.of(), Map.of("expires_at", "2026-12-26T20:55:03.789634Z"))))
        .endsWith("@nlp-lab until 2026-12-26 20:55 UTC");
    assertThat(sentence(share(Map.of(), Map.of("role", "reader", "weight", "30", "x", "y"))))
        .endsWith("@nlp-lab as reader and 2 more terms");
    assertThat(sentence(share(Map.of("role", "reader", "weight", "30"), Map.of("role", "reader"))))
        .endsWith("@nlp-lab as reader");
  }

  @Test
  void a_service_is_enabled_or_disabled() {
    assertThat(sentence(change(Map.of("enabled", "true"), Map.of("enabled", "false"))))
        .isEqualTo("mira disabled mira/claude");
    assertThat(sentence(change(Map.of("enabled", "false"), Map.of("enabled", "true"))))
        .isEqualTo("mira enabled mira/claude");
    AuditEvent more =
        changed(
            List.of("enabled", "custom_headers"),
            Map.of("enabled", "false"),
            Map.of("enabled", "true"));
    assertThat(sentence(more)).isEqualTo("mira changed mira/claude: enabled, custom headers");
  }

  @Test
  void a_budget_of_another_kind_is_said_as_it_is_stored() {
    assertThat(sentence(share(Map.of(), Map.of("limits/budgets", "5 requests/day UTC soft"))))
        .endsWith("@nlp-lab 5 requests/day UTC soft");
  }

  @Test
  void a_change_names_what_was_changed_as_far_as_there_is_room() {
    Map<String, String> before = Map.of("endpoint", "https://a.example");
    assertThat(sentence(change(before, Map.of("endpoint", "https://b.example"))))
        .isEqualTo("mira changed mira/claude: endpoint");
    assertThat(sentence(change(Map.of(), Map.of("limits_in_all/requests_per_minute", "5"))))
        .endsWith(": requests per minute of all callers together");
    assertThat(sentence(change(Map.of(), Map.of("a", "1", "b", "2", "c", "3", "d", "4", "e", "5"))))
        .endsWith(" and 2 more");
  }

  @Test
  void a_raise_says_by_how_much() {
    AuditEvent raise =
        event(
            AuditAction.BUDGET_RAISE_CREATE,
            AuditOutcome.DONE,
            "mira",
            "192.0.2.1",
            AuditEvent.Term.of(Map.of(), Map.of("amount", "12.50 usd")));
    assertThat(sentence(raise)).isEqualTo("mira raised a budget by $12.50");
  }

  @Test
  void an_attempt_that_changed_nothing_says_so() {
    assertThat(sentence(event(AuditAction.SERVICE_DELETE, AuditOutcome.REFUSED, "mira", "")))
        .isEqualTo("mira tried to delete the service mira/claude and was refused");
    assertThat(sentence(event(AuditAction.SERVICE_DELETE, AuditOutcome.FAILED, "mira", "")))
        .isEqualTo("mira tried to delete the service mira/claude, which failed");
  }

  @Test
  void who_is_no_user_is_named_by_what_they_are() {
    assertThat(
            sentence(
                event(
                    AuditAction.ENCRYPTION_KEY_UPDATE,
                    AuditOutcome.DONE,
                    "",
                    AuditEvent.COMMAND_LINE)))
        .startsWith("The operator ");
    assertThat(
            sentence(
                event(AuditAction.ENCRYPTION_KEY_CREATE, AuditOutcome.DONE, "", AuditEvent.UPKEEP)))
        .startsWith("Claviger created ");
    assertThat(
            sentence(
                event(
                    AuditAction.USER_UPDATE, AuditOutcome.DONE, "", AuditEvent.IDENTITY_PROVIDER)))
        .startsWith("The identity provider changed ");
    assertThat(sentence(event(AuditAction.USER_SIGN_IN, AuditOutcome.REFUSED, "", "192.0.2.1")))
        .startsWith("Somebody unknown tried to sign in ");
  }

  @ParameterizedTest
  @EnumSource(AuditAction.class)
  void each_action_is_said_in_words_and_sets_names_apart(AuditAction action) {
    for (AuditOutcome outcome : AuditOutcome.values()) {
      AuditSentence sentence = AuditSentence.of(event(action, outcome, "mira", ""));
      assertThat(sentence.text())
          .matches("mira [a-z].*")
          .doesNotContain(action.wireName(), "#", "  ", "_");
      assertThat(sentence.parts().getFirst().name()).isTrue();
      assertThat(sentence.parts())
          .filteredOn(part -> part.text().contains("mira/claude"))
          .allMatch(Part::name)
          .hasSize(WITHOUT_TARGET.contains(action) ? 0 : 1);
    }
  }

  @Test
  void an_action_of_another_version_is_said_in_words_too() {
    AuditEvent known = event(AuditAction.SERVICE_UPDATE, AuditOutcome.DONE, "mira", "");
    AuditEvent later =
        new AuditEvent(
            known.id(),
            known.at(),
            known.source(),
            new AuditEvent.OtherAction("service.praise"),
            known.target(),
            known.outcome(),
            known.fields(),
            known.terms(),
            known.count(),
            known.link());

    assertThat(sentence(later))
        .startsWith("mira did something to mira/claude that this version does not know");
  }

  private static String sentence(AuditEvent event) {
    return AuditSentence.of(event).text();
  }

  private static AuditEvent change(Map<String, String> before, Map<String, String> after) {
    return changed(List.copyOf(after.keySet()), before, after);
  }

  private static AuditEvent changed(
      List<String> fields, Map<String, String> before, Map<String, String> after) {
    return event(
        AuditAction.SERVICE_UPDATE,
        AuditOutcome.DONE,
        "mira",
        "192.0.2.1",
        fields,
        AuditEvent.Term.changed(before, after));
  }

  private static AuditEvent share(Map<String, String> before, Map<String, String> after) {
    return event(
        AuditAction.SERVICE_SHARE,
        AuditOutcome.DONE,
        "mira",
        "192.0.2.1",
        AuditEvent.Term.of(before, after));
  }

  private static AuditEvent event(
      AuditAction action, AuditOutcome outcome, String actor, String address) {
    return event(action, outcome, actor, address, List.of());
  }

  private static AuditEvent event(
      AuditAction action,
      AuditOutcome outcome,
      String actor,
      String address,
      List<AuditEvent.Term> terms) {
    return event(action, outcome, actor, address, List.of("@nlp-lab"), terms);
  }

  private static AuditEvent event(
      AuditAction action,
      AuditOutcome outcome,
      String actor,
      String address,
      List<String> fields,
      List<AuditEvent.Term> terms) {
    return new AuditEvent(
        new UUID(0, 1),
        Instant.EPOCH,
        new AuditEvent.Source(
            Optional.empty(),
            Optional.of(actor).filter(handle -> !handle.isEmpty()).map(Handle::new),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            address,
            "request"),
        action,
        new AuditTarget("service", Optional.empty(), "mira/claude", Optional.empty()),
        outcome,
        fields,
        terms,
        1,
        Optional.empty());
  }
}
