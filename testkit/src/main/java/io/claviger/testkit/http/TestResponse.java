package io.claviger.testkit.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A response to a {@link TestClient}, with assertions. */
public record TestResponse(HttpResponse<String> response) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  public int status() {
    return response.statusCode();
  }

  public String body() {
    return response.body();
  }

  public HttpHeaders headers() {
    return response.headers();
  }

  /** Returns the first value of a header; empty if the header is absent. */
  public String header(String name) {
    return headers().firstValue(name).orElse("");
  }

  /** Returns all values of a header. */
  public List<String> values(String name) {
    return headers().allValues(name);
  }

  /** Returns the body, parsed as JSON. */
  public JsonNode json() {
    return JSON.readTree(body());
  }

  /** Returns the part of the body at a JSON pointer; a missing node if there is none. */
  public JsonNode at(String pointer) {
    return json().at(pointer);
  }

  /**
   * Returns the string at a JSON pointer. Fails if there is nothing at the pointer, or a value of
   * another type.
   */
  public String text(String pointer) {
    return at(pointer).stringValue();
  }

  /**
   * Finds the first match of a pattern in the body, and returns the match's first group. The
   * response must have the status 200.
   */
  public String found(Pattern pattern) {
    isStatus(200);
    Matcher found = pattern.matcher(body());
    assertThat(found.find()).as(body()).isTrue();
    return found.group(1);
  }

  /**
   * Returns the texts of one field in all items of an API list. The response must have the status
   * 200.
   */
  public List<String> items(String field) {
    isStatus(200);
    return at("/items").valueStream().map(item -> item.at("/" + field).asString()).toList();
  }

  public TestResponse isStatus(int expected) {
    assertThat(status()).as("%s: %s", response.request(), body()).isEqualTo(expected);
    return this;
  }

  /** Asserts that this response is an API problem with this status and code. */
  public TestResponse isProblem(int status, String code) {
    isStatus(status);
    assertThat(text("/type")).as(body()).isEqualTo("urn:claviger:problem:" + code);
    return this;
  }

  /**
   * Asserts that this response is a validation problem with exactly these faults, written like
   * {@code /model invalid_value}.
   */
  public TestResponse hasFaults(String... pointersAndCodes) {
    isStatus(422);
    assertThat(faults()).as(body()).containsExactlyInAnyOrder(pointersAndCodes);
    return this;
  }

  /** Asserts that a write was refused because it set exactly these read-only fields. */
  public TestResponse hasReadOnly(String... fields) {
    return hasFaults(
        Stream.of(fields).map(field -> "/" + field + " read_only").toArray(String[]::new));
  }

  /** Asserts that this response is a refusal of the gateway with this status and code. */
  public TestResponse isRefused(int status, String code) {
    isStatus(status);
    assertThat(header("X-Claviger-Error")).isEqualTo(code);
    return this;
  }

  private List<String> faults() {
    return at("/errors")
        .valueStream()
        .map(error -> error.at("/pointer").stringValue() + " " + error.at("/code").stringValue())
        .toList();
  }
}
