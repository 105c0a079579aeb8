package io.claviger.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.objects.UploadLinks;
import io.claviger.application.objects.port.ObjectLedger.Recorded;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.ObjectName;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.head.BodySizes;
import io.claviger.testkit.http.TestClient;
import io.claviger.testkit.http.TestResponse;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that arrive at addresses which need no token. */
class ResumableUploadTest {
  private static final String BOBS = "clv_bob";
  private static final String BOBS_OTHER = "clv_bob2";
  private static final String CAROLS = "clv_carol";
  private static final String PATH = Rig.path("upload/v1beta/files");
  private static final Pattern NAME = Pattern.compile("\"name\"\\s*:\\s*\"files/([^\"]+)\"");

  @AutoClose
  private final Rig rig =
      new Rig(settings -> settings.withBodySizes(BodySizes.USUAL.withMost(1 << 20)));

  private TestService lent;
  private TestClient bob;
  private TestClient nobody;

  @BeforeEach
  void lend() {
    lent = rig.at(WireFormat.GEMINI).storing(ObjectKind.FILES);
    rig.authorizer.grant(BOBS, lent.calledBy(new User.Id(new UUID(1, 1))));
    rig.authorizer.grant(BOBS_OTHER, lent.calledBy(new User.Id(new UUID(1, 1))));
    rig.authorizer.grant(CAROLS, lent.calledBy(new User.Id(new UUID(1, 2))));
    bob = rig.anonymous().withToken(BOBS);
    nobody = rig.anonymous();
  }

  private TestResponse start(String title) {
    return start(title, "X-Goog-Upload-Header-Content-Type", "text/plain");
  }

  private TestResponse start(String title, String header, String value) {
    return bob.send(
        "POST",
        PATH,
        BodyPublishers.ofString(
            "{\"file\":{\"name\":\"files/mine\",\"display_name\":\"" + title + "\"}}"),
        "Content-Type",
        "application/json",
        "X-Goog-Upload-Protocol",
        "resumable",
        "X-Goog-Upload-Command",
        "start",
        header,
        value);
  }

  private String address() {
    TestResponse answer = start("a");
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return below(answer.values("x-goog-upload-url").getFirst());
  }

  private String below(String url) {
    String own = "http://127.0.0.1:" + rig.gateway.address().getPort();
    assertThat(url).startsWith(own + PATH + "?claviger_upload=");
    return url.substring(own.length());
  }

  private static TestResponse part(
      TestClient who, String address, long offset, String command, byte[] bytes) {
    return who.send(
        "POST",
        address,
        BodyPublishers.ofByteArray(bytes),
        "X-Goog-Upload-Command",
        command,
        "X-Goog-Upload-Offset",
        Long.toString(offset));
  }

  private static TestResponse whole(TestClient who, String address) {
    return part(who, address, 0, "upload, finalize", "files/0123".getBytes(UTF_8));
  }

  private static String id(TestResponse answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    Matcher found = NAME.matcher(answer.body());
    assertThat(found.find()).as(answer.body()).isTrue();
    return found.group(1);
  }

  @Test
  void a_file_arrives_in_parts_without_a_token_and_is_its_makers() {
    String address = address();
    byte[] bytes = new byte[900_000];
    Arrays.fill(bytes, (byte) '{');

    TestResponse first = part(nobody, address, 0, "upload", bytes);
    assertThat(first.status()).as(first.body()).isEqualTo(200);
    assertThat(first.values("x-goog-upload-status")).containsExactly("active");
    assertThat(rig.held.names()).isEmpty();
    TestResponse last = part(nobody, address, bytes.length, "upload, finalize", bytes);

    String id = id(last);
    assertThat(last.values("x-goog-upload-status")).containsExactly("final");
    ObjectName file = new ObjectName(ObjectKind.FILES, id);
    assertThat(rig.held.names()).containsExactly(file);
    assertThat(rig.held.row(file).bytes()).isEqualTo(2L * bytes.length);
    assertThat(rig.held.row(file).expiresAt()).isPresent();
    assertThat(bob.get(Rig.path("v1beta/files")).body()).contains("{\"files\":[", id);
    TestClient carol = nobody.withToken(CAROLS);
    assertThat(carol.get(Rig.path("v1beta/files/" + id)).status()).isEqualTo(404);
    assertThat(use(bob, id)).isEqualTo(200);
    assertThat(use(carol, id)).isEqualTo(404);
    assertThat(bob.delete(Rig.path("v1beta/files/" + id)).status()).isEqualTo(200);
  }

  @Test
  void an_upload_sets_no_header_that_google_would_read_elsewhere() {
    TestResponse unused = start("x", "X-Goog-Upload-Header-X-Goog-User-Project", "another");

    assertThat(rig.stub.requests().getLast().header("x-goog-upload-command")).isEqualTo("start");
    assertThat(rig.stub.requests().getLast().headers().toString())
        .doesNotContainIgnoringCase("x-goog-user-project");
  }

  private static int use(TestClient who, String id) {
    return who.send(
            "POST",
            Rig.path("v1beta/models/m:generateContent"),
            BodyPublishers.ofString(
                "{\"contents\":[{\"parts\":[{\"fileData\":{\"fileUri\":\"https://generativelanguage.googleapis.com/v1beta/files/%s\"}}]}]}"
                    .formatted(id)),
            "Content-Type",
            "application/json")
        .status();
  }

