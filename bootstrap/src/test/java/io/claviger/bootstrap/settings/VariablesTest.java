package io.claviger.bootstrap.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VariablesTest {
  private static final Pattern NAME =
      Pattern.compile("`((?:CLAVIGER|DATABASE|ENCRYPTION|OTEL|VAULT)_\\w*)");

  @Test
  void the_documentation_lists_the_variables_that_are_read() throws IOException {
    Set<String> known =
        Variable.ALL.stream()
            .map(each -> each.name().replaceFirst("<.*", ""))
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> documented =
        Files.readAllLines(Path.of("../docs/settings.md")).stream()
            .filter(line -> line.startsWith("| `"))
            .map(line -> line.split("\\|", 3)[1])
            .flatMap(cell -> NAME.matcher(cell).results())
            .map(found -> found.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(documented).isEqualTo(known);
  }

  @Test
  void the_template_lists_the_variables_that_are_read() throws IOException {
    Path wanted = Files.writeString(Path.of("target/template.env"), Variable.template());
    assertThat(Path.of("../template.env"))
        .as("if variables were changed: cp bootstrap/%s .", wanted)
        .hasSameTextualContentAs(wanted);
  }

  @Test
  void no_document_names_a_variable_that_is_none() throws IOException {
    Pattern name = Pattern.compile("\\bCLAVIGER_[A-Z_]*[A-Z]\\b");
    try (Stream<Path> documents = Files.list(Path.of("../docs"))) {
      for (Path document :
          Stream.concat(documents, Stream.of(Path.of("../README.md")))
              .filter(file -> file.toString().endsWith(".md"))
              .toList()) {
        assertThat(name.matcher(Files.readString(document)).results().map(found -> found.group()))
            .as(document.toString())
            .allMatch(found -> Variable.isKnown(found) || isOfTests(found));
      }
    }
  }

  private static boolean isOfTests(String name) {
    return name.startsWith("CLAVIGER_TEST_") || name.equals("CLAVIGER_CHROMIUM");
  }

  @Test
  void a_variable_that_is_not_listed_can_not_be_read() {
    Environment environment = new Environment(Map.of("CLAVIGER_SECRET_OPTION", "1"));
    assertThatThrownBy(() -> environment.text("CLAVIGER_SECRET_OPTION"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "CLAVIGER_PROT, CLAVIGER_PORT",
    "CLAVIGER_GATEWAY_PROT, CLAVIGER_GATEWAY_PORT",
    "CLAVIGER_LOGLEVEL, CLAVIGER_LOG_LEVEL",
    "CLAVIGER_DATABASE_URL, DATABASE_URL",
    "CLAVIGER_ENCRYPTION_KEY, ENCRYPTION_KEY",
    "CLAVIGER_ENCRYPTION_KEYFILE, ENCRYPTION_KEY_FILE",
    "CLAVIGER_TRUSTED_PROXY, CLAVIGER_TRUSTED_PROXIES"
  })
  void a_mistyped_name_is_told_with_the_one_that_was_meant(String name, String meant) {
    assertThat(UnknownVariables.in(Map.of(name, "hunter2")))
        .containsExactly(
            name + " is no variable of Claviger and has no effect: did you mean " + meant + "?");
  }

  @ParameterizedTest
  @CsvSource({
    "OTEL_EXPORTER_OLTP_ENDPOINT, OTEL_EXPORTER_OTLP_ENDPOINT",
    "OTEL_EXPORTER_OTLP_TRACE_ENDPOINT, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
    "OTEL_SERVICENAME, OTEL_SERVICE_NAME",
    "OTEL_BP_MAX_QUEUE_SIZE, OTEL_BSP_MAX_QUEUE_SIZE",
    "OTEL_TRACES_SAMPLER_ARGS, OTEL_TRACES_SAMPLER_ARG"
  })
  void a_mistyped_name_of_open_telemetry_is_told_too(String name, String meant) {
    assertThat(UnknownVariables.in(Map.of(name, "hunter2")))
        .containsExactly(name + " is probably mistyped: did you mean " + meant + "?");
  }

  @Test
  void a_name_that_resembles_none_is_told_with_where_to_look() {
    assertThat(UnknownVariables.in(Map.of("CLAVIGER_FAVOURITE_COLOUR", "blue")))
        .containsExactly(
            "CLAVIGER_FAVOURITE_COLOUR is no variable of Claviger and has no effect:"
                + " `claviger serve --help` lists them");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CLAVIGER_PORT",
        "CLAVIGER_DEPLOYMENT_KEY_OPENAI_COMPAT_FILE",
        "CLAVIGER_TEST_DATABASE_URL",
        "OTEL_EXPORTER_OTLP_LOGS_HEADERS",
        "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE",
        "OTEL_JAVA_DISABLED_RESOURCE_PROVIDERS",
        "OTEL_SPAN_EVENT_COUNT_LIMIT",
        "OTEL_X",
        "PATH",
        "DATABASE_URI"
      })
  void known_names_and_those_of_others_are_not_told(String name) {
    assertThat(UnknownVariables.in(Map.of(name, "x"))).isEmpty();
  }

  @Test
  void unknown_names_are_told_with_the_faults_that_they_may_have_caused() {
    assertThat(Faults.of(Map.of("CLAVIGER_PORT", "x", "CLAVIGER_HOTS", "localhost")))
        .isEqualTo(
            List.of(
                "CLAVIGER_PORT must be a whole number from 0 to 65535",
                "CLAVIGER_HOTS is no variable of Claviger and has no effect:"
                    + " did you mean CLAVIGER_HOST?"));
  }
}
