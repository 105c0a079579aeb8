package io.claviger.application.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.domain.Fault;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class OutcomeTest {
  static Stream<Arguments> refusals() {
    return Stream.of(
        Arguments.of(
            new Refusal.NotFound(),
            "not_found: The object does not exist, or the user can't see it."),
        Arguments.of(new Refusal.Forbidden("Only owners do."), "forbidden: Only owners do."),
        Arguments.of(
            new Refusal.Invalid(Fault.required("provider", "Name one.")),
            "required: /provider Name one."),
        Arguments.of(
            new Refusal.Invalid(
                List.of(Fault.required("model", "Name one."), new Fault("", "other", "Too many."))),
            "validation_failed: /model Name one.; Too many."),
        Arguments.of(
            new Refusal.PreconditionFailed(),
            "precondition_failed: The object has changed, or is not in the expected state."),
        Arguments.of(
            new Refusal.Conflict("in_use", "A project uses it."), "in_use: A project uses it."));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void what_is_thrown_for_a_refusal_says_where_and_why(Refusal refusal, String message) {
    Outcome<String> refused = Outcome.refused(refusal);

    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(refused::orThrow)
        .withMessage(message)
        .matches(e -> e.refusal().equals(refusal))
        .matches(e -> e.getStackTrace().length > 0);
  }

  @Test
  void the_value_of_a_completed_operation_is_returned() {
    assertThat(Outcome.done("value").orThrow()).isEqualTo("value");
  }
}
