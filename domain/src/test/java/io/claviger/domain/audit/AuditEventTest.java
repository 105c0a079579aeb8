package io.claviger.domain.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AuditEventTest {
  @Test
  void what_is_done_to_the_list_of_fields_afterwards_does_not_change_the_event() {
    List<String> fields = new ArrayList<>(List.of("endpoint"));
    AuditEvent event =
        new AuditEvent(
            new UUID(1, 2),
            Instant.EPOCH,
            AuditEvent.Source.unknown("127.0.0.1", "r"),
            AuditAction.SERVICE_UPDATE,
            new AuditTarget("service", Optional.empty(), "a/b", Optional.empty()),
            AuditOutcome.DONE,
            fields,
            List.of(),
            1,
            Optional.empty());
    fields.clear();
    assertThat(event.fields()).containsExactly("endpoint");
    assertThat(event.count()).isEqualTo(1);
  }

  @Test
  void an_event_stands_for_one_attempt_at_least() {
    assertThatIllegalArgumentException().isThrownBy(() -> of(0));
    assertThat(of(57).count()).isEqualTo(57);
  }

  @Test
  void changed_values_are_those_that_differ_each_in_one_line_of_bounded_length() {
    List<AuditEvent.Term> terms =
        AuditEvent.Term.changed(
            Map.of("same", "1", "gone", "old", "long", "é".repeat(400)),
            Map.of("same", "1", "new", "a\r\nb\u0000c", "long", "ü" + "é".repeat(400)));

    assertThat(terms)
        .containsExactlyInAnyOrder(
            new AuditEvent.Term("gone", Optional.of("old"), Optional.empty()),
            new AuditEvent.Term("new", Optional.empty(), Optional.of("a b c")),
            new AuditEvent.Term(
                "long", Optional.of("é".repeat(400)), Optional.of("ü" + "é".repeat(398) + "…")));
  }

  /** If only the beginnings were kept, both values would look alike. */
  @Test
  void of_long_values_that_begin_alike_the_difference_is_kept() {
    String alike = "🙂".repeat(600);
    List<AuditEvent.Term> terms =
        AuditEvent.Term.changed(
            Map.of("cut", alike + "a", "shorter", alike, "whole", "b".repeat(399)),
            Map.of(
                "cut", alike + "z".repeat(900), "shorter", alike + "c", "whole", "b".repeat(401)));

    String context = "…" + "🙂".repeat(20);
    assertThat(terms)
        .containsExactlyInAnyOrder(
            new AuditEvent.Term(
                "cut", Optional.of(context + "a"), Optional.of(context + "z".repeat(378) + "…")),
            new AuditEvent.Term("shorter", Optional.of(context), Optional.of(context + "c")),
            new AuditEvent.Term(
                "whole", Optional.of("b".repeat(399)), Optional.of("…" + "b".repeat(22))));
    assertThat(terms.stream().flatMap(term -> term.after().stream()))
        .allMatch(value -> value.codePointCount(0, value.length()) <= AuditEvent.Term.LONGEST);
  }

  /**
   * If the lines were not bounded, one share with long lists of models would fill the trail and the
   * memory of its readers.
   */
  @Test
  void all_terms_are_listed_each_in_one_line_of_bounded_length() {
    assertThat(
            AuditEvent.Term.of(
                Map.of("role", "reader", "same", "é".repeat(600), "long", "a".repeat(600) + "b"),
                Map.of("role", "reader", "same", "é".repeat(600), "long", "a".repeat(600) + "c")))
        .containsExactlyInAnyOrder(
            new AuditEvent.Term("role", Optional.of("reader"), Optional.of("reader")),
            new AuditEvent.Term(
                "same", Optional.of("é".repeat(399) + "…"), Optional.of("é".repeat(399) + "…")),
            new AuditEvent.Term(
                "long",
                Optional.of("…" + "a".repeat(20) + "b"),
                Optional.of("…" + "a".repeat(20) + "c")));
    assertThat(AuditEvent.Term.of(Map.of("models", "x\n".repeat(9_000)), Map.of()))
        .containsExactly(
            new AuditEvent.Term("models", Optional.of("x ".repeat(199) + "x…"), Optional.empty()));
  }

  @Test
  void those_who_decide_about_a_change_read_its_values_in_full() {
    assertThat(
            AuditEvent.Term.changedInFull(
                Map.of("same", "1"), Map.of("same", "1", "long", "é\n".repeat(9_000))))
        .containsExactly(
            new AuditEvent.Term("long", Optional.empty(), Optional.of("é ".repeat(9_000))));
  }

  private static AuditEvent of(int count) {
    return new AuditEvent(
        new UUID(1, 2),
        Instant.EPOCH,
        AuditEvent.Source.unknown("127.0.0.1", "r"),
        AuditAction.TOKEN_REJECTED,
        new AuditTarget("token", Optional.empty(), "", Optional.empty()),
        AuditOutcome.REFUSED,
        List.of(),
        List.of(),
        count,
        Optional.empty());
  }
}
