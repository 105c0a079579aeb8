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
  void only_an_unknown_user_or_group_of_a_path_is_told_without_the_name_of_the_field() {
    assertThat(Fault.unknownReference("user", "group").saysWhatIsMissing()).isTrue();
    assertThat(Fault.unknownReference("user", "user").saysWhatIsMissing()).isTrue();
    assertThat(Fault.unknownReference("to", "user").saysWhatIsMissing()).isFalse();
    assertThat(Fault.required("user", "Name one.").saysWhatIsMissing()).isFalse();
  }
}
