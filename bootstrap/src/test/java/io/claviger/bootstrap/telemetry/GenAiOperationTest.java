package io.claviger.bootstrap.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.bootstrap.telemetry.CallSpans.GenAiOperation;
import io.claviger.domain.standards.WireFormat;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GenAiOperationTest {
  @ParameterizedTest
  @CsvSource({
    "chat/completions, chat",
    "openai/deployments/gpt/chat/completions, chat",
    "responses, chat",
    "realtime, chat",
    "v1/messages, chat",
    "v2/chat, chat",
    "api/chat, chat",
    "completions, text_completion",
    "fim/completions, text_completion",
    "api/generate, text_completion",
    "embeddings, embeddings",
    "v2/embed, embeddings",
    "v1beta/models/gemini-pro:embedContent, embeddings",
    "v1beta/models/gemini-pro:streamGenerateContent, generate_content",
    "model/amazon.nova-pro-v1:0/converse-stream, chat",
    "publishers/anthropic/models/claude@1:streamRawPredict, chat",
    "publishers/anthropic/models/count-tokens:rawPredict, other",
    "publishers/google/models/text-embedding-005:predict, embeddings",
    "publishers/google/models/imagen-4:predict, image_generation",
    "model/amazon.titan-embed-text-v2%3A0/invoke, generate_content",
    "files, files",
    "files/{id}/content, files",
    "vector_stores/{id}/files, vector_stores",
    "responses/{id}/cancel, responses",
    "chat/completions/{id}/messages, chat",
    "v1/messages/count_tokens, other",
    "whatever/somebody/asks, other",
    "'', other"
  })
  void paths_have_the_names_of_the_conventions(String path, String name) {
    assertThat(GenAiOperation.of(path)).isEqualTo(name);
  }

  @Test
  void operations_on_stored_objects_have_a_name() {
    assertThat(
            Arrays.stream(WireFormat.values())
                .flatMap(format -> format.api().storage().all().stream())
                .map(each -> GenAiOperation.of(each.operation().path())))
        .doesNotContain(GenAiOperation.OTHER);
  }

  @Test
  void operations_that_use_a_model_have_a_name() {
    Set<String> unnamed =
        Arrays.stream(WireFormat.values())
            .flatMap(format -> format.operations().stream())
            .map(operation -> operation.value().substring(operation.value().indexOf(' ') + 1))
            .filter(path -> GenAiOperation.of(path).equals(GenAiOperation.OTHER))
            .collect(Collectors.toSet());
    assertThat(unnamed)
        .allMatch(
            path ->
                path.matches(
                    "(.*(count[_-]?tokens|input_tokens|compact|tokenize|detokenize|classify|edits"
                        + "|variations|ocr|show|version|ps|\\{id}|\\{model})(?i))|.*countTokens"));
  }
}
