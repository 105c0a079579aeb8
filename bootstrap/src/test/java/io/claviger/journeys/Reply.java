package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An answer of the API or the gateway. */
public record Reply(HttpResponse<String> response) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  int status() {
    return response.statusCode();
  }

  String body() {
    return response.body();
  }

  String header(String name) {
    return response.headers().firstValue(name).orElse("");
  }

  JsonNode json() {
    return JSON.readTree(body());
  }

  JsonNode at(String pointer) {
    return json().at(pointer);
  }

  String text(String pointer) {
    return at(pointer).asString();
  }

  /** One field of every item of a list. */
  List<String> items(String field) {
    isStatus(200);
    return at("/items").valueStream().map(item -> item.at("/" + field).asString()).toList();
  }

  public Reply isStatus(int wanted) {
    assertThat(status()).as("%s: %s", response.request(), body()).isEqualTo(wanted);
    return this;
  }

  /** A problem of the API. */
  Reply isProblem(int wanted, String code) {
    isStatus(wanted);
    assertThat(text("/type")).isEqualTo("urn:claviger:problem:" + code);
    return this;
  }

  /** A refusal of the gateway. */
  Reply isRefused(int wanted, String code) {
    isStatus(wanted);
    assertThat(header("X-Claviger-Error")).isEqualTo(code);
    return this;
  }
}
