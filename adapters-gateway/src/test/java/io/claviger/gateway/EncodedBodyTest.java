package io.claviger.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.policy.KeySource;
import io.claviger.domain.standards.WireFormat;
import io.claviger.domain.usage.UsageCounts;
import io.claviger.stub.RecordedRequest;
import io.claviger.testkit.http.TestResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Request bodies with a content encoding. */
class EncodedBodyTest {
  @AutoClose private final Rig rig = new Rig();
  private final byte[] zipped = zipped(Rig.embedding("good"));

  @Test
  void an_encoded_body_goes_on_with_its_encoding_to_the_callers_own_account() {
    rig.lend(rig.at(WireFormat.OPENAI).from(KeySource.USER));
    send();

    RecordedRequest seen = rig.stub.requests().get(0);
    assertThat(seen.headers("content-encoding")).containsExactly("gzip");
    assertThat(seen.body()).isEqualTo(zipped);
  }

  @Test
  void it_is_refused_where_the_body_must_be_read() {
    rig.authorizer.grant(Rig.TOKEN, rig.at(WireFormat.OPENAI), "good");
    TestResponse answer = send();

    assertThat(answer.status()).isEqualTo(415);
    assertThat(answer.values("x-claviger-error")).containsExactly("body_encoded");
    assertThat(answer.values("x-should-retry")).containsExactly("false");
    assertThat(answer.body()).contains("without a content encoding");
    assertThat(rig.stub.requests()).isEmpty();
    assertThat(rig.events.awaitFinished(1).used().orElseThrow().counts())
        .isEqualTo(UsageCounts.REFUSED);
  }

  @Test
  void it_is_refused_where_others_use_the_same_key() {
    TestResponse answer = send();

    assertThat(answer.status()).isEqualTo(415);
    assertThat(answer.values("x-claviger-error")).containsExactly("body_encoded");
    assertThat(answer.body()).contains("Others use the same key");
    assertThat(rig.stub.requests()).isEmpty();
  }

  private TestResponse send() {
    return rig.post("embeddings", BodyPublishers.ofByteArray(zipped), "Content-Encoding", "gzip");
  }

  private static byte[] zipped(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(UTF_8));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
