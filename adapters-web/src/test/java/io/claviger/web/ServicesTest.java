package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.web.served.Client;
import io.claviger.web.served.Reply;
import io.claviger.web.served.Served;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ServicesTest {
  private Served served;
  private Client alice;

  @BeforeEach
  void start() {
    served = Served.start();
    alice = served.user("alice");
  }

  @AfterEach
  void stop() {
    served.close();
  }

  @Test
  void a_service_made_from_a_definition_copies_its_fields() {
    Reply created =
        alice.put(
            "/v1/llm-services/alice/my-openai",
            Map.of("definition", "_system/openai-large", "api_key", "sk-0123456789"));
    created.isStatus(201);
    assertThat(created.header("Location")).isEqualTo("/v1/llm-services/alice/my-openai");
    assertThat(created.text("/model")).isEqualTo("text-embedding-3-large");
    assertThat(created.text("/gateway_url"))
        .isEqualTo(Served.GATEWAY + "/gateway/services/alice/my-openai");
    assertThat(created.at("/has_api_key").booleanValue()).isTrue();
    Reply shown = alice.get("/v1/llm-services/alice/my-openai");
    assertThat(shown.json()).isEqualTo(created.json());
    assertThat(shown.header("ETag")).isEqualTo("\"1\"");
  }
}
