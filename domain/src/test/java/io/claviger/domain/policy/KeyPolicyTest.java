package io.claviger.domain.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.claviger.domain.Fault;
import io.claviger.domain.Field;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class KeyPolicyTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # central | user  | fallback | valid
          false     | false | false    | false
          false     | false | true     | false
          false     | true  | false    | true
          false     | true  | true     | false
          true      | false | false    | true
          true      | false | true     | false
          true      | true  | false    | true
          true      | true  | true     | true
          """)
  void a_policy_allows_a_key_and_falls_back_only_where_both_are(
      boolean central, boolean user, boolean fallback, boolean valid) {
    assertThat(new KeyPolicy(central, user, fallback).faults().isEmpty()).isEqualTo(valid);
  }

  @Test
  void that_no_key_is_allowed_is_a_fault_of_the_whole_policy() {
    assertThat(new KeyPolicy(false, false, false).faults())
        .extracting(Fault::pointer, Fault::code)
        .containsExactly(tuple("/key_policy", "no_key_allowed"));
  }

  @Test
  void a_fallback_without_both_is_a_fault_of_the_fallback() {
    assertThat(new KeyPolicy(true, false, true).faults())
        .extracting(Fault::pointer, Fault::code)
        .containsExactly(tuple("/key_policy/fallback_to_central", "fallback_without_both"));
  }

  @Test
  void all_faults_are_told_at_once() {
    assertThat(new KeyPolicy(false, false, true).faults()).hasSize(2);
  }

  @Test
  void only_the_central_key_is_used_unless_something_else_is_said() {
    assertThat(KeyPolicy.DEFAULT).isEqualTo(new KeyPolicy(true, false, false));
  }

  @ParameterizedTest
  @MethodSource("io.claviger.domain.policy.Policies#all")
  void an_absent_policy_keeps_what_is_there(KeyPolicy base) {
    assertThat(KeyPolicyWrite.ABSENT.over(base)).isEqualTo(base);
  }

  @ParameterizedTest
  @MethodSource("io.claviger.domain.policy.Policies#all")
  void each_part_given_replaces_its_own_part_only(KeyPolicy base) {
    for (boolean on : new boolean[] {false, true}) {
      Field<Boolean> given = Field.of(on);
      assertThat(new KeyPolicyWrite(given, Field.absent(), Field.absent()).over(base))
          .isEqualTo(new KeyPolicy(on, base.userKeys(), base.fallbackToCentral()));
      assertThat(new KeyPolicyWrite(Field.absent(), given, Field.absent()).over(base))
          .isEqualTo(new KeyPolicy(base.centralKey(), on, base.fallbackToCentral()));
      assertThat(new KeyPolicyWrite(Field.absent(), Field.absent(), given).over(base))
          .isEqualTo(new KeyPolicy(base.centralKey(), base.userKeys(), on));
    }
  }
}
