package io.claviger.domain.spending;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.usage.TokenUsage;
import io.claviger.domain.usage.UsageModel;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ObservedUseTest {
  private static RequestedUse asked(long bytes, boolean elsewhere, boolean streams, long output) {
    return new RequestedUse(
        new UsageModel("m"),
        OperationKind.TEXT,
        bytes,
        OptionalLong.of(output),
        Optional.empty(),
        1,
        elsewhere,
        1,
        false,
        streams);
  }

  @Test
  void a_dense_body_raises_the_estimate_at_once_and_thin_ones_lower_it_slowly() {
    ObservedUse dense = ObservedUse.NONE.after(asked(1_000, false, false, 9), 900, 10);
    assertThat(dense.tokensPerByte()).isEqualTo(0.9);

    ObservedUse later = dense;
    for (int i = 0; i < 1_000; i++) {
      later = later.after(asked(1_000, false, false, 9), 1, 1);
    }
    assertThat(later.tokensPerByte()).isEqualTo(0.1);
    assertThat(later.output()).isLessThan(200);
  }

  @Test
  void bodies_that_refer_elsewhere_or_are_small_say_nothing_of_bytes() {
    ObservedUse after =
        ObservedUse.NONE
            .after(asked(1_000, true, false, 9), 50_000, 10)
            .after(asked(10, false, false, 9), 500, 10);

    assertThat(after.tokensPerByte()).isEqualTo(ObservedUse.NONE.tokensPerByte());
    assertThat(after.inputElsewhere()).isEqualTo(50_000);
  }

  @ParameterizedTest
  @CsvSource({"false, 100000, 2, 400", "false, 300, 2, 300", "true, 100000, 2, 0"})
  void who_leaves_without_an_answer_has_used_what_a_model_writes_in_that_time(
      boolean streams, long most, long seconds, long output) {
    TokenUsage used =
        UnansweredUse.of(asked(401, false, streams, most), 401, TimeUnit.SECONDS.toNanos(seconds));

    assertThat(used.input()).isEqualTo(101);
    assertThat(used.output()).isEqualTo(output);
    assertThat(used.estimated().requests()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "POST, embeddings, INPUT",
    "POST, v2/embed, INPUT",
    "POST, v1beta/models/m:embedContent, INPUT",
    "POST, rerank, INPUT",
    "POST, moderations, NOTHING",
    "GET, models, NOTHING",
    "POST, v1/messages/count_tokens, NOTHING",
    "POST, v1beta/models/m:countTokens, NOTHING",
    "POST, chat/completions, TEXT",
    "POST, responses, TEXT",
    "POST, v1beta/models/m:streamGenerateContent, TEXT",
    "POST, audio/speech, MEDIA",
    "POST, v1/audio/transcriptions, MEDIA",
    "POST, images/generations, IMAGES",
    "POST, images, TEXT",
    "POST, '', TEXT"
  })
  void operations_are_told_apart_by_what_they_use(String method, String path, OperationKind kind) {
    assertThat(OperationKind.of(method, path)).isEqualTo(kind);
  }
}
