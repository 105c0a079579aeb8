package io.claviger.gateway.head;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.policy.Operation;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.head.RootPaths.Only;
import io.claviger.gateway.head.RootPaths.Row;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RootPathsTest {
  private static String led(String method, String uri, String... headers) {
    HttpRequest request =
        new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.valueOf(method), uri);
    for (int i = 0; i < headers.length; i += 2) {
      request.headers().add(headers[i], headers[i + 1]);
    }
    return RootPaths.lead(request).uri();
  }

  private static String led(Row row, String uri) {
    String method = row.only() == Only.POST ? "POST" : "GET";
    return row.only() == Only.ANTHROPIC
        ? led(method, uri, "Anthropic-Version", "2023-06-01")
        : led(method, uri);
  }

  private static String filled(String pattern, String end) {
    return pattern.replaceAll("\\{[a-z]+\\}", "some-1").replace("/…", end);
  }

  @Test
  void each_row_leads_where_it_says() {
    for (Row row : RootPaths.rows()) {
      for (String end : List.of("", "/", "/x/y", "/%2e%2e/../;?a=/v1/b")) {
        if (row.from().endsWith("/…")) {
          assertThat(led(row, filled(row.from(), end)))
              .as("%s with %s", row, end)
              .isEqualTo(filled(row.to(), end));
        }
      }
      assertThat(led(row, filled(row.from(), "") + "?key=k"))
          .as("%s", row)
          .isEqualTo(filled(row.to(), "") + "?key=k");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /v1/chat/completions, /gateway/openai/v1/chat/completions",
    "POST, /chat/completions, /gateway/openai/v1/chat/completions",
    "POST, http://host:8081/v1/embeddings?a=b, /gateway/openai/v1/embeddings?a=b",
    "GET, /v1/models/a%2Fb, /gateway/openai/v1/models/a%2Fb",
    "POST, /v1/messages, /gateway/anthropic/v1/messages",
    "GET, /v1/messages/batches, /gateway/openai/v1/messages/batches",
    "POST, /v1/chat, /gateway/cohere/v1/chat",
    "POST, /v2/embed, /gateway/cohere/v2/embed",
    "POST, /v1beta/models/g:embedContent?key=k, /gateway/gemini/v1beta/models/g:embedContent?key=k",
    "POST, /v1alpha/models/g:embedContent, /gateway/gemini/v1alpha/models/g:embedContent",
    "POST, /upload/v1alpha/files, /gateway/gemini/upload/v1alpha/files",
    "POST, /v1/models/g:countTokens, /gateway/gemini/v1/models/g:countTokens",
    "POST, /openai/deployments/d/embeddings?api-version=1, /gateway/openai/deployments/d/embeddings?api-version=1",
    "POST, /vertex_ai/v1/projects/p-1/locations/eu/publishers/google/models/g:x, /gateway/gemini/models/g:x"
  })
  void paths_lead_by_what_they_are(String method, String uri, String to) {
    assertThat(led(method, uri)).isEqualTo(to);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/v1/models", "/v1/models/m", "/v1/files", "/v1/messages/batches", "/files/f"})
  void the_version_of_anthropic_decides_where_two_formats_have_a_path(String path) {
    assertThat(led("GET", path)).startsWith("/gateway/openai/v1/");
    assertThat(led("GET", path, "anthropic-version", "x")).startsWith("/gateway/anthropic/v1/");
    assertThat(led("POST", "/v1/chat/completions", "anthropic-version", "x"))
        .startsWith("/gateway/openai/");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "",
        "*",
        "/v1x/models",
        "/V1/models",
        "//v1/models",
        "/./v1/models",
        "/%76%31/models",
        "/x/v1/models",
        "/v1%2Fmodels",
        "/v1;x/models",
        "/v1\\models",
        "/chatx/completions",
        "/Chat/completions",
        "/ollama/api/chat",
        "/api/chat",
        "/console",
        "/metrics",
        "/health",
        "/key/generate",
        "/gateway",
        "/gateway/",
        "/gateway//v1/models",
        "/gateway/v1/models",
        "/gateway/services/alice/v1/models",
        "/v1beta1/models",
        "/vertex_ai/v1/models/g:x",
        "/vertex_ai/v1/projects/../locations/eu/publishers/google/models/g:x",
        "/vertex_ai/v1/projects/p/locations/%2e/publishers/google/models/g:x",
        "/vertex_ai/v1/projects/p/x/locations/eu/publishers/google/models/g:x",
        "/vertex_ai/v1/projects/p/locations/eu/publishers/anthropic/models/c:rawPredict",
        "http://v1/"
      })
  void everything_else_stays_as_it_is(String uri) {
    assertThat(led("GET", uri)).isEqualTo(uri);
    assertThat(led("POST", uri, "anthropic-version", "x")).isEqualTo(uri);
  }

  @Test
  void all_that_openai_has_is_led_without_its_version_too() {
    Stream.concat(
            WireFormat.OPENAI.api().operations().stream()
                .map(Operation::path)
                .map(path -> path.replaceAll("\\{[a-z]+\\}", "x")),
            Stream.of("files", "uploads", "batches", "conversations", "vector_stores", "containers")
                .map(stored -> stored + "/x"))
        .forEach(
            path -> assertThat(led("GET", "/" + path)).isEqualTo("/gateway/openai/v1/" + path));
  }

  @Test
  void the_documentation_has_the_table() throws IOException {
    String table =
        RootPaths.rows().stream()
            .map(
                row ->
                    "| `%s`%s | `%s` |\n"
                        .formatted(
                            row.from(),
                            row.only() == Only.ANY ? "" : ", " + row.only().words(),
                            row.to()))
            .collect(Collectors.joining());

    assertThat(Files.readString(Path.of("../docs/arriving.md"))).contains(table);
  }
}