  @Test
  void the_providers_own_address_and_the_callers_choice_of_a_name_do_not_pass() {
    TestResponse answer = start("a");

    assertThat(answer.values("x-goog-upload-url")).hasSize(1);
    assertThat(answer.values("x-goog-upload-control-url")).allSatisfy(this::below);
    assertThat(answer.values("x-goog-upload-url").getFirst())
        .doesNotContain("upload_id", String.valueOf(rig.stub.port()));
    assertThat(rig.stub.requests().getLast().text()).doesNotContain("files/mine").contains("\"a\"");
  }

  @Test
  void a_token_that_comes_along_has_to_be_of_the_same_user() {
    String address = address();

    TestResponse refused = whole(nobody.withToken(CAROLS), address);
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.values("x-claviger-error")).containsExactly("upload_ended");
    assertThat(whole(nobody.withToken("clv_unknown"), address).status()).isEqualTo(403);
    assertThat(whole(nobody.withToken(BOBS_OTHER), address).status()).isEqualTo(200);
    assertThat(whole(bob, address()).status()).isEqualTo(200);
  }

  @Test
  void it_ends_with_the_token_with_which_it_began() {
    String address = address();
    rig.authorizer.revoke(BOBS);

    TestResponse refused = whole(nobody, address);

    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.values("x-claviger-error")).containsExactly("upload_ended");
    assertThat(whole(nobody.withToken(BOBS_OTHER), address).status()).isEqualTo(403);
    assertThat(rig.held.names()).isEmpty();
  }

  @Test
  void it_serves_for_nothing_else() {
    String sealed = address().replaceFirst(".*\\?", "?");
    int sent = rig.stub.requests().size();

    for (String path :
        new String[] {
          Rig.path("v1beta/files"),
          Rig.path("v1beta/models/m:generateContent"),
          Rig.path("upload/v1alpha/files"),
          "/gateway/services/alice/other/upload/v1beta/files"
        }) {
      assertThat(whole(nobody, path + sealed).status()).as(path).isEqualTo(403);
      assertThat(nobody.get(path + sealed).status()).as(path).isEqualTo(403);
    }
    assertThat(rig.stub.requests()).hasSize(sent);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "", "KnVwbG9hZA", "%00", "a&claviger_upload=b"})
  void what_is_not_sealed_here_is_refused(String sealed) {
    TestResponse refused = whole(bob, PATH + "?claviger_upload=" + sealed);

    assertThat(refused.status()).isEqualTo(403);
    assertThat(rig.stub.requests()).isEmpty();
  }

  private String link(Instance.Id service, String authority, Instant until) {
    return below(
        rig.uploads.write(
            new UploadLinks.Upload(
                service,
                TokenText.presented(BOBS).hash(),
                KeySource.CENTRAL + " " + Instant.EPOCH,
                PATH,
                authority,
                "upload/v1beta/files",
                "upload_id=x",
                until)));
  }

  @Test
  void it_ends_after_a_day_and_with_the_service_and_its_provider() {
    Instance.Id service = new Instance.Id(new UUID(0, 2));
    String authority = "127.0.0.1:" + rig.stub.port();
    Instant later = Instant.now().plusSeconds(60);

    assertThat(whole(nobody, link(service, authority, Instant.now())).status()).isEqualTo(403);
    assertThat(whole(nobody, link(service, "elsewhere.example", later)).status()).isEqualTo(403);
    assertThat(whole(nobody, link(new Instance.Id(new UUID(0, 9)), authority, later)).status())
        .isEqualTo(403);
    assertThat(rig.stub.requests()).isEmpty();
    assertThat(whole(nobody, link(service, authority, later)).status()).isEqualTo(404);
    assertThat(rig.stub.requests()).hasSize(1);
  }

  @Test
  void it_ends_when_the_call_would_use_another_key() {
    TestService bobs = lent.calledBy(new User.Id(new UUID(1, 1)));
    TestService own = bobs.from(KeySource.USER);
    TestService replaced = bobs.keySetAt(Instant.ofEpochSecond(1));
    for (List<TestService> change :
        List.of(List.of(own, bobs), List.of(bobs, own), List.of(bobs, replaced))) {
      rig.authorizer.grant(BOBS, change.getFirst());
      String address = address();
      rig.authorizer.grant(BOBS, change.getLast());
      int sent = rig.stub.requests().size();

      TestResponse refused = whole(nobody, address);

      assertThat(refused.status()).isEqualTo(403);
      assertThat(refused.values("x-claviger-error")).containsExactly("upload_ended");
      assertThat(rig.stub.requests()).hasSize(sent);
      rig.authorizer.grant(BOBS, change.getFirst());
      assertThat(whole(nobody, address).status()).isEqualTo(200);
    }
  }

  @Test
  void an_address_elsewhere_is_refused() {
    TestResponse answer = start("stub-foreign-url");

    assertThat(answer.status()).as(answer.body()).isEqualTo(502);
    assertThat(answer.values("x-goog-upload-url")).isEmpty();
  }

  @Test
  void what_is_too_much_is_deleted_at_the_provider() {
    String address = address();
    rig.held.answer(Recorded.FULL);

    TestResponse answer = whole(nobody, address);

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.values("x-claviger-error")).containsExactly("too_many_objects");
    assertThat(rig.stub.requests().getLast().method()).isEqualTo("DELETE");
    assertThat(rig.stub.objectIds(TestService.KEY)).isEmpty();
  }

  @Test
  void an_uploaded_file_may_be_larger_than_any_other_body() {
    byte[] large = new byte[3 << 20];

    assertThat(part(nobody, address(), 0, "upload, finalize", large).status()).isEqualTo(200);
    TestResponse refused =
        bob.send(
            "POST",
            Rig.path("v1beta/cachedContents"),
            BodyPublishers.ofByteArray(large),
            "Content-Type",
            "application/json");
    assertThat(refused.status()).isEqualTo(413);
  }
}
