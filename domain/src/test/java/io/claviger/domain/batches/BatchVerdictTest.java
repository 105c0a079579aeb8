package io.claviger.domain.batches;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.batches.BatchRefusal.Reason;
import io.claviger.domain.batches.BatchVerdict.Terms;
import io.claviger.domain.policy.ModelPattern;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BatchVerdictTest {
  private static final String CHATS = "chat/completions";
  private static final String RESPONSES = "responses";

  private static ModelUse use(String model, int line) {
    return ModelUse.named(model, line);
  }

  private static Optional<BatchRefusal> expected(
      boolean faulty, boolean otherEndpoint, boolean lent, boolean models, boolean stored) {
    if (faulty) {
      return Optional.of(new BatchRefusal(7, Reason.STREAM));
    }
    if (otherEndpoint) {
      return Optional.of(new BatchRefusal(1, Reason.ENDPOINT));
    }
    if (!lent) {
      return Optional.of(new BatchRefusal(1, Reason.OPERATION));
    }
    if (!models) {
      return Optional.of(new BatchRefusal(3, Reason.MODEL));
    }
    return stored ? Optional.of(new BatchRefusal(5, Reason.STORED)) : Optional.empty();
  }

  @Test
  void a_batch_needs_all_that_its_lines_need() {
    for (int bits = 0; bits < 64; bits++) {
      boolean faulty = (bits & 1) > 0;
      boolean otherEndpoint = (bits & 2) > 0;
      boolean lent = (bits & 4) > 0;
      boolean models = (bits & 8) > 0;
      boolean stored = (bits & 16) > 0;
      boolean lendsResponses = (bits & 32) > 0;
      BatchVerdict verdict =
          new BatchVerdict(
              9,
              RESPONSES,
              List.of(use("m1", 1), use("x", 3)),
              stored ? OptionalInt.of(5) : OptionalInt.empty(),
              faulty ? Optional.of(new BatchRefusal(7, Reason.STREAM)) : Optional.empty());
      Terms terms =
          new Terms(
              lent ? Set.of(RESPONSES, CHATS) : Set.of(CHATS),
              Optional.of(Set.of(ModelPattern.written(models ? "*" : "m*"))),
              lendsResponses);

      assertThat(verdict.refusal(otherEndpoint ? CHATS : RESPONSES, terms))
          .as(Integer.toBinaryString(bits))
          .isEqualTo(expected(faulty, otherEndpoint, lent, models, stored && !lendsResponses));
    }
  }

  @Test
  void a_file_that_was_not_read_is_refused() {
    BatchRefusal unread = new BatchRefusal(0, Reason.NOT_SCANNED);

    assertThat(BatchVerdict.of(unread).refusal("", new Terms(Set.of(""), Optional.empty(), true)))
        .contains(unread);
  }
}
