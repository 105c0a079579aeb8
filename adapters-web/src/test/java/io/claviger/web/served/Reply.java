package io.claviger.web.served;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpHeaders;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An answer. */
public record Reply(int status, HttpHeaders headers, String body) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  public JsonNode json() {
    return JSON.readTree(body);
  }

  /** What stands at a JSON pointer. */
  public JsonNode at(String pointer) {
    return json().at(pointer);
  }

  public String text(String pointer) {
    return at(pointer).stringValue();
  }

  public String header(String name) {
    return headers.firstValue(name).orElse("");
  }

  public Reply isStatus(int wanted) {
    assertThat(status).as(body).isEqualTo(wanted);
    return this;
  }

  /** A problem of a kind. */
  public Reply isProblem(int wanted, String code) {
    isStatus(wanted);
    assertThat(text("/type")).as(body).isEqualTo("urn:claviger:problem:" + code);
    return this;
  }

  /** A validation that found exactly these: {@code /dimensions invalid_value}. */
  public Reply hasFaults(String... pointersAndCodes) {
    isStatus(422);
    assertThat(faults()).as(body).containsExactlyInAnyOrder(pointersAndCodes);
    return this;
  }

  private List<String> faults() {
    return at("/errors")
        .valueStream()
        .map(e -> e.at("/pointer").stringValue() + " " + e.at("/code").stringValue())
        .toList();
  }
}
