package io.claviger.client.apply;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.client.json.JsonTrees;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class DifferencesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"endpoint": "https://API.example.org:443/v1/"} | {"endpoint": "https://api.example.org/v1"}
          {"endpoint": "http://10.0.0.1:80"}              | {"endpoint": "http://10.0.0.1"}
          {"endpoint": "https://BÜCHER.example/v1/"}      | {"endpoint": "https://xn--bcher-kva.example/v1"}
          {"endpoint": "https://例え。テスト:8443"}         | {"endpoint": "https://xn--r8jz45g.xn--zckzah:8443"}
          {"endpoint": "http://[2001:DB8:0:0:1:0:0:01]:8080/v1"} | {"endpoint": "http://[2001:db8::1:0:0:1]:8080/v1"}
          {"endpoint": "https://[0:0:0:0:0:0:0:1]:443/"}   | {"endpoint": "https://[::1]"}
          {"endpoint": "http://[1:0:0:2:0:0:0:0]"}        | {"endpoint": "http://[1:0:0:2::]"}
          {"endpoint": "http://[1:0:2::3]"}               | {"endpoint": "http://[1:0:2::3]"}
          {"endpoint": "http://[::FFFF:a00:1]:80"}        | {"endpoint": "http://[::ffff:10.0.0.1]"}
          {"endpoint": "http://[64:ff9b::192.0.2.1]"}     | {"endpoint": "http://[64:ff9b::c000:201]"}
          {"endpoint": "HTTP://llm_server:8000/v1/"}      | {"endpoint": "http://llm_server:8000/v1"}
          {"token_url": "https://bücher.example/t/"}      | {"token_url": "https://xn--bcher-kva.example/t/"}
          {"note": ""}                                    | {"note": null}
          {"organization": null}                          | {}
          {"limits": {"requests_per_minute": 5}}          | {"limits": {"requests_per_minute": 5, "models": null}}
          {"limits": {"models": ["a", "b"]}}              | {"limits": {"models": ["b", "a"]}}
          {"limits": {"budgets": []}}                     | {"limits": {"budgets": null}}
          {"limits_in_all": null}                         | {"limits_in_all": {"requests_per_minute": null}}
          {"limits_in_all": {"concurrent_calls": null}}   | {"limits_in_all": {"requests_per_minute": 5}}
          {"expires_at": "2026-01-01T01:00:00+01:00"}     | {"expires_at": "2026-01-01T00:00:00Z"}
          {"expires_at": "2026-01-01T00:00:00.1234569Z"}  | {"expires_at": "2026-01-01T00:00:00.123456Z"}
          {"input": "1.250"}                              | {"input": "1.25"}
          {"timeout_ms": 5}                               | {"timeout_ms": 5, "model": "m"}
          {"is_default": false}                           | {"is_default": true}
          {"metadata": {"a": [1.0], "b": {"c": null}}}    | {"metadata": {"b": {"c": null}, "a": [1]}}
          {"metadata": {}}                                | {}
          {"allow_dimension_change": true}                | {}
          {"targets": [{"service": "_system/a"}]}         | {"targets": [{"service": "_system/a", "status": "runnable"}]}
          {"budgets_in_all": [{"amount": "20", "unit": "usd", "window": "day"}]} | \
          {"budgets_in_all": [{"amount": "20.00", "unit": "usd", "window": "day", "zone": "UTC", "bound": "measured", "unpriced": "refuse"}]}
          """)
  void what_the_server_only_writes_in_another_form_is_the_same(String desired, String current) {
    assertThat(Differences.between(object(desired), object(current))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"endpoint": "https://a.example/v1"}   | {"endpoint": "https://a.example/V1"}  | endpoint
          {"endpoint": "https://bücher.example"} | {"endpoint": "https://bucher.example"} | endpoint
          {"metadata": {"a": 1}}                 | {"metadata": {"a": 1, "b": null}}     | metadata
          {"endpoint": "https://a.example:8443"} | {"endpoint": "https://a.example"}     | endpoint
          {"endpoint": "https://a.example/v1?b"} | {"endpoint": "https://a.example/v1"}  | endpoint
          {"endpoint": "http://[2001:db8::1]"}   | {"endpoint": "http://[2001:db8::10]"} | endpoint
          {"endpoint": "http://[1::2::3]"}       | {"endpoint": "http://[1::2:0:3]"}     | endpoint
          {"description": ""}                    | {"description": "x"}                  | description
          {"note": null}                         | {"note": "x"}                         | note
          {"model": "gemma-3.1"}                 | {"model": "gemma-3.10"}               | model
          {"model": "3.10"}                      | {"model": "3.1"}                      | model
          {"display_name": "007"}                | {"display_name": "7"}                 | display_name
          {"limits": {"models": ["a"]}}          | {"limits": {"models": ["a", "b"]}}    | limits.models
          {"limits": {"requests_per_minute": null}} | {"limits": {"requests_per_minute": 5}} | limits.requests_per_minute
          {"expires_at": "2026-01-01T00:00:00Z"} | {"expires_at": null}                  | expires_at
          {"enabled": false}                     | {"enabled": true}                     | enabled
          {"is_default": true}                   | {"is_default": false}                 | is_default
          {"targets": [{"service": "_system/a"}, {"service": "_system/b"}]} | \
          {"targets": [{"service": "_system/b"}, {"service": "_system/a"}]} | targets
          {"budgets_in_all": [{"amount": "20", "unit": "usd", "window": "day"}]} | \
          {"budgets_in_all": [{"amount": "20", "unit": "usd", "window": "day", "zone": "Europe/Berlin"}]} | budgets_in_all
          """)
  void what_means_something_else_differs(String desired, String current, String field) {
    assertThat(Differences.between(object(desired), object(current)))
        .extracting(FieldChange::field)
        .containsExactly(field);
  }

  @Test
  void a_field_that_the_file_does_not_mention_does_not_differ() {
    assertThat(Differences.between(object("{}"), object("{\"model\": \"m\", \"note\": \"x\"}")))
        .isEmpty();
  }

  private static ObjectNode object(String text) {
    JsonNode read = JsonTrees.read(text.getBytes(UTF_8));
    return (ObjectNode) read;
  }
}
