package io.claviger.credentials;

import static io.claviger.credentials.Asking.failure;
import static io.claviger.credentials.Asking.text;
import static io.claviger.credentials.Asking.token;
import static io.claviger.stub.TokenUrls.PROOF;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.claviger.application.credentials.port.CredentialMinter.MintFailure.Cause;
import io.claviger.application.credentials.port.CredentialMinter.MintResult;
import io.claviger.application.credentials.port.CredentialMinter.Minted;
import io.claviger.domain.credentials.Cloud;
import io.claviger.domain.credentials.CredentialField;
import io.claviger.domain.credentials.CredentialKind;
import io.claviger.stub.TokenUrls.Lie;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Date;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tests the identities of machines and pods as described on these pages, which were read on
 * 2026-11-23: "Container credential provider" and "Assume role with web identity" (AWS SDKs and
 * Tools Reference Guide); "Authenticate workloads to Google Cloud APIs using service accounts"
 * (Compute Engine); "How to use managed identities for Azure resources on an Azure VM to acquire an
 * access token" and "How to use managed identities for App Service" (learn.microsoft.com).
 */
@SuppressWarnings("NullAway.Init") // set by JUnit
class AmbientMinterTest {
  private static final String ROLE = "arn:aws:iam::123456789012:role/node";
  private static final String BEDROCK = "https://bedrock-runtime.us-gov-west-1.amazonaws.com";

  @TempDir private Path directory;

  private final Asking asking = new Asking();
  private final Map<String, String> environment = new HashMap<>();
  private final Set<Cloud> switchedOn = EnumSet.allOf(Cloud.class);

  @AfterEach
  void close() {
    asking.close();
  }

  private MintResult ask(Cloud cloud) {
    return ask(cloud, endpoint(cloud), true);
  }

  private static String endpoint(Cloud cloud) {
    return switch (cloud) {
      case AWS -> BEDROCK;
      case GOOGLE -> "https://europe-west4-aiplatform.googleapis.com";
      case AZURE -> "https://mine.openai.azure.com";
    };
  }

  private MintResult ask(Cloud cloud, String endpoint, boolean systemLevel) {
    return Asking.ask(
        new AmbientMinter(asking.http(), switchedOn, environment),
        CredentialKind.AMBIENT,
        Map.of(CredentialField.CLOUD, cloud.wireName()),
        "",
        endpoint,
        systemLevel);
  }

  private String file(String name, String text) throws Exception {
    return Files.writeString(directory.resolve(name), text + "\n").toString();
  }

  private static String request(Minted minted) {
    return new String(
        Base64.getDecoder().decode(text(minted.token()).substring(16)), StandardCharsets.UTF_8);
  }

  private String statement(ECKey key, String subject) throws Exception {
    SignedJWT jwt =
        new SignedJWT(
            new JWSHeader(JWSAlgorithm.ES256),
            new JWTClaimsSet.Builder()
                .subject(subject)
                .audience("sts.amazonaws.com")
                .issueTime(Date.from(asking.clock.instant()))
                .expirationTime(Date.from(asking.clock.instant().plusSeconds(600)))
                .build());
    jwt.sign(new ECDSASigner(key));
    return jwt.serialize();
  }

  @Test
  void a_pod_of_aws_assumes_its_role_again_and_again() throws Exception {
    ECKey key = new ECKeyGenerator(Curve.P_256).generate();
    asking.stub.tokens().webIdentity(ROLE, key.toECPublicKey(), "system:serviceaccount:a:b");
    asking.stub.tokens().bedrockRegion("us-gov-west-1");
    environment.put("AWS_ROLE_ARN", ROLE);
    environment.put("AWS_ENDPOINT_URL_STS", asking.stub.baseUrl() + "/tokens/sts");
    environment.put(
        "AWS_WEB_IDENTITY_TOKEN_FILE", file("token", statement(key, "system:serviceaccount:a:b")));
    for (int i = 0; i < 2; i++) {
      Minted minted = token(ask(Cloud.AWS));
      assertThat(minted.lifetime()).isEqualTo(Duration.ofMinutes(15));
      assertThat(request(minted)).contains("us-gov-west-1", "X-Amz-Security-Token=");
    }
    environment.put("AWS_WEB_IDENTITY_TOKEN_FILE", file("other", statement(key, "another")));
    assertThat(failure(ask(Cloud.AWS), "identity", Cause.REFUSED).reason())
        .contains("AccessDenied");
    asking.stub.tokens().lie(Lie.SECRET_IN_ERROR);
    assertThat(failure(ask(Cloud.AWS), "identity", Cause.REFUSED).reason())
        .contains("left out because it repeats the secret");
    environment.put("AWS_WEB_IDENTITY_TOKEN_FILE", "/nowhere");
    assertThat(failure(ask(Cloud.AWS), "identity", Cause.MISCONFIGURED).reason())
        .contains("AWS_WEB_IDENTITY_TOKEN_FILE");
  }

  @Test
  void a_container_of_aws_shows_its_proof() throws Exception {
    environment.put(
        "AWS_CONTAINER_CREDENTIALS_FULL_URI", asking.stub.baseUrl() + "/v1/credentials");
    environment.put("AWS_CONTAINER_AUTHORIZATION_TOKEN", "another");
    assertThat(failure(ask(Cloud.AWS), "identity", Cause.REFUSED).reason())
        .contains("The token is not mine.");
    environment.put("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", file("proof", PROOF));
    assertThat(
            request(token(ask(Cloud.AWS, "https://bedrock-runtime.eu-west-1.amazonaws.com", true))))
        .contains("eu-west-1");
    asking.stub.tokens().lie(Lie.EXPIRED);
    assertThat(failure(ask(Cloud.AWS), "identity", Cause.MISCONFIGURED).reason())
        .contains("already expired");
    environment.clear();
    assertThat(failure(ask(Cloud.AWS), "identity", Cause.MISCONFIGURED).reason())
        .contains("This machine has no identity of AWS");
  }

