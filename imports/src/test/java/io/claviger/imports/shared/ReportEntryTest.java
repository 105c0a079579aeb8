package io.claviger.imports.shared;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReportEntryTest {
  @Test
  void a_name_from_elsewhere_is_fit_to_be_printed() {
    assertThat(name("a\u001b[31m\n\u202eb")).isEqualTo("a?[31m??b");
    assertThat(name("x".repeat(1_000))).hasSize(201);
    assertThat(detail("model, a\u001b[31m\n\u202eb")).isEqualTo("model, a?[31m??b");
    assertThat(detail("x".repeat(2_000))).hasSize(1_001);
  }

  @Test
  void every_field_that_can_be_refused_has_its_reason() {
    assertThat(ReportReason.invalid("endpoint")).isEqualTo(ReportReason.INVALID_ENDPOINT);
    assertThat(ReportReason.invalid("limits/models")).isEqualTo(ReportReason.INVALID_VALUE);
  }

  private static String name(String text) {
    return new ReportEntry(ImportedKind.USER, text, ReportReason.NO_TOKEN, "").name();
  }

  private static String detail(String text) {
    return new ReportEntry(ImportedKind.USER, "", ReportReason.NO_TOKEN, text).detail();
  }
}
