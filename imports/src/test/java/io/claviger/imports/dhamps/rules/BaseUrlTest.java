package io.claviger.imports.dhamps.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.policy.Operation;
import io.claviger.domain.standards.WireFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BaseUrlTest {
  @ParameterizedTest
  @CsvSource({
    "OPENAI, https://api.openai.com/v1/embeddings, https://api.openai.com/v1",
    "OPENAI, https://api.openai.com/v1/embeddings/, https://api.openai.com/v1",
    "OPENAI, https://api.openai.com/v1/chat/completions, https://api.openai.com/v1",
    "OPENAI, https://api.openai.com/v1/completions, https://api.openai.com/v1",
    "OPENAI, https://api.openai.com/v1, https://api.openai.com/v1",
    "OPENAI, http://host:8080/embeddings, http://host:8080",
    "OPENAI, https://host/v1/embeddings/more, https://host/v1/embeddings/more",
    "OPENAI, https://host/v1/models, https://host/v1/models",
    "COHERE, https://api.cohere.com/v2/embed, https://api.cohere.com",
    "COHERE, https://api.cohere.com/v1/embed, https://api.cohere.com",
    "COHERE, https://proxy/cohere/v2/embed, https://proxy/cohere",
    "GEMINI, https://g.com/v1beta/models/m-001:embedContent, https://g.com",
    "GEMINI, https://g.com/v1/models/m:generateContent, https://g.com",
    "GEMINI, https://g.com/models/m:embedContent, https://g.com",
    "GEMINI, https://proxy/g/v1beta/models/m:embedContent, https://proxy/g",
    "GEMINI, https://proxy/g/models/m:embedContent, https://proxy/g",
    "GEMINI, https://g.com/v1beta, https://g.com/v1beta",
    "ANTHROPIC, https://api.anthropic.com/v1/messages, https://api.anthropic.com"
  })
  void a_known_operation_is_cut_off(WireFormat format, String url, String base) {
    assertThat(BaseUrl.of(url, format.operations()).endpoint()).hasToString(base);
  }

  @ParameterizedTest
  @CsvSource({
    "https://llm.example.org/embed, https://llm.example.org, POST embed",
    "https://llm.example.org/a/b/embed/, https://llm.example.org/a/b, POST embed",
    "https://llm.example.org/models/m:embed, https://llm.example.org/models, POST m:embed"
  })
  void of_an_unknown_format_the_last_segment_is_the_operation(
      String url, String base, String operation) {
    BaseUrl cut = BaseUrl.withoutLastSegment(url);
    assertThat(cut.endpoint()).hasToString(base);
    assertThat(cut.operation()).contains(new Operation(operation));
  }

  @Test
  void a_host_alone_names_no_operation() {
    assertThat(BaseUrl.withoutLastSegment("https://llm.example.org/").operation()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no url",
        "ftp://host/embed",
        "https://user:secret@host/v1/embeddings",
        "https://host/v1/embeddings?key=secret",
        "https://host/../v1",
        "https://host/embed\u0000"
      })
  void what_is_no_endpoint_is_refused_and_not_repeated(String url) {
    for (Runnable cut :
        List.<Runnable>of(
            () -> BaseUrl.of(url, WireFormat.OPENAI.operations()),
            () -> BaseUrl.withoutLastSegment(url))) {
      assertThatExceptionOfType(InvalidValue.class)
          .isThrownBy(cut::run)
          .withMessageNotContaining("secret");
    }
  }

  @Test
  void a_format_is_known_by_urls_that_all_name_one_of_its_operations() {
    assertThat(BaseUrl.formatOf(Set.of("https://h/v1/embeddings", "https://h/v1/chat/completions")))
        .contains(WireFormat.OPENAI);
    assertThat(BaseUrl.formatOf(Set.of("https://h/v2/embed"))).contains(WireFormat.COHERE);
    assertThat(BaseUrl.formatOf(Set.of("https://h/v1/messages"))).contains(WireFormat.ANTHROPIC);
    assertThat(BaseUrl.formatOf(Set.of("https://h/v1beta/models/m:embedContent")))
        .contains(WireFormat.GEMINI);
    assertThat(BaseUrl.formatOf(Set.of("https://h/embed"))).isEmpty();
    assertThat(BaseUrl.formatOf(Set.of("https://h/v1/embeddings", "https://h/embed"))).isEmpty();
    assertThat(BaseUrl.formatOf(Set.of("https://h/v1/embeddings", "nonsense"))).isEmpty();
    assertThat(BaseUrl.formatOf(Set.of())).isEmpty();
  }
}