  @Test
  void a_machine_of_google_has_a_token() {
    environment.put("GCE_METADATA_HOST", "localhost:" + asking.stub.port());
    Minted minted = token(ask(Cloud.GOOGLE));
    assertThat(text(minted.token())).startsWith("stub-token-");
    assertThat(minted.lifetime()).isEqualTo(Duration.ofMinutes(15));
    asking.stub.tokens().lie(Lie.PAGE);
    assertThat(failure(ask(Cloud.GOOGLE), "identity", Cause.MISCONFIGURED).reason())
        .contains("not a JSON object");
  }

  @Test
  void a_machine_of_azure_and_its_agents_have_tokens() throws Exception {
    environment.put("AZURE_POD_IDENTITY_AUTHORITY_HOST", asking.stub.baseUrl());
    assertThat(token(ask(Cloud.AZURE)).lifetime()).isEqualTo(Duration.ofMinutes(15));
    environment.put("IDENTITY_ENDPOINT", asking.stub.baseUrl() + "/msi/token");
    environment.put("IDENTITY_HEADER", "another");
    assertThat(failure(ask(Cloud.AZURE), "identity", Cause.REFUSED).reason())
        .contains("The header is not mine.");
    environment.put("IDENTITY_HEADER", PROOF);
    assertThat(token(ask(Cloud.AZURE)).lifetime()).isEqualTo(Duration.ofMinutes(15));
  }

  @Test
  void a_pod_of_azure_shows_its_statement_at_its_tenant() throws Exception {
    environment.put("AZURE_FEDERATED_TOKEN_FILE", file("token", "a.b.c"));
    environment.put("AZURE_AUTHORITY_HOST", asking.stub.baseUrl() + "/");
    environment.put("AZURE_TENANT_ID", "my-tenant");
    environment.put("AZURE_CLIENT_ID", "my client");
    assertThat(failure(ask(Cloud.AZURE), "identity", Cause.MISCONFIGURED).reason()).contains("404");
    assertThat(asking.stub.requests())
        .singleElement()
        .matches(
            asked ->
                asked.uri().equals("/my-tenant/oauth2/v2.0/token")
                    && asked.text().contains("client_id=my+client&")
                    && asked.text().endsWith("client_assertion=a.b.c"));
  }

  /** The resources are those of Azure's SDKs for these clouds. */
  @ParameterizedTest
  @CsvSource({
    "mine.openai.azure.com, azure.com",
    "mine.openai.azure.us, azure.us",
    "mine.openai.azure.cn, azure.cn",
    "eastus.api.cognitive.microsoft.com, azure.com"
  })
  void a_token_is_for_the_cloud_of_the_endpoint(String host, String domain) throws Exception {
    environment.put("AZURE_TENANT_ID", "my-tenant");
    environment.put("AZURE_POD_IDENTITY_AUTHORITY_HOST", asking.stub.baseUrl());
    MintResult unused = ask(Cloud.AZURE, "https://" + host, true);
    assertThat(asking.stub.requests().getLast().uri())
        .endsWith("resource=https%3A%2F%2Fcognitiveservices." + domain);

    environment.put("AZURE_FEDERATED_TOKEN_FILE", file("token", "a.b.c"));
    environment.put("AZURE_AUTHORITY_HOST", asking.stub.baseUrl() + "/");
    MintResult unusedToo = ask(Cloud.AZURE, "https://" + host, true);
    assertThat(asking.stub.requests().getLast().text())
        .contains("scope=https%3A%2F%2Fcognitiveservices." + domain + "%2F.default&");
  }

  @ParameterizedTest
  @EnumSource(Cloud.class)
  void it_is_for_the_system_level_and_switched_on_by_the_operator_alone(Cloud cloud) {
    assertThat(
            failure(ask(cloud, endpoint(cloud), false), "identity", Cause.MISCONFIGURED).reason())
        .contains("Only system-level services");
    assertThat(
            failure(
                    ask(cloud, "https://x.cloudapp.azure.com", true),
                    "identity",
                    Cause.MISCONFIGURED)
                .reason())
        .contains("is not an address at which that cloud serves models");
    failure(
        ask(cloud, endpoint(cloud).replace("https", "http"), true),
        "identity",
        Cause.MISCONFIGURED);
    switchedOn.remove(cloud);
    assertThat(failure(ask(cloud), "identity", Cause.MISCONFIGURED).reason())
        .contains("CLAVIGER_AMBIENT does not name " + cloud.wireName());
    assertThat(asking.stub.requests()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "http://metadata.example.com/token, NOT_ALLOWED",
    "http://8.8.8.8/token, NOT_ALLOWED",
    "http://10.0.0.1/token, NOT_ALLOWED",
    "http://[2001:db8::1]/token, NOT_ALLOWED",
    "not a url, MISCONFIGURED",
    "file:///etc/passwd, MISCONFIGURED"
  })
  void nothing_far_away_is_asked(String endpoint, Cause cause) {
    environment.put("IDENTITY_ENDPOINT", endpoint);
    failure(ask(Cloud.AZURE), "identity", cause);
  }
}
