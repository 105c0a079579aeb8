package io.claviger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.stub.RecordedRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ForwardingTest {
  private final Rig rig = new Rig();

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void an_embedding_call_reaches_the_provider_with_the_key_and_comes_back() {
    HttpResponse<String> answer = rig.post("embeddings", Rig.embedding("text-embedding-3-small"));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("\"embedding\"");
    RecordedRequest seen = rig.stub.requests().get(0);
    assertThat(seen.uri()).isEqualTo("/v1/embeddings");
    assertThat(seen.headers("authorization")).containsExactly("Bearer " + Lent.KEY);
    assertThat(seen.text()).isEqualTo(Rig.embedding("text-embedding-3-small"));
  }
}
