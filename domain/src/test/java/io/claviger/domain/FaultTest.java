package io.claviger.domain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FaultTest {
  @Test
  void an_invalid_value_points_at_its_field_and_says_what_is_allowed() {
    assertThat(new InvalidValue("limits/models", "1 to 100 models").fault())
        .isEqualTo(new Fault("/limits/models", "invalid_value", "1 to 100 models"));
  }

  @Test
  void a_required_field_is_told_by_its_code() {
    assertThat(Fault.required("model", "Give one."))
        .isEqualTo(new Fault("/model", "required", "Give one."));
  }

  @Test
  void a_reference_that_does_not_exist_and_one_that_cannot_be_seen_are_told_in_the_same_words() {
    assertThat(Fault.unknownReference("definition", "definition"))
        .isEqualTo(
            new Fault(
                "/definition",
                "unknown_reference",
                "There is no such definition that you can see."));
  }

  @Test
  void what_is_not_allowed_is_told_by_its_code() {
    assertThat(Fault.notAllowed("api_key", "Not here."))
        .isEqualTo(new Fault("/api_key", "not_allowed", "Not here."));
  }

  @Test
  void a_fault_of_the_user_is_told_without_the_name_of_the_field_if_the_detail_does_not_need_it() {
    assertThat(Fault.unknownReference("user", "group").standsWithoutField()).isTrue();
    assertThat(Fault.unknownReference("user", "user").standsWithoutField()).isTrue();
    assertThat(Fault.unknownReference("to", "user").standsWithoutField()).isFalse();
    assertThat(ofUser("not_shareable").standsWithoutField()).isTrue();
    assertThat(ofUser("report_too_large").standsWithoutField()).isTrue();
    assertThat(new Fault("/from", "report_too_large", "Too long.").standsWithoutField()).isFalse();
    assertThat(Fault.required("user", "Name one.").standsWithoutField()).isFalse();
    assertThat(ofUser("read_only").standsWithoutField()).isFalse();
  }

  private static Fault ofUser(String code) {
    return new Fault("/user", code, "A sentence.");
  }
}
