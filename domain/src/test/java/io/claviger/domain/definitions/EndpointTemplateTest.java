package io.claviger.domain.definitions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.domain.Fault;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.definitions.EndpointTemplate.Kind;
import io.claviger.domain.definitions.EndpointTemplate.Setting;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTemplateTest {
  private static final Setting REGION =
      new Setting("region", Kind.LABEL, 20, Optional.empty(), Optional.empty());
  private static final Setting PROJECT =
      new Setting("project", Kind.SEGMENT, 30, Optional.empty(), Optional.empty());
  private static final EndpointTemplate CLOUD =
      new EndpointTemplate(
          "https://{region}-models.example.org:8443/v1/{project}/in/{region}",
          List.of(REGION, PROJECT));

  private static final EndpointTemplate VERSIONED =
      new EndpointTemplate(
          "https://models.example.org/v1",
          List.of(
              new Setting(
                  "version",
                  Kind.QUERY,
                  20,
                  Optional.of("api-version"),
                  Optional.of(new SettingPattern("[0-9]{4}-[0-9]{2}-[0-9]{2}"))),
              sent("team", Kind.HEADER, "X-Team")));

  @Test
  void settings_fill_their_places() {
    assertThat(rendered(Map.of("region", "eu-west4", "project", "my.Project_1~")))
        .isEqualTo(
            new EndpointTemplate.Result.Made(
                Endpoint.of(
                    "https://eu-west4-models.example.org:8443/v1/my.Project_1~/in/eu-west4"),
                SentSettings.NONE));
  }

  @Test
  void each_setting_is_needed_and_no_other_is_taken() {
    assertThat(faults(Map.of("project", "p", "host", "evil")))
        .extracting(fault -> fault.pointer() + " " + fault.code())
        .containsExactly("/settings/region required", "/settings/host not_allowed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "-eu",
        "eu-",
        "EU",
        "xn--eu",
        "eu_1",
        "aaaaaaaaaaaaaaaaaaaaa",
        "..",
        "~"
      })
  void what_is_no_part_of_a_label_never_gets_into_a_host(String region) {
    assertThat(faults(Map.of("region", region, "project", "p"))).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a/b", "a\\b", "a%2fb", "a?b", "a#b", "a@b", "a:b", "a b", "{a}", "a;b", "$1", "a&b", "a=b"
      })
  void what_ends_a_segment_never_gets_into_a_path(String project) {
    assertThat(faults(Map.of("region", "eu", "project", project))).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {".", "..", "...", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"})
  void dots_alone_and_long_values_never_get_into_a_path(String project) {
    assertThat(faults(Map.of("region", "eu", "project", project))).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        " a",
        "a ",
        "a\rb",
        "a\nb",
        "a\0b",
        "a\tb",
        "\u007F",
        "\u202Ea",
        "\u00E9",
        "\uD83D\uDE00"
      })
  void no_service_has_a_value_that_ends_a_header(String value) {
    assertThatThrownBy(() -> new ServiceSettings(Map.of("project", value)))
        .isInstanceOf(InvalidValue.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{region}://models.example.org",
        "http{region}://models.example.org",
        "https://models.{region}.org",
        "https://models.example.{region}",
        "https://models.example.org{region}",
        "https://{region}",
        "https://{region}.org",
        "https://{region}.0.0.1",
        "https://{region}@models.example.org",
        "https://models.example.org:{region}",
        "https://{region}.example.org:44{region}",
        "https://models.example.org/v1?key={region}",
        "https://models.example.org/v1#{region}",
        "https://models.example.org/%2{region}",
        "https://models.example.org/{region",
        "https://models.example.org/{region}}",
        "https://models.example.org/{Region}",
        "https://models.example.org/{other}/{region}",
        "https://models.example.org/v1",
        "https://Models.example.org/{region}",
        "https://models.example.org/{region}/",
        "https://[::{region}]/",
        "{region}"
      })
  void a_setting_stands_neither_in_the_scheme_port_domain_nor_query(String text) {
    assertThatThrownBy(() -> new EndpointTemplate(text, List.of(REGION)))
        .isInstanceOf(InvalidValue.class);
  }

  @Test
  void what_stands_in_a_host_is_a_label_and_has_one_meaning() {
    assertThatThrownBy(
            () -> new EndpointTemplate("https://{project}.example.org", List.of(PROJECT)))
        .isInstanceOf(InvalidValue.class);
    assertThatThrownBy(
            () -> new EndpointTemplate("https://{region}.example.org", List.of(REGION, REGION)))
        .isInstanceOf(InvalidValue.class);
    assertThatThrownBy(
            () -> new Setting("region", Kind.LABEL, 64, Optional.empty(), Optional.empty()))
        .isInstanceOf(InvalidValue.class);
  }

  @Test
  void a_label_that_gets_too_long_together_is_refused() {
    EndpointTemplate template =
        new EndpointTemplate("https://" + "a".repeat(60) + "{region}.example.org", List.of(REGION));
    assertThat(template.rendered(new ServiceSettings(Map.of("region", "eu1"))))
        .isInstanceOf(EndpointTemplate.Result.Made.class);
    assertThat(template.rendered(new ServiceSettings(Map.of("region", "eu12"))))
        .isInstanceOf(EndpointTemplate.Result.Refused.class);
  }

  @Test
  void settings_are_sent_where_the_row_says_and_match_its_pattern() {
    assertThat(
            VERSIONED.rendered(new ServiceSettings(Map.of("version", "2024-10-21", "team", "a b"))))
        .isEqualTo(
            new EndpointTemplate.Result.Made(
                Endpoint.of("https://models.example.org/v1"),
                SentSettings.of(List.of("query api-version=2024-10-21", "header X-Team=a b"))));
    assertThat(VERSIONED.rendered(new ServiceSettings(Map.of("version", "latest", "team", "a"))))
        .isInstanceOfSatisfying(
            EndpointTemplate.Result.Refused.class,
            no ->
                assertThat(no.faults())
                    .extracting(Fault::pointer)
                    .containsExactly("/settings/version"));
    assertThat(VERSIONED.rendered(ServiceSettings.NONE))
        .isInstanceOf(EndpointTemplate.Result.Refused.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host", "authorization", "Cookie", "X-Claviger-Hop", "Content-Length", "transfer-encoding",
        "X-Forwarded-For", "connection", "a b", "a:b", "a\r\nb", ""
      })
  void no_row_sends_a_setting_as_a_header_that_others_govern(String name) {
    assertThatThrownBy(
            () -> new Setting("team", Kind.HEADER, 10, Optional.of(name), Optional.empty()))
        .isInstanceOf(InvalidValue.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a=b", "a&b", "a b", "a%20", "\u00E9", "a#", "a?b"})
  void the_name_of_a_parameter_is_plain(String name) {
    assertThatThrownBy(
            () -> new Setting("team", Kind.QUERY, 10, Optional.of(name), Optional.empty()))
        .isInstanceOf(InvalidValue.class);
  }

  @Test
  void what_is_sent_has_a_name_and_what_stands_in_the_endpoint_has_none() {
    assertThatThrownBy(
            () -> new Setting("team", Kind.QUERY, 10, Optional.empty(), Optional.empty()))
        .isInstanceOf(InvalidValue.class);
    assertThatThrownBy(
            () -> new Setting("team", Kind.LABEL, 10, Optional.of("team"), Optional.empty()))
        .isInstanceOf(InvalidValue.class);
    assertThatThrownBy(
            () ->
                new EndpointTemplate(
                    "https://models.example.org/{team}",
                    List.of(sent("team", Kind.HEADER, "X-Team"))))
        .isInstanceOf(InvalidValue.class);
    assertThatThrownBy(
            () ->
                new EndpointTemplate(
                    "https://models.example.org",
                    List.of(
                        sent("team", Kind.HEADER, "X-Team"), sent("other", Kind.HEADER, "x-team"))))
        .isInstanceOf(InvalidValue.class);
  }

  private static Setting sent(String name, Kind kind, String as) {
    return new Setting(name, kind, 64, Optional.of(as), Optional.empty());
  }

  private static EndpointTemplate.Result rendered(Map<String, String> values) {
    return CLOUD.rendered(new ServiceSettings(values));
  }

  private static List<Fault> faults(Map<String, String> values) {
    return switch (rendered(values)) {
      case EndpointTemplate.Result.Refused no -> no.faults();
      case EndpointTemplate.Result.Made made -> List.of();
    };
  }
}
